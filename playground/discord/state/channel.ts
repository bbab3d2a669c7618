import type { Snowflake } from '../snowflake.ts';

/** What a role or a member may do differently in one channel. */
export interface Overwrite {
  readonly id: Snowflake;
  readonly kind: 'role' | 'member';
  allow: bigint;
  deny: bigint;
}

interface ChannelBase {
  readonly id: Snowflake;
  isDeleted: boolean;
  lastMessageId: Snowflake | undefined;
}

/** Announcement channels bear threads of their own type; forums bear posts alone, which are threads. */
export type ChannelForm = 'text' | 'announcement' | 'forum';

/** A channel of a server that is not a thread. */
export interface TextChannel extends ChannelBase {
  readonly kind: 'text';
  readonly form: ChannelForm;
  readonly guildId: Snowflake;
  name: string;
  readonly overwrites: Overwrite[];
}

export interface Thread extends ChannelBase {
  readonly kind: 'thread';
  readonly guildId: Snowflake;
  readonly parentId: Snowflake;
  readonly ownerId: Snowflake;
  readonly createdAt: number;
  readonly isPrivate: boolean;
  readonly memberIds: Set<Snowflake>;
  name: string;
  autoArchiveMinutes: number;
  isLocked: boolean;
  /** Set by hand. A thread is also archived once nothing was *sent* in it for `autoArchiveMinutes`: see `isArchived`. */
  wasArchived: boolean;
  archiveChangedAt: number;
  lastActivityAt: number;
}

export interface DirectChannel extends ChannelBase {
  readonly kind: 'direct';
  readonly recipientId: Snowflake;
  /** They take no messages from the bot. */
  isRefused: boolean;
}

export type GuildChannel = TextChannel | Thread;
export type Channel = GuildChannel | DirectChannel;

export function isArchived(thread: Thread, now: number): boolean {
  return thread.wasArchived || now - thread.lastActivityAt > thread.autoArchiveMinutes * 60_000;
}

export function isGuildChannel(channel: Channel): channel is GuildChannel {
  return channel.kind !== 'direct';
}
