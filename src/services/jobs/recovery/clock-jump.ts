import type { Log } from '../../../lib/logger.ts';
import type { SteadyClock } from '../../../lib/steady-clock.ts';
import { hasEnded, jobSchema, type Job } from '../state/job.ts';
import { isAt } from '../state/picture-round.ts';
import type { JobStore } from '../store/job-store.ts';

/** Names of stored times end so. */
const time = /At$|^at$|^since$|^quietUntil$/;
/** Told to people as what once was, and waited for by nothing. */
const facts = ['createdAt', 'confirmedAt'];
/** These lie ahead by their nature. */
const ahead = ['nextAt', 'lookAt', 'quietUntil'];

/** Pure: the job as if everything about it had happened, and were due, so much later. */
export function withTimesShifted(job: Job, byMs: number): Job {
  const move = (key: string, value: unknown) => (isMoved(key, value) ? value + byMs : value);
  return jobSchema.parse(JSON.parse(JSON.stringify(job), move));
}

/**
 * When the last thing happened to a job, as far as those of its times tell that are moved along: taken for a sign that the
 * clock was set back once more, any other would bring an order's second look forward, after which it is sent again.
 */
export function lastMomentOf(job: Job): number {
  let last = 0;
  JSON.stringify(hasEnded(job) ? picturesOf(job) : job, (key, value: unknown) => {
    if (isMoved(key, value) && !ahead.includes(key)) last = Math.max(last, value);
    return value;
  });
  return last;
}

/** What has ended is not moved along; pictures that are being made with it are. */
function picturesOf({ pictures }: Job): Job['pictures'] | null {
  return pictures && !isAt(pictures, 'ended') ? pictures : null;
}

function isMoved(key: string, value: unknown): value is number {
  return typeof value === 'number' && time.test(key) && !facts.includes(key);
}

export interface ClockJumpDeps {
  readonly jobs: Pick<JobStore, 'changeAll' | 'unfinished'>;
  readonly clock: SteadyClock;
  readonly log: Log;
  /** For code that reads the system's clock directly. */
  readonly onSetBack?: () => void;
}

/**
 * The one rule for a clock that was set: until a jump has been noticed our own clock goes on evenly; then every stored time
 * of unfinished jobs jumps along, in one transaction, and our clock with them. So nothing sleeps for hours, and nothing is
 * over, late or lost because of it.
 */
export async function followJump({ jobs, clock, log, onSetBack }: ClockJumpDeps): Promise<void> {
  const jumpedMs = clock.jumpedMs();
  if (jumpedMs === 0) return;
  const followed = { isDone: false };
  const follow = () => {
    clock.follow(jumpedMs);
    followed.isDone = true;
  };
  try {
    const changed = await jobs.changeAll((job) => withTimesShifted(job, jumpedMs), follow);
    log.warn(
      { jumpedMs, jobs: changed.length },
      'the clock was set, or the machine slept: what is due is due as before',
    );
    if (jumpedMs < 0) onSetBack?.();
  } catch (error) {
    if (followed.isDone) clock.follow(-jumpedMs); // It was not stored: to be done again.
    throw error;
  }
}

/**
 * At the start: what has happened in the future was stored before the clock was set back. How long it was set forward by
 * while nothing ran cannot be told from a long pause.
 */
export async function followSetBack({ jobs, clock, log }: ClockJumpDeps): Promise<void> {
  const unfinished = await jobs.unfinished();
  const setBackMs = Math.max(0, ...unfinished.map(lastMomentOf)) - clock.now();
  if (unfinished.length === 0 || setBackMs < longestWriteMs) return;
  await jobs.changeAll((job) => withTimesShifted(job, -setBackMs));
  log.warn(
    { setBackMs, jobs: unfinished.length },
    'the clock was set back while nothing ran: what is due is due as before',
  );
}

/** Clocks of two starts agree by less only by chance. */
const longestWriteMs = 2_000;
const lookEveryMs = 5_000;

/** Until the signal aborts. Looks often, and finds something next to never. */
export async function runClockWatch(deps: ClockJumpDeps & { readonly log: Log }, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await followJump(deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'stored times could not be moved along with the clock, trying again');
    });
    await deps.clock.sleep(lookEveryMs, signal);
  }
}
