import { MessageReferenceType, Routes, type APIMessage } from 'discord-api-types/v10';
import type { Clock } from '../../../lib/clock.ts';
import type { ChannelId, MemberId, MessageId } from '../../../lib/ids.ts';
import type { REST } from './discord-rest.ts';
import type { MessageAt } from './messages.ts';

/**
 * Finds out who wrote what somebody forwards: a forward is a copy that does not say. Undefined when Discord does not tell: the
 * bot cannot read that place, the message was deleted, or no answer came in time. Never rejects.
 */
export type FindAuthor = (at: MessageAt, signal: AbortSignal) => Promise<MemberId | undefined>;

export interface FindAuthorDeps {
  readonly rest: Pick<REST, 'get'>;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** A modal must be shown within three seconds of the command, and only after this. */
const patienceMs = 1200;

export function createFindAuthor({ rest, clock }: FindAuthorDeps): FindAuthor {
  // Not ended while under way, for the reason that messages.ts gives; one that comes late is not followed any further.
  const find = async ({ channelId, messageId }: MessageAt, signal: AbortSignal): Promise<MemberId | undefined> => {
    if (signal.aborted) return undefined;
    const path = Routes.channelMessage(channelId, messageId);
    const message = await rest.get(path).catch(() => undefined);
    return message === undefined ? undefined : authorOf(message as APIMessage, signal);
  };

  /** A forward can be forwarded: what counts is who wrote the first of them that Discord shows. */
  const authorOf = async ({ author, message_reference: reference }: APIMessage, signal: AbortSignal) => {
    const isForward = reference?.type === MessageReferenceType.Forward && reference.message_id !== undefined;
    const first = isForward
      ? await find(
          { channelId: reference.channel_id as ChannelId, messageId: reference.message_id as MessageId },
          signal,
        )
      : undefined;
    return first ?? (author.id as MemberId);
  };

  return async (at, signal) => {
    const done = new AbortController();
    const over = AbortSignal.any([signal, done.signal]);
    const late = clock.sleep(patienceMs, over).then(() => undefined);
    return Promise.race([find(at, over), late]).finally(() => {
      done.abort();
    });
  };
}
