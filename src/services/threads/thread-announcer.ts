import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Clock } from '../../lib/clock.ts';
import type { MessageId } from '../../lib/ids.ts';
import type { Log } from '../../lib/logger.ts';
import type { Review } from '../jobs/review/review.ts';
import { isRecropping } from '../jobs/state/crops.ts';
import { isIn, photographerOf, type Job, type Told } from '../jobs/state/job.ts';
import { UndeliveredError, type Announcer } from '../jobs/worker/announcer.ts';
import type { Darkroom } from '../photos/photo.ts';
import type { Body } from './cards/body.ts';
import { cardOf } from './cards/card.ts';
import { dueNews } from './cards/news.ts';
import { notShownKey } from './cards/not-shown.ts';
import { sheetAltText, sheetContents, sheetText, tilesOf } from './cards/sheet-message.ts';
import { tellNotShown, whyNotShown } from './not-shown-notice.ts';
import { channelFor, placeAfter, placeIsGone, threadOf } from './places.ts';
import { isVague } from './rest/discord-answer.ts';
import { RateLimitError } from './rest/discord-rest.ts';
import {
  digestOf,
  isDiscordError,
  isRefusal,
  nonceOf,
  type Message,
  type MessageAt,
  type Messages,
} from './rest/messages.ts';

export interface ThreadAnnouncerDeps {
  readonly messages: Messages;
  readonly darkroom: Pick<Darkroom, 'for'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Discord limits edits of messages that are over an hour old, for the whole channel: a new card comes before. */
const cardLastsMs = 55 * 60 * 1000;

const pictureIsRefused = [
  RESTJSONErrorCodes.InvalidFormBodyOrContentType,
  RESTJSONErrorCodes.MessageBlockedByHarmfulLinksFilter,
];

/** One go at telling a job. */
interface Telling {
  readonly job: Job;
  readonly review: Review;
  readonly mark: (change: Partial<Told>) => Promise<void>;
  readonly signal: AbortSignal;
}

export function createThreadAnnouncer(deps: ThreadAnnouncerDeps): Announcer {
  return {
    tell: (job, review, mark, signal) => tell({ job, review, mark, signal }, deps).catch(asUnheard),

    postCrops: async (job, crops, signal) => {
      const files = crops.map(({ name, png }) => ({
        name,
        data: png,
        contentType: 'image/png',
        altText: `One of the crops that are sent, ${name}`,
      }));
      const body = { content: 'These crops are sent to ModelsLab, which downloads them from here.' };
      const nonce = nonceOf(job.id, ...crops.map(({ name }) => name));
      const message = await deps.messages.send(threadOf(job), { body, files, nonce }, signal).catch(asUnheard);
      return { messageId: message.id as MessageId, links: linksIn(message.attachments) };
    },

    cropLinks: async (job, signal) => {
      const channelId = threadOf(job);
      const found = await Promise.all(
        job.told.cropIds.map((messageId) => deps.messages.fetch({ channelId, messageId }, signal)),
      ).catch(asUnheard);
      return new Map(found.flatMap((message) => [...linksIn(message?.attachments ?? [])]));
    },
  };
}

/** Neither a limit that is waited for no longer nor a refusal that names nothing judges: they often end with Discord's trouble. */
function asUnheard(error: unknown): never {
  if (error instanceof RateLimitError)
    throw new UndeliveredError('Discord wants to be left alone', { cause: error, retryAfterMs: error.retryAfter });
  if (isRefusal(error) && isVague(error.status, error.code))
    throw new UndeliveredError(`Discord refuses without a reason: ${error.message}`, { cause: error });
  throw error;
}

/** A place that is gone is left for good: the calls that it refuses count towards Discord's ban. */
async function tell(telling: Telling, deps: ThreadAnnouncerDeps): Promise<void> {
  const { job, mark, signal } = telling;
  const { place } = job.told;
  if (isIn(job, 'draft')) {
    await tellDraft(telling, deps);
    return;
  }
  try {
    if (place === 'thread') await tellInThread(telling, deps);
    else if (place !== 'nowhere') await postNews(telling, deps);
  } catch (error) {
    signal.throwIfAborted();
    const told = { ...job.told, place: placeAfter(job.told) };
    const isGone = isDiscordError(error, ...placeIsGone);
    if (!isGone && (!isHeldUp(telling, error) || told.place === 'nowhere')) throw error;
    const next = told.place === 'nowhere' ? 'only /status tells it' : 'trying the next one';
    deps.log.warn({ err: error, jobId: job.id, place }, `a job cannot be told in its place any more: ${next}`);
    await mark({ place: told.place });
    await tell({ ...telling, job: { ...job, told } }, deps);
  }
}

/** About a minute. */
const triesBeforeNext = 5;

/** What the owner waits to hear does not wait for a place whose refusals, for whatever reason, do not end. */
function isHeldUp({ job, review }: Telling, error: unknown): boolean {
  const isJudged = isRefusal(error) && !isVague(error.status, error.code);
  return isJudged && job.told.failures >= triesBeforeNext && dueNews(job, review) !== undefined;
}

/**
 * Sheet and card are of use in the thread alone: where that takes nothing the owner hears so elsewhere, once, and the thread
 * is tried again, as often as any telling that failed, until it takes them or the draft is over.
 */
async function tellDraft(telling: Telling, deps: ThreadAnnouncerDeps): Promise<void> {
  const { job, mark, signal } = telling;
  try {
    const told = { ...job.told, place: 'thread' as const };
    await tellInThread({ ...telling, job: { ...job, told } }, deps);
  } catch (error) {
    signal.throwIfAborted();
    const why = whyNotShown(error);
    if (why) await tellNotShown(job, why, { ...deps, mark }, signal);
    throw error;
  }
  const { place, news } = job.told;
  const wasHidden = place !== 'thread' || news.includes(notShownKey);
  if (wasHidden) await mark({ place: 'thread', news: news.filter((key) => key !== notShownKey) });
}

/** Before the thread is open there is no place to tell it. */
async function tellInThread(telling: Telling, deps: ThreadAnnouncerDeps): Promise<void> {
  if (telling.job.told.threadId === undefined) return;
  // Crops that are about to be cut anew are not what is sent: until they are, the sheet stays as it is.
  const isStale = isRecropping(telling.job) && telling.job.pending.length === 0;
  if (isIn(telling.job, 'draft') && !isStale) await showSheet(telling, deps);
  // Until the first photos are looked at, the sheet's message alone says so: the card then stands below it.
  if (telling.job.told.cardId !== undefined || telling.job.pending.length === 0) await showCard(telling, deps);
  await postNews(telling, deps);
}

async function showSheet({ job, review, mark, signal }: Telling, deps: ThreadAnnouncerDeps): Promise<void> {
  const digest = digestOf(sheetContents(job, review));
  if (job.told.sheet === digest) return;
  const file = async () => ({
    name: `contact-sheet-${digest.slice(0, 6)}.jpg`,
    data: await deps.darkroom.for(photographerOf(job)).contactSheet(tilesOf(review.photos), signal),
    contentType: 'image/jpeg',
    altText: sheetAltText(review.photos),
  });
  const message = {
    body: { content: sheetText(job, review) },
    mentions: job.ownerId,
    // Until the photos that were added are looked at, the picture from before stays.
    ...(job.pending.length === 0 && { files: review.photos.length > 0 ? [await file()] : [] }),
  };
  const sheetId = await editOrSend(job, job.told.sheetId, message, { deps, signal });
  await mark({ sheetId, sheet: digest });
}

async function showCard({ job, review, mark, signal }: Telling, deps: ThreadAnnouncerDeps): Promise<void> {
  const body = cardOf(job, review);
  const card = digestOf(body);
  if (job.told.card === card) return;
  const { cardId, cardAt = 0 } = job.told;
  const now = deps.clock.now();
  const isOld = now - cardAt > cardLastsMs;
  const shown = await editOrSend(job, isOld ? undefined : cardId, { body }, { deps, signal });
  await mark({ card, ...(shown !== cardId && { cardId: shown, cardAt: now }) });
  const old = shown === cardId ? undefined : cardId;
  if (old) await deps.messages.remove({ channelId: threadOf(job), messageId: old }, signal);
}

async function postNews(telling: Telling, deps: ThreadAnnouncerDeps): Promise<void> {
  const { job, review, mark, signal } = telling;
  const news = dueNews(job, review);
  if (!news) return;
  const channelId = await channelFor(job, deps.messages, signal);
  const placed = (body: Body) => (job.told.place === 'dm' ? withoutButtons(body) : body);
  const message = { body: placed(news.body), mentions: job.ownerId, nonce: nonceOf(job.id, news.key) };
  await deps.messages.send(channelId, message, signal).catch(async (error: unknown) => {
    // The sample picture's address is the provider's: one that Discord refuses must not hide that the model is ready.
    if (!isDiscordError(error, ...pictureIsRefused)) throw error;
    await deps.messages.send(
      channelId,
      { ...message, body: placed(news.withoutPictures ?? withoutPictures(news.body)) },
      signal,
    );
  });
  const told = { ...job.told, news: [...job.told.news, news.key] };
  await mark({ news: told.news });
  await postNews({ ...telling, job: { ...job, told } }, deps); // Until nothing is due any more.
}

/** Buttons work in the server only: in a direct message the text has to do. */
function withoutButtons(body: Body): Body {
  const hint =
    body.components.length === 0
      ? ''
      : ' Use /status in the server to go on; if I was removed from it, an admin has to invite me again first.';
  return { ...body, content: `${body.content}${hint}`, components: [] };
}

function withoutPictures(body: Body): Body {
  return { ...body, embeds: body.embeds.map(({ image, ...embed }) => embed) };
}

/** A message that was deleted, that bears no more edits, or that only waking an archived thread reaches, is posted anew. */
async function editOrSend(
  job: Job,
  messageId: MessageId | undefined,
  message: Message,
  { deps, signal }: { deps: ThreadAnnouncerDeps; signal: AbortSignal },
): Promise<MessageId> {
  const channelId = threadOf(job);
  if (messageId !== undefined && (await edited({ channelId, messageId }, message, deps.messages, signal)))
    return messageId;
  // The message that it replaces is part of it: what was deleted and is posted once more is another message.
  const nonce = nonceOf(job.id, messageId ?? 'first', digestOf(message.body), ...fileNames(message));
  const sent = await deps.messages.send(channelId, { ...message, nonce }, signal);
  return sent.id as MessageId;
}

async function edited(at: MessageAt, message: Message, messages: Messages, signal: AbortSignal): Promise<boolean> {
  try {
    await messages.edit(at, message, signal);
    return true;
  } catch (error) {
    // Edits of messages that are over an hour old are limited for the whole channel, and for longer than anybody waits.
    if (error instanceof RateLimitError) return false;
    if (isDiscordError(error, RESTJSONErrorCodes.UnknownMessage, RESTJSONErrorCodes.InvalidActionOnArchivedThread))
      return false;
    throw error;
  }
}

function fileNames({ files = [] }: Message): readonly string[] {
  return files.map(({ name }) => name);
}

function linksIn(attachments: readonly { filename: string; url: string }[]): Map<string, string> {
  return new Map(attachments.map(({ filename, url }) => [filename, url]));
}
