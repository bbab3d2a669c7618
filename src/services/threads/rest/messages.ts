import { createHash } from 'node:crypto';
import { RESTJSONErrorCodes, Routes } from 'discord-api-types/v10';
import type { Clock } from '../../../lib/clock.ts';
import { messageOf } from '../../../lib/errors.ts';
import type { ChannelId, MemberId, MessageId } from '../../../lib/ids.ts';
import { UndeliveredError } from '../../jobs/worker/announcer.ts';
import type { Body, File } from '../cards/body.ts';
import { createChannelBreaker } from './channel-breaker.ts';
import { DiscordAPIError, RateLimitError, type REST } from './discord-rest.ts';

export interface Message {
  readonly body: Partial<Body>;
  /** In an edit: absent keeps the files that are there, an empty list removes them. */
  readonly files?: readonly File[];
  /** The only person it may notify. */
  readonly mentions?: MemberId;
  /** Same nonce, same message: Discord drops the second one when a reply was lost and the call is repeated. */
  readonly nonce?: string;
}

/** What is read of a message that Discord has. */
export interface PostedMessage {
  readonly id: string;
  readonly attachments: readonly { readonly filename: string; readonly url: string }[];
}

/** The few message calls that a job needs, by ids alone: nothing of it depends on a cache or on an interaction. */
export interface Messages {
  send(channelId: ChannelId, message: Message, signal: AbortSignal): Promise<PostedMessage>;
  edit(at: MessageAt, message: Message, signal: AbortSignal): Promise<void>;
  /** A message that is gone already is as good as deleted. */
  remove(at: MessageAt, signal: AbortSignal): Promise<void>;
  /** Undefined when it was deleted. */
  fetch(at: MessageAt, signal: AbortSignal): Promise<PostedMessage | undefined>;
  /** The channel of one's direct messages with somebody. */
  direct(memberId: MemberId, signal: AbortSignal): Promise<ChannelId>;
}

export interface MessageAt {
  readonly channelId: ChannelId;
  readonly messageId: MessageId;
}

/**
 * A signal that aborts keeps a call from being made, but does not end one under way: it is over in a moment, what it
 * posted is then noted, and Node's fetch throws where it cannot be caught when it is aborted while a body arrives
 * (seen with Node 24.21).
 */
export function createMessages(rest: REST, clock: Pick<Clock, 'steady'>): Messages {
  const closed = createChannelBreaker(clock);
  const channels = {
    ask: <T>(kind: string, call: () => Promise<T>) => closed.ask(kind, () => call().catch(unlessJudged)),
  };
  const route = ({ channelId, messageId }: MessageAt) => Routes.channelMessage(channelId, messageId);
  return {
    // The REST client's types say `unknown`; the shape is Discord's documented one.
    send: async (channelId, message, signal) => {
      signal.throwIfAborted();
      const send = () => rest.post(Routes.channelMessages(channelId), payloadOf(message));
      return (await channels.ask(kindOf('send', channelId, message), send)) as PostedMessage;
    },
    edit: async (at, message, signal) => {
      signal.throwIfAborted();
      await channels.ask(kindOf('edit', at.channelId, message), () => rest.patch(route(at), payloadOf(message)));
    },
    remove: async (at, signal) => {
      signal.throwIfAborted();
      await channels.ask(`remove ${at.channelId}`, () => rest.delete(route(at)).catch(unlessGone));
    },
    fetch: async (at, signal) => {
      signal.throwIfAborted();
      const fetch = () => rest.get(route(at)).catch(unlessGone);
      return (await channels.ask(`fetch ${at.channelId}`, fetch)) as PostedMessage | undefined;
    },
    direct: async (memberId, signal) => {
      signal.throwIfAborted();
      const { id } = (await rest
        .post(Routes.userChannels(), { body: { recipient_id: memberId } })
        .catch(unlessJudged)) as { id: string };
      return id as ChannelId;
    },
  };
}

/** Files need a permission of their own: a channel that bears none may still bear words. */
function kindOf(what: 'send' | 'edit', channelId: ChannelId, { files = [] }: Message): string {
  return files.length > 0 ? `${what} files ${channelId}` : `${what} ${channelId}`;
}

/** A nonce for one thing of a job: at most 25 characters. */
export function nonceOf(...parts: readonly string[]): string {
  return digestOf(parts).slice(0, 24);
}

/** Tells whether what is shown has changed. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

export function isDiscordError(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof DiscordAPIError && codes.includes(Number(error.code));
}

/** Discord has judged the call and will not do it; whatever else went wrong may go better later. */
export function isRefusal(error: unknown): error is DiscordAPIError {
  return error instanceof DiscordAPIError && error.status >= 400 && error.status < 500;
}

function unlessJudged(error: unknown): never {
  if (isRefusal(error) || error instanceof RateLimitError) throw error;
  throw new UndeliveredError(`Cannot reach Discord: ${messageOf(error)}`, { cause: error });
}

function unlessGone(error: unknown): undefined {
  if (!isDiscordError(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
  return undefined;
}

function payloadOf({ body, files, mentions, nonce }: Message) {
  const attachments = files?.map(({ name, altText }, id) => ({
    id: String(id),
    filename: name,
    description: altText,
  }));
  return {
    body: {
      ...body,
      allowed_mentions: { parse: [], ...(mentions && { users: [mentions] }) },
      ...(attachments && { attachments }),
      ...(nonce !== undefined && { nonce, enforce_nonce: true }),
    },
    ...(files && { files: files.map(({ name, data, contentType }) => ({ name, data, contentType })) }),
  };
}
