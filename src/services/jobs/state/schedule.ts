import { backoffMs } from '../../../lib/backoff.ts';
import { methods } from '../../modelslab/methods.ts';
import { canPrepare } from './crops.ts';
import { begunAt, hasArrived, isIn, type Job, type JobIn } from './job.ts';
import { nextRoundAt } from './picture-round.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A draft that is not touched is discarded after this time. */
export const draftSilenceMs = hour;
/** How long the photos of a failed job are kept for Try again. */
export const retryKeepsPhotosMs = 24 * hour;
/** An order that could not be sent for so long is given up: nothing was charged. */
export const giveUpSendingMs = 24 * hour;
/** While an order may or may not have arrived, no other of the server is sent: after this long a person is asked. */
export const giveUpFindingMs = hour;
/** A question unanswered for so long counts as answered by Drop, and the photos are erased. */
const giveUpAskingMs = 7 * 24 * hour;
/** An order in the line is looked at this often at the least, however far back it stands. */
export const longestInQueueMs = minute;
/** A training is overdue this long after its usual time, and its owner is told. */
const patienceMs = 15 * minute;

export interface Rhythm {
  /** The shortest time between two status calls of one training (`POLL_SECONDS`). */
  readonly pollMs: number;
  readonly random: () => number;
}

/** How long trainings of a method took before: a range that most of them fell into. */
export interface UsualTime {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Moment {
  readonly now: number;
  readonly rhythm: Rhythm;
  readonly usual: UsualTime | undefined;
}

/** Pure: when a job must be looked at again, given what it is now; null is never (until a person does something). */
export function scheduledAt(job: Job, moment: Moment): number | null {
  const { now, rhythm } = moment;
  switch (job.phase.state) {
    case 'draft':
      return canPrepare(job) ? Math.max(now, job.delay?.lookAt ?? now) : job.touchedAt + draftSilenceMs;
    case 'queued':
      return isIn(job, 'queued') ? Math.max(now + holdMs(job, rhythm), job.quietUntil ?? now) : now;
    case 'sending': // Only left behind by a crash: whoever finds it after the lease has run out takes it up.
      return now;
    case 'unknown':
      return isIn(job, 'unknown') ? Math.max(searchAt(job, rhythm), now + callAgainMs(job, rhythm)) : now;
    case 'training':
      return now + (isIn(job, 'training') ? trainingMs(job, moment) : 0);
    case 'failed':
      return (job.endedAt ?? now) + retryKeepsPhotosMs;
    case 'ready':
    case 'deleted':
      return job.pictures ? nextRoundAt(job.pictures, now) : null;
    case 'asking':
      return isIn(job, 'asking') ? droppedAt(job) : null;
    case 'cancelled':
    case 'discarded':
      return null;
  }
}

/** When an order whose question stays unanswered is dropped; null for those of older versions. */
export function droppedAt({ phase: { askedAt } }: JobIn<'asking'>): number | null {
  return askedAt === undefined ? null : askedAt + giveUpAskingMs;
}

/** From when on a running training counts as overdue. */
export function overdueAt(job: Job, usual: UsualTime | undefined): number {
  const usualMs = usual?.toMs ?? methods[job.order.method].usualMinutes * minute;
  return begunAt(job) + usualMs + patienceMs;
}

/** The range that the middle four fifths of earlier trainings fell into; none before there were three. */
export function usualTime(durationsMs: readonly number[]): UsualTime | undefined {
  if (durationsMs.length < 3) return undefined;
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { fromMs: at(0.1), toMs: at(0.9) };
}

function holdMs(job: JobIn<'queued'>, rhythm: Rhythm): number {
  const soonMs = Math.min(rhythm.pollMs, 2 * second);
  switch (job.phase.hold) {
    case undefined:
      return 0;
    case 'another-first':
      return soonMs;
    case 'in-line': // The next goes soon after a slot has become free; hundreds behind it are nearly free of cost.
      return Math.min(longestInQueueMs, soonMs * (job.phase.line?.place ?? 1));
    case 'list-lags':
      return backoffMs({ baseMs: soonMs, maxMs: minute }, job.trouble, rhythm.random);
    case 'provider-busy':
      return backoffMs({ baseMs: busyMs(rhythm), maxMs: 5 * minute }, job.trouble, rhythm.random);
    case 'provider-silent':
      return troubleMs(job, rhythm);
  }
}

/** How long a provider that is full is left alone when it does not say how long. */
export function busyMs({ pollMs }: Rhythm): number {
  return Math.min(pollMs, 30 * second);
}

/** Before this, looking for a training that may have arrived proves nothing, whatever else the job is looked at for. */
export function searchAt(job: JobIn<'unknown'>, rhythm: Rhythm): number {
  const { looks, lookedAt } = job.phase;
  // The provider has named it: nothing has to turn up any more.
  if (job.webhook?.named !== undefined && looks === 0) return lookedAt;
  // Of an order that is known to have arrived no look proves the contrary, however late: it is looked for at one pace.
  const usual = lookedAt + listLagMs(hasArrived(job) ? 0 : looks, rhythm);
  const over = mayTurnUpUntil(job);
  return lookedAt < over ? Math.min(usual, over) : usual;
}

/** When to look at a job that the provider called about: sooner than planned, never sooner than it may be asked. */
export function dueAfterCall(job: Job, now: number, rhythm: Rhythm): number | null {
  if (job.nextAt === null || job.trouble > 0) return job.nextAt;
  if (isIn(job, 'training')) return Math.min(job.nextAt, askAgainAt(job, now, rhythm));
  return isIn(job, 'unknown') ? Math.min(job.nextAt, searchAt(job, rhythm)) : job.nextAt;
}

/** The earliest time for the next status call of a training. An answer from the future is from before the clock was set back. */
export function askAgainAt({ phase, quietUntil = 0 }: JobIn<'training'>, now: number, { pollMs }: Rhythm): number {
  const { askedAt } = phase;
  return Math.max(quietUntil, askedAt === undefined || askedAt > now ? now : askedAt + pollMs);
}

function callAgainMs(job: Job, rhythm: Rhythm): number {
  return job.trouble > 0 ? troubleMs(job, rhythm) : 0;
}

function troubleMs(job: Job, rhythm: Rhythm): number {
  return backoffMs({ baseMs: rhythm.pollMs, maxMs: 5 * minute }, job.trouble, rhythm.random);
}

/**
 * How long after it was sent a training must be in a list that was seen to show others so long after they were sent. The list
 * lags by an unknown time: ten times `POLL_SECONDS` are a floor, and the time that `mayTurnUpUntil` allows.
 */
export function absentAfterMs(shownAfterMs: number, { pollMs }: Rhythm): number {
  return Math.max(turnsUpMs, 10 * pollMs, shownAfterMs);
}

/**
 * Until then a request may still turn up that has left no trace: a gateway in front of the provider may hold it for half a
 * minute and carry it out after its client is gone. No setting lowers this, and waiting costs nothing but time.
 */
export function mayTurnUpUntil(job: JobIn<'unknown'>): number {
  return leftAt(job) + turnsUpMs;
}

/** The intent is from before a wait for a locked database, and the clock may have been set meanwhile. */
export function leftAt({ phase, sentAt = 0 }: JobIn<'unknown'>): number {
  return Math.max(phase.intent.at, sentAt);
}

const turnsUpMs = 45 * second;

/**
 * How long to wait before looking for a training that may have arrived. The provider's list lags by an unknown time, so
 * the second look, after which the order may be sent again, comes late; both have a floor that no setting lowers.
 */
function listLagMs(looks: number, { pollMs }: Rhythm): number {
  return looks === 0 ? Math.max(5 * second, 2 * pollMs) : Math.max(20 * second, 10 * pollMs);
}

function trainingMs(job: JobIn<'training'>, moment: Moment): number {
  const { rhythm } = moment;
  if (job.trouble > 0) return troubleMs(job, rhythm);
  // One that is not found while it is being cancelled may only be too new to be shown.
  if (job.cancelAskedAt !== undefined && job.phase.misses === 0) return 0;
  if (job.webhook?.called) return Math.max(0, askAgainAt(job, moment.now, rhythm) - moment.now);
  const jitter = 1 + rhythm.random() / 5;
  return Math.round(rhythm.pollMs * stretch(job, moment) * jitter);
}

/** 1 when something is about to change, up to 4 in the long middle of a stage. */
function stretch(job: JobIn<'training'>, { now, rhythm, usual }: Moment): number {
  const runningMs = now - begunAt(job);
  const endIsNear = usual !== undefined && runningMs > usual.fromMs * 0.9 && runningMs < usual.toMs * 1.1;
  if (endIsNear) return 1;
  const onThisStageMs = now - job.phase.stageAt;
  return Math.min(4, Math.max(1, onThisStageMs / (5 * rhythm.pollMs)));
}
