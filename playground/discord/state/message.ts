import type { Component } from '../rules/component.ts';
import type { Embed } from '../rules/embed.ts';
import type { Snowflake } from '../snowflake.ts';

export interface Attachment {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Follows the name, as at Discord: unknown endings have none. */
  readonly contentType: string | undefined;
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly description: string | undefined;
  /** A file of a command option or a modal: it belongs to no message. */
  readonly isEphemeral: boolean;
}

/** What a message said at one time. */
export interface MessageVersion {
  readonly at: number;
  readonly content: string;
  readonly embeds: readonly Embed[];
  readonly components: readonly Component[];
  readonly attachments: readonly Attachment[];
}

/** Another message as it read when it was forwarded: a copy, which stays when the original goes. It does not say who wrote it. */
export interface Snapshot {
  readonly messageId: Snowflake;
  readonly channelId: Snowflake;
  readonly guildId: Snowflake;
  readonly createdAt: number;
  readonly version: MessageVersion;
}

export interface Message {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly author: { readonly id: Snowflake; readonly name: string };
  readonly createdAt: number;
  /** Set when only this member sees the message. */
  readonly ephemeralFor: Snowflake | undefined;
  readonly interactionId: Snowflake | undefined;
  readonly nonce: string | undefined;
  readonly repliesTo: Snowflake | undefined;
  /** Set when it forwards another message: then it says nothing itself. */
  readonly forwarded: Snapshot | undefined;
  /** The members who got a notification when it was sent. Edits notify nobody. */
  readonly notified: readonly Snowflake[];
  /** The members it mentions by its present text. */
  mentions: readonly Snowflake[];
  content: string;
  embeds: readonly Embed[];
  components: readonly Component[];
  attachments: readonly Attachment[];
  flags: number;
  editedAt: number | undefined;
  /** As it was sent, and after each edit; the last one is what it says today. */
  versions: readonly MessageVersion[];
  isDeleted: boolean;
}

export const messageFlags = { ephemeral: 64, loading: 128, hasSnapshot: 1 << 14, componentsV2: 1 << 15 } as const;

export function isLoading(message: Message): boolean {
  return (message.flags & messageFlags.loading) !== 0;
}

export function isComponentsV2(flags: number): boolean {
  return (flags & messageFlags.componentsV2) !== 0;
}
