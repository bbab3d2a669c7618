import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TrainingId } from '../../../../lib/ids.ts';
import { isFree, methods } from '../../../modelslab/methods.ts';
import { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey } from '../../../modelslab/training-api.ts';
import { cross } from '../../crash-points.ts';
import { advance, quietTime, type JobEvent } from '../../state/advance.ts';
import { hasArrived, isIn, type Job, type JobIn, type Sighting } from '../../state/job.ts';
import { absentAfterMs, giveUpFindingMs, leftAt, mayTurnUpUntil, searchAt } from '../../state/schedule.ts';
import type { WorkerContext } from '../worker-context.ts';
import { reconcile, type Evidence } from './reconcile.ts';

/** A free order is sent so often before its owner hears that nothing comes back. */
const patienceWithFree = 5;
/** So often a training is looked for that the provider named and does not know. */
const patienceWithName = 3;
/** As many as somebody looks up who is asked about them. */
const sightingsKept = 5;

/**
 * Looks whether an order without a verdict arrived: follows the training that the provider called about, sends it again, or
 * asks a person.
 */
export async function settle(job: JobIn<'unknown'>, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  if (deps.clock.now() < searchAt(job, deps.rhythm)) return; // Looked at for another reason, such as a press on Cancel.
  if (deps.clock.now() < (job.quietUntil ?? 0) && isPatient(job, deps.clock.now())) return;
  const event = await search(job, deps, signal);
  cross('finding-made', job);
  await nextTurn(); // A long list took time to compare, and takes time to store.
  // Another process may have gone on while this one was suspended: what was found is about one look for one attempt.
  await deps.jobs.update(job.id, (now) => (isSameLook(now, job) ? advance(now, event, deps.clock.now()) : now));
  cross('finding-stored', job);
}

function isSameLook(now: Job, { phase }: JobIn<'unknown'>): boolean {
  return isIn(now, 'unknown') && now.phase.intent.attempt === phase.intent.attempt && now.phase.looks === phase.looks;
}

function isPatient({ phase }: JobIn<'unknown'>, now: number): boolean {
  return now - phase.intent.at < giveUpFindingMs;
}

/** Twice costs nothing, but an order that is sent for ever is silent for ever. */
function again({ phase, cancelAskedAt }: JobIn<'unknown'>): JobEvent {
  const isOver = phase.intent.attempt % patienceWithFree === 0 && cancelAskedAt === undefined;
  return isOver ? { type: 'failed', failure: { kind: 'no-answer' } } : { type: 'send-again' };
}

async function search(job: JobIn<'unknown'>, deps: WorkerContext, signal: AbortSignal): Promise<JobEvent> {
  const { intent, looks } = job.phase;
  if (isFree(methods[job.order.method])) return again(job);
  const key = await deps.vault.find(job.guildId);
  // With another key the list is another account's, and proves nothing about this order.
  if (key?.fingerprint !== intent.keyFingerprint) return undecidable(job);
  try {
    const called = await findCalled(job, key, deps, signal);
    if (called !== undefined) return { type: 'accepted', trainingId: called };
    const readAt = deps.clock.now();
    const listed = await deps.api.list(key, signal);
    await deps.listEvidence.contradict({ listed, readAt }, key);
    const older = new Set(intent.before);
    const met = [...sightingsOf(job).map(({ trainingId }) => trainingId), ...listed].filter((id) => !older.has(id));
    const finding = reconcile({
      intent,
      looks,
      mayTurnUp: readAt < mayTurnUpUntil(job) || mayBeKnownSoon(job),
      arrived: hasArrived(job),
      absence: await absenceIn(job, { key, readAt }, deps),
      met,
      owned: await deps.jobs.findTrainedHere(met),
    });
    if (finding.kind === 'not-there') return { type: 'send-again' };
    const { candidates } = finding;
    const sightings = seen(candidates, job, deps.clock.now());
    if (finding.kind === 'look-again') return { type: 'looked-in-vain', sightings };
    return { type: 'undecidable', candidates, sightings: await withStages(sightings, { job, key }, deps, signal) };
  } catch (error) {
    signal.throwIfAborted();
    return withoutList(error, job, deps);
  }
}

/** What cannot be looked for is looked for again, but not for ever: others of its key wait, and its owner knows nothing. */
function withoutList(error: unknown, job: JobIn<'unknown'>, { clock, log }: WorkerContext): JobEvent {
  const isOver = !isPatient(job, clock.now());
  if (!(error instanceof TrainingApiError)) {
    if (!isOver) throw error;
    log.error({ err: error, jobId: job.id }, 'an order could not be looked for, asking its owner');
    return undecidable(job);
  }
  const mayAnswerLater = error.kind === 'unavailable' || error.reason === 'queue-full';
  return isOver || !mayAnswerLater ? undecidable(job) : { type: 'call-failed', ...quietTime(error) };
}

/** What it proves when a list that was read at `readAt` does not show it. */
async function absenceIn(
  job: JobIn<'unknown'>,
  { key, readAt }: { readonly key: ApiKey; readonly readAt: number },
  { listEvidence, rhythm }: WorkerContext,
): Promise<Evidence['absence']> {
  const shownAfterMs = await listEvidence.shownAfterMs(key, job.order.method);
  if (shownAfterMs === undefined) return 'proves-nothing';
  return readAt < leftAt(job) + absentAfterMs(shownAfterMs, rhythm) ? 'proves-nothing-yet' : 'proves';
}

/** Nothing more can be found out: all that is left to tell is what was met before. */
function undecidable(job: JobIn<'unknown'>): JobEvent {
  const sightings = sightingsOf(job);
  return { type: 'undecidable', candidates: sightings.map(({ trainingId }) => trainingId), sightings };
}

function sightingsOf({ phase }: JobIn<'unknown'>): readonly Sighting[] {
  return phase.sightings ?? [];
}

/** When each was met first. */
function seen(candidates: readonly TrainingId[], job: JobIn<'unknown'>, now: number): readonly Sighting[] {
  const known = new Map(sightingsOf(job).map((sighting) => [sighting.trainingId, sighting]));
  return candidates.slice(0, sightingsKept).map((trainingId) => known.get(trainingId) ?? { trainingId, seenAt: now });
}

/**
 * The training that the provider named when it called about this very attempt, at an address that only it was given. The
 * name is believed once the provider knows it under the key that pays, and no other order has it.
 */
async function findCalled(
  job: JobIn<'unknown'>,
  key: ApiKey,
  { api, jobs }: WorkerContext,
  signal: AbortSignal,
): Promise<TrainingId | undefined> {
  const named = hasArrived(job) ? job.webhook?.named : undefined;
  if (named === undefined || job.phase.intent.before?.includes(named)) return undefined;
  if ((await jobs.findTrainedHere([named])).has(named)) return undefined;
  const training = { method: job.order.method, trainingId: named };
  return api.status(training, key, signal).then(() => named, whereMissing);
}

/** A training that was named may be too new to be known. */
function mayBeKnownSoon(job: JobIn<'unknown'>): boolean {
  return job.webhook?.named !== undefined && job.phase.looks < patienceWithName;
}

/** For the person who has to say which one it is. */
async function withStages(
  sightings: readonly Sighting[],
  { job, key }: { readonly job: JobIn<'unknown'>; readonly key: ApiKey },
  { api }: WorkerContext,
  signal: AbortSignal,
): Promise<readonly Sighting[]> {
  const ask = async (sighting: Sighting) => {
    const training = { method: job.order.method, trainingId: sighting.trainingId };
    const status = await api.status(training, key, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof TrainingApiError)) throw error;
      return undefined; // The question says less then.
    });
    return { ...sighting, ...(status && { stage: status.stage }) };
  };
  return Promise.all(sightings.map(ask));
}

function whereMissing(error: unknown): undefined {
  if (!(error instanceof TrainingApiError) || error.reason !== 'not-found') throw error;
}
