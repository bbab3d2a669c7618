import { backoffMs } from '../../../lib/backoff.ts';
import type { JobId } from '../../../lib/ids.ts';
import { cross } from '../crash-points.ts';
import { advance } from '../state/advance.ts';
import { canPrepare } from '../state/crops.ts';
import { hasEnded, isIn, type Job, type JobIn } from '../state/job.ts';
import { isAt, type PictureRound } from '../state/picture-round.ts';
import { draftSilenceMs, droppedAt, giveUpSendingMs, retryKeepsPhotosMs, scheduledAt } from '../state/schedule.ts';
import type { Change } from '../store/rows.ts';
import { UndeliveredError } from './announcer.ts';
import { checkWallet } from './check-wallet.ts';
import { checkEarlierCalls } from './earlier-calls.ts';
import { follow } from './follow.ts';
import { draw } from './pictures/draw.ts';
import { prepare } from './prepare.ts';
import { settle } from './submit/settle.ts';
import { submit } from './submit/submit.ts';
import type { WorkerContext } from './worker-context.ts';

/** What could not be told is tried again at least this often. */
const longestUntoldMs = 15 * 60_000;

/** Somebody who moves a crop has paused after this long. */
const adjustingPauseMs = 1500;

/**
 * One step of one job: does what is due for it, tells it, and says when to look again. A job that cannot be moved on is put off,
 * and told as it is. Rejects only when not even that can be stored.
 */
export async function runStep(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  try {
    await work(job, deps, signal);
    await tellAndSchedule(job.id, deps, signal);
  } catch (error) {
    if (signal.aborted) return; // Stopping: the next start goes on from what is stored.
    deps.log.error({ err: error, jobId: job.id, state: job.phase.state }, 'a job could not be moved on, trying again');
    const stuck = await postpone(job.id, error instanceof UndeliveredError, deps);
    if (stuck) await tell(stuck.after, deps, signal); // Its owner hears when it takes too long, whatever the reason.
  }
}

async function work(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  await checkEarlierCalls(job, deps, signal);
  if (isIn(job, 'draft')) await workOnDraft(job, deps, signal);
  else if (isIn(job, 'queued')) {
    // The buttons of the order must be gone before the provider takes its time; why it is held has been told.
    if (job.phase.hold === undefined) await tell(job, deps, signal);
    await submit(job, deps, signal);
  } else if (isIn(job, 'sending')) {
    // The lease has run out: no process waits for its verdict any more.
    await deps.jobs.update(job.id, (now) => advance(now, { type: 'no-verdict' }, deps.clock.now()));
  } else if (isIn(job, 'unknown')) await settle(job, deps, signal);
  else if (isIn(job, 'asking')) await giveUpAsking(job, deps);
  else if (isIn(job, 'training')) await follow(job, deps, signal);
  else if (isIn(job, 'ready', 'deleted') && job.pictures) await workOnPictures(job, job.pictures, deps, signal);
}

/** Its photos cannot wait for an answer for ever. Nothing is sent, and what arrived goes on at the provider. */
async function giveUpAsking({ id }: Job, { jobs, clock }: WorkerContext): Promise<void> {
  await jobs.update(id, (now) => {
    const at = clock.now();
    const isOver = isIn(now, 'asking') && at >= (droppedAt(now) ?? Infinity);
    return isOver ? advance(now, { type: 'cancelled' }, at) : now;
  });
}

async function workOnPictures(
  job: JobIn<'ready' | 'deleted'>,
  round: PictureRound,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<void> {
  if (isAt(round, 'wanted')) await tell(job, deps, signal); // Drawing takes its time: say that it has begun.
  await draw(job, round, deps, signal);
}

async function workOnDraft(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  deps.beside(checkWallet(job, deps, signal)); // The provider's time must not hold up the steps.
  if (canPrepare(job)) {
    // Ten photos take seconds: say that they are being looked at.
    if (!isBeingAdjusted(job, deps.clock.now())) await tell(job, deps, signal);
    // Looked at for another reason, such as what its wallet holds.
    if (deps.clock.now() >= (job.delay?.lookAt ?? 0)) await deps.apart(job.id, () => prepare(job, deps, signal));
    return;
  }
  const isSilent = deps.clock.now() >= job.touchedAt + draftSilenceMs;
  if (!isSilent) return;
  const discarded = { type: 'discarded', why: 'silence' } as const;
  await deps.jobs.update(job.id, (now) =>
    now.touchedAt === job.touchedAt ? advance(now, discarded, deps.clock.now()) : now,
  );
}

/** Saved before told, and scheduled after: whatever changed meanwhile is told in a next step, at once. */
async function tellAndSchedule(id: JobId, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  const job = await deps.jobs.find(id);
  if (!job) return;
  if (isBeingAdjusted(job, deps.clock.now())) {
    await lookAfterAdjusting(job, deps);
    return;
  }
  const failed = await tell(job, deps, signal);
  if (hasEnded(job)) await erasePhotos(job, deps);
  const usual = await deps.reviewer.usual(job.order.method);
  const schedule = (now: Job): Job => {
    const moment = { now: deps.clock.now(), rhythm: deps.rhythm, usual };
    if (!isSameStory(now, job)) return { ...now, nextAt: moment.now };
    const failures = failed ? now.told.failures + 1 : 0;
    const { isUnheard: _, ...heard } = now;
    const next = isErased(now, moment.now) ? null : scheduledAt(now, moment);
    const pauseMs = backoffMs({ baseMs: 2000, maxMs: longestUntoldMs }, failures, deps.rhythm.random);
    const again = failed ? moment.now + Math.max(failed.afterMs, pauseMs) : null;
    const told = { ...now.told, failures };
    return { ...heard, told, ...(failed?.isUnheard && { isUnheard: true }), nextAt: earlier(next, again) };
  };
  await deps.jobs.update(id, schedule, 'release');
}

/** Somebody moves a crop step by step, and sees it where they press: sheet and card follow once they pause. */
function isBeingAdjusted({ phase, adjustedAt }: Job, now: number): boolean {
  return phase.state === 'draft' && adjustedAt !== undefined && now < adjustedAt + adjustingPauseMs;
}

async function lookAfterAdjusting({ id, orderRev }: Job, { jobs, clock }: WorkerContext): Promise<void> {
  await jobs.update(id, (now) =>
    now.orderRev === orderRev
      ? { ...now, nextAt: (now.adjustedAt ?? 0) + adjustingPauseMs }
      : { ...now, nextAt: clock.now() },
  );
}

interface Untold {
  readonly isUnheard: boolean;
  /** Before that another try is no use. */
  readonly afterMs: number;
}

/** How it failed, if it did: a job goes on even when nothing can be told for now. */
async function tell(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<Untold | undefined> {
  const mark = async (change: Partial<Job['told']>) => {
    cross('posted', job);
    await deps.jobs.update(job.id, (now) => ({ ...now, told: { ...now.told, ...change } }));
  };
  try {
    const review = await deps.reviewer.review(job);
    cross('telling', job);
    await deps.announcer.tell(job, review, mark, signal);
    cross('told', job);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    deps.log.warn({ err: error, jobId: job.id }, 'a job could not be told, trying again');
    if (!(error instanceof UndeliveredError)) return { isUnheard: false, afterMs: 0 };
    return { isUnheard: true, afterMs: Math.min(error.retryAfterMs ?? 0, longestUntoldMs) };
  }
}

/** A failed job keeps its photos for a day, for Try again. */
async function erasePhotos(job: Job, deps: WorkerContext): Promise<void> {
  if (!isIn(job, 'failed') || isErased(job, deps.clock.now())) await deps.photos.erase(job.id);
}

function isErased(job: Job, now: number): boolean {
  return isIn(job, 'failed') && now >= (job.endedAt ?? 0) + retryKeepsPhotosMs;
}

function isSameStory(a: Job, b: Job): boolean {
  const story = ({ phase, pictures, orderRev, cancelAskedAt, told, nextAt }: Job) =>
    JSON.stringify({ phase, pictures, orderRev, cancelAskedAt, threadId: told.threadId, nextAt });
  return story(a) === story(b);
}

/** No order waits for ever: one that could not be sent for so long fails, and its owner is told. */
function postpone(id: JobId, isUnheard: boolean, { jobs, clock, rhythm }: WorkerContext): Promise<Change | undefined> {
  return jobs.update(id, (now) => {
    const { touchedAt, calledAt = touchedAt } = now;
    if (isIn(now, 'queued') && clock.now() - Math.max(touchedAt, calledAt) > giveUpSendingMs)
      return advance(now, { type: 'failed', failure: { kind: 'stuck' } }, clock.now());
    const trouble = now.trouble + 1;
    const { isUnheard: _, ...rest } = now;
    return {
      ...rest,
      ...(isUnheard && { isUnheard }),
      trouble,
      nextAt: clock.now() + backoffMs({ baseMs: 2000, maxMs: 5 * 60_000 }, trouble, rhythm.random),
    };
  });
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
