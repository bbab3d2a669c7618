import type { JobId } from '../../../lib/ids.ts';
import type { Stopwatch } from '../../../lib/stopwatch.ts';
import type { Job } from '../state/job.ts';
import type { Wake } from '../wake.ts';
import { runStep } from './step.ts';
import type { WorkerContext } from './worker-context.ts';

export interface PollerDeps extends Omit<WorkerContext, 'beside' | 'apart' | 'mayPay'> {
  /** For how long a job has been held, whatever clocks do. */
  readonly stopwatch: Stopwatch;
  /** Called to have a changed job looked at now. */
  readonly wake: Wake;
  /** Called at each round: when it is not called for long, the loop hangs. */
  readonly beat: () => void;
}

/** A killed process holds its jobs for this long; a living one renews in time. */
const leaseMs = 20_000;
const renewEveryMs = 5_000;
/** So long before its lease runs out a job is not paid for any more: others may have taken it when the request arrives. */
const fenceMs = 5_000;
/** Enough for the waiting that steps do; what is heavy in them bounds itself, as the darkroom and the provider's client do. */
const atOnce = 64;
const leastClaimed = 16;
/** Beyond this, drafts whose photos wait for their turn take places like any other: each is held in memory. */
const mostApart = 1000;
/** The longest sleep: bounds how late a job of another process, or one after a clock jump, is noticed. */
const longestNapMs = 5_000;
/** How long a step may take from its last write to its end. */
const endingMs = 50;

/**
 * Moves every job on until the signal aborts, then waits for the steps under way. One bad job never stops the others,
 * and one job is never worked on twice at the same time: the lease keeps other processes off, `working` this one.
 */
export async function runPoller(given: PollerDeps, signal: AbortSignal): Promise<void> {
  const working: Working = new Map();
  const apart = new Set<JobId>();
  const aside = new Set<Promise<void>>();
  const beside = (work: Promise<void>) => void aside.add(work.finally(() => aside.delete(work)));
  const mayPay = (id: JobId) => (working.get(id)?.heldForMs() ?? Infinity) < leaseMs - fenceMs;
  const waitApart: WorkerContext['apart'] = async (id, work) => {
    if (apart.size < mostApart) apart.add(id);
    given.wake.now();
    await work().finally(() => apart.delete(id));
  };
  const deps = { ...given, beside, apart: waitApart, mayPay };
  const drained = new AbortController();
  const renewing = renewLeases(working, deps, drained.signal);
  while (!signal.aborted) {
    deps.beat();
    await claimRound({ working, apart }, deps, signal).catch((error: unknown) => {
      deps.log.error({ err: error }, 'due jobs could not be read, trying again');
      return deps.clock.sleep(1000, signal);
    });
  }
  await Promise.all([...[...working.values()].map(({ step }) => step), ...aside]);
  drained.abort();
  await renewing;
}

/** What this process works on, and for how long it has held it at the most. */
type Working = Map<JobId, { readonly step: Promise<void>; readonly heldForMs: () => number }>;

interface Steps {
  readonly working: Working;
  /** Those of them that wait for something of which there is little. */
  readonly apart: ReadonlySet<JobId>;
}

async function claimRound(steps: Steps, deps: PollerDeps & WorkerContext, signal: AbortSignal): Promise<void> {
  const { working } = steps;
  // A step gives its job back in its last write, and is not over: claimed by then, the job would be held by no process.
  const heldForMs = deps.stopwatch(); // From before the lease is written.
  const due = hasRoom(steps) ? await deps.jobs.claimDue(leaseMs, roomIn(steps), [...working.keys()]) : [];
  for (const job of due) {
    const step = takeStep(job, deps, signal).finally(() => {
      working.delete(job.id);
      deps.wake.now();
    });
    working.set(job.id, { step, heldForMs });
  }
  if (due.length > 0 && hasRoom(steps)) return;
  const nextAt = hasRoom(steps) ? await deps.jobs.nextDueAt() : undefined;
  const dueInMs = (nextAt ?? Infinity) - deps.clock.now();
  // What is due and was not claimed is being worked on here: the end of that wakes the loop.
  const nap = dueInMs > 0 ? Math.min(longestNapMs, dueInMs) : endingMs;
  await deps.wake.sleep(nap, signal);
}

/** A long backlog is claimed many at a time: each claim is a write, for which everything waits. */
function hasRoom(steps: Steps): boolean {
  return roomIn(steps) >= leastClaimed;
}

function roomIn({ working, apart }: Steps): number {
  return atOnce - (working.size - apart.size);
}

/** Until the signal aborts: also while a stop waits for the steps under way. */
async function renewLeases(working: Working, deps: PollerDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(renewEveryMs, signal);
    const heldForMs = deps.stopwatch();
    const held = await deps.jobs.renewLease([...working.keys()], leaseMs).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'leases could not be renewed, trying again');
      return [];
    });
    for (const id of held) {
      const one = working.get(id);
      if (one) working.set(id, { ...one, heldForMs });
    }
  }
}

/** Never rejects. A job that cannot even be put off keeps its lease, so that it is not tried again at once. */
async function takeStep(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  try {
    await runStep(job, deps, signal);
    await deps.jobs.release(job.id);
  } catch (error) {
    deps.log.error({ err: error, jobId: job.id }, 'a job could not be put off, leaving it until its lease has run out');
  }
}
