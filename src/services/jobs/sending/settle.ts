import type { Clock } from '../../../lib/clock.ts';
import type { Vault } from '../../guilds/vault.ts';
import { TrainingApiError } from '../../modelslab/errors.ts';
import { isFree, methods } from '../../modelslab/methods.ts';
import type { TrainingApi } from '../../modelslab/training-api.ts';
import { advance, quietTime, type JobEvent } from '../advance.ts';
import { cross } from '../crash-points.ts';
import { findKey } from '../find-key.ts';
import { hasArrived, isIn, type Job, type JobIn } from '../job.ts';
import type { JobStore } from '../store/job-store.ts';
import { reconcile } from './reconcile.ts';
import { giveUpLookingMs, lookAt, mayTurnUpUntil, type Rhythm } from '../schedule.ts';

/** A free order is sent so often before its owner hears that nothing comes back. */
const patienceWithFree = 5;

export interface SettleDeps {
  readonly jobs: Pick<JobStore, 'update' | 'findTrainedHere' | 'isInDoubtElsewhere'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly api: Pick<TrainingApi, 'list'>;
  readonly clock: Clock;
  readonly rhythm: Rhythm;
  readonly log: { error(fields: object, text: string): void };
}

/** Looks whether an order without a verdict arrived: adopts its training, sends it again, or asks a person. */
export async function settle(job: JobIn<'unknown'>, deps: SettleDeps, signal: AbortSignal): Promise<void> {
  if (deps.clock.now() < lookAt(job, deps.rhythm)) return; // Looked at for another reason, such as a press on Cancel.
  if (deps.clock.now() < (job.quietUntil ?? 0) && isPatient(job, deps.clock.now())) return;
  const event = await look(job, deps, signal);
  cross('finding-made', job);
  // Another process may have gone on while this one was suspended: what was found is about one look for one attempt.
  await deps.jobs.update(job.id, (now) => (isSameLook(now, job) ? advance(now, event, deps.clock.now()) : now));
  cross('finding-stored', job);
}

function isSameLook(now: Job, { phase }: JobIn<'unknown'>): boolean {
  return isIn(now, 'unknown') && now.phase.intent.attempt === phase.intent.attempt && now.phase.looks === phase.looks;
}

function isPatient({ phase }: JobIn<'unknown'>, now: number): boolean {
  return now - phase.intent.at < giveUpLookingMs;
}

/** Twice costs nothing, but an order that is sent for ever is silent for ever. */
function again({ phase, cancelAskedAt }: JobIn<'unknown'>): JobEvent {
  const isOver = phase.intent.attempt % patienceWithFree === 0 && cancelAskedAt === undefined;
  return isOver ? { type: 'failed', failure: { kind: 'no-answer' } } : { type: 'send-again' };
}

async function look(job: JobIn<'unknown'>, deps: SettleDeps, signal: AbortSignal): Promise<JobEvent> {
  const { intent, looks } = job.phase;
  const method = methods[job.order.method];
  if (isFree(method)) return again(job);
  const key = await findKey(job.guildId, deps.vault);
  // With another key the list is another account's, and proves nothing about this order.
  if (key?.fingerprint !== intent.keyFingerprint) return { type: 'undecidable', candidates: [] };
  try {
    const listed = await deps.api.list(key, signal);
    const owned = await deps.jobs.findTrainedHere(listed);
    const othersInDoubt = await deps.jobs.isInDoubtElsewhere(key.fingerprint, job.id);
    const finding = reconcile({
      intent,
      looks,
      mayTurnUp: deps.clock.now() < mayTurnUpUntil(job),
      arrived: hasArrived(job),
      isPatient: isPatient(job, deps.clock.now()),
      isListed: method.result.isListed,
      listed,
      owned,
      othersInDoubt,
    });
    switch (finding.kind) {
      case 'found':
        return { type: 'accepted', trainingId: finding.trainingId };
      case 'look-again':
        return { type: 'looked-in-vain' };
      case 'not-there':
        return { type: 'send-again' };
      case 'ask':
        return { type: 'undecidable', candidates: finding.candidates };
    }
  } catch (error) {
    signal.throwIfAborted();
    return withoutList(error, job, deps);
  }
}

/** What cannot be looked for is looked for again, but not for ever: others of its key wait, and its owner knows nothing. */
function withoutList(error: unknown, job: JobIn<'unknown'>, { clock, log }: SettleDeps): JobEvent {
  const undecidable = { type: 'undecidable', candidates: [] } as const;
  const isOver = !isPatient(job, clock.now());
  if (!(error instanceof TrainingApiError)) {
    if (!isOver) throw error;
    log.error({ err: error, jobId: job.id }, 'an order could not be looked for, asking its owner');
    return undecidable;
  }
  const mayAnswerLater = error.kind === 'unavailable' || error.reason === 'queue-full';
  return isOver || !mayAnswerLater ? undecidable : { type: 'call-failed', ...quietTime(error) };
}
