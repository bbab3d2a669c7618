import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Log } from '../../lib/logger.ts';
import type { Job, Told } from '../jobs/state/job.ts';
import { notShown, notShownKey, type NotShown } from './cards/not-shown.ts';
import { channelFor, placeAfter, placeIsGone } from './places.ts';
import { RateLimitError } from './rest/discord-rest.ts';
import { isDiscordError, isRefusal, nonceOf, type Messages } from './rest/messages.ts';

/** What is over sooner needs no message that notifies somebody. */
const worthTellingMs = 60_000;

/** Why the thread takes nothing; undefined when Discord has not judged, or lets it through in a moment. */
export function whyNotShown(error: unknown): NotShown | undefined {
  if (isDiscordError(error, ...placeIsGone)) return { kind: 'closed' };
  if (isDiscordError(error, RESTJSONErrorCodes.ExplicitContentCannotBeSentToTheDesiredRecipient))
    return { kind: 'pictures' };
  if (isRefusal(error)) return { kind: 'refused', said: error.message.slice(0, 300) };
  if (error instanceof RateLimitError && !error.global && error.retryAfter > worthTellingMs)
    return { kind: 'limited', forMs: error.retryAfter };
  return undefined;
}

export interface NotShownDeps {
  readonly messages: Messages;
  readonly mark: (change: Partial<Told>) => Promise<void>;
  readonly log: Log;
}

/** Tells the owner, once, in the first of the places after the thread that takes it. */
export async function tellNotShown(
  job: Job,
  why: NotShown,
  { messages, mark, log }: NotShownDeps,
  signal: AbortSignal,
): Promise<void> {
  if (job.told.news.includes(notShownKey)) return;
  let isForGood = true;
  let place = placeAfter({ ...job.told, place: 'thread' });
  for (; place !== 'nowhere'; place = placeAfter({ ...job.told, place })) {
    const refusal = await send({ ...job, told: { ...job.told, place } }, why, messages, signal);
    if (!refusal) break;
    isForGood &&= isDiscordError(refusal, ...placeIsGone);
  }
  // One of them may take it later: the next try of the thread tries them as well.
  if (place === 'nowhere' && !isForGood) return;
  log.warn(
    { jobId: job.id, place },
    'an order cannot be shown in its thread: its owner is told, and it is tried again',
  );
  await mark({ news: [...job.told.news, notShownKey] });
}

/** Resolves to why Discord did not take it. */
async function send(job: Job, why: NotShown, messages: Messages, signal: AbortSignal): Promise<Error | undefined> {
  try {
    const nonce = nonceOf(job.id, notShownKey, String(job.told.threadId));
    const message = { body: notShown(job, why), mentions: job.ownerId, nonce };
    await messages.send(await channelFor(job, messages, signal), message, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (isRefusal(error) || error instanceof RateLimitError) return error;
    throw error;
  }
}
