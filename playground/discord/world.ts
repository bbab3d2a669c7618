import { randomBytes } from 'node:crypto';
import type { ChangeLog } from './changes.ts';
import { createChanges } from './changes.ts';
import type { Clock } from './clock.ts';
import { refuse } from './errors.ts';
import type { Snowflake } from './snowflake.ts';
import { createSnowflakes } from './snowflake.ts';
import type { Channel, Thread } from './state/channel.ts';
import type { Command } from './state/command.ts';
import type { Guild, User } from './state/guild.ts';
import type { Interaction } from './state/interaction.ts';
import type { Attachment, Message } from './state/message.ts';
import type { Violation } from './violations.ts';

export interface Limits {
  /** For one file; the bot reads it from each interaction. */
  readonly attachmentBytes: number;
  readonly requestBytes: number;
  /** How long a CDN link works. */
  readonly linkMs: number;
  /** Edits of messages older than an hour that one channel bears per hour. Discord publishes no number. */
  readonly oldEditsPerHour: number;
  /** How often a client must show that it lives, and be told that it is heard. */
  readonly heartbeatMs: number;
  /** How long a bot may take for its first answer. */
  readonly firstAnswerMs: number;
}

export const discordLimits: Limits = {
  attachmentBytes: 20 * 1024 * 1024,
  requestBytes: 25 * 1024 * 1024,
  linkMs: 24 * 3_600_000,
  oldEditsPerHour: 5,
  heartbeatMs: 41_250,
  firstAnswerMs: 3000,
};

/** All that exists at this Discord. The records are changed only by `actions/`, which also tell `changes`. */
export interface World {
  readonly clock: Clock;
  readonly newId: () => Snowflake;
  readonly changes: ChangeLog;
  readonly limits: Limits;
  /** A fresh signed link: it ends with `limits.linkMs`. */
  readonly linkTo: (attachment: Attachment) => string;
  readonly bot: User;
  /** The one that is accepted. */
  botToken: string;
  /** How often the bot may still identify, and after how many milliseconds it may again. */
  sessionStarts: { readonly remaining: number; readonly reset_after: number };
  readonly users: Map<Snowflake, User>;
  readonly guilds: Map<Snowflake, Guild>;
  readonly channels: Map<Snowflake, Channel>;
  /** By channel, oldest first. */
  readonly messages: Map<Snowflake, Message[]>;
  /** Files of command options and modals: on the CDN, in no message. */
  readonly looseFiles: Attachment[];
  readonly interactions: Map<Snowflake, Interaction>;
  readonly violations: Violation[];
  /** When messages older than an hour were edited, by channel. */
  readonly oldEdits: Map<Snowflake, number[]>;
  commands: readonly Command[];
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly linkTo: World['linkTo'];
  readonly applicationId?: Snowflake | undefined;
  readonly botToken?: string | undefined;
}

export function createWorld({ clock, limits, linkTo, applicationId, botToken }: WorldOptions): World {
  const newId = createSnowflakes(clock);
  // As at Discord, an application and its bot share one id.
  const bot: User = { id: applicationId ?? newId(), name: 'Darkroom', isBot: true, locale: 'en-US' };
  return {
    clock,
    newId,
    changes: createChanges(() => clock.now()),
    limits,
    linkTo,
    bot,
    botToken: botToken ?? newBotToken(bot.id),
    sessionStarts: { remaining: 999, reset_after: 86_400_000 },
    users: new Map([[bot.id, bot]]),
    guilds: new Map(),
    channels: new Map(),
    messages: new Map(),
    looseFiles: [],
    interactions: new Map(),
    violations: [],
    oldEdits: new Map(),
    commands: [],
  };
}

/** The form of a real token: clients check its three parts, and log scrubbers look for them. */
export function newBotToken(botId: Snowflake): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64url');
  return `${Buffer.from(botId).toString('base64url')}.${part(4)}.${part(28)}`;
}

export function getGuild(world: World, id: Snowflake): Guild {
  return world.guilds.get(id) ?? refuse('unknownGuild', `no guild ${id}`);
}

export function getChannel(world: World, id: Snowflake): Channel {
  const channel = world.channels.get(id);
  return channel && !channel.isDeleted ? channel : refuse('unknownChannel', `no channel ${id}`);
}

export function getMessage(world: World, { channelId, id }: Pick<Message, 'channelId' | 'id'>): Message {
  const message = world.messages.get(channelId)?.find((one) => one.id === id);
  return message && !message.isDeleted ? message : refuse('unknownMessage', `no message ${id} in channel ${channelId}`);
}

export function getUser(world: World, id: Snowflake): User {
  return world.users.get(id) ?? refuse('unknownUser', `no user ${id}`);
}

/** What was sent in a channel and is still there, oldest first; with the ephemeral messages of `seenBy`, and of nobody else. */
export function messagesIn(world: World, channelId: Snowflake, seenBy?: Snowflake): Message[] {
  const isShown = ({ ephemeralFor }: Message) => ephemeralFor === undefined || ephemeralFor === seenBy;
  return (world.messages.get(channelId) ?? []).filter((one) => !one.isDeleted && isShown(one));
}

export function threadsOf(world: World, channelId: Snowflake): Thread[] {
  return [...world.channels.values()].filter(
    (channel): channel is Thread => channel.kind === 'thread' && channel.parentId === channelId && !channel.isDeleted,
  );
}

export function recordViolation(world: World, violation: Omit<Violation, 'at'>): void {
  const recorded = { at: world.clock.now(), ...violation };
  world.violations.push(recorded);
  world.changes.record({ type: 'violation', violation: recorded });
}
