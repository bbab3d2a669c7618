import { TrainingApiError } from '../../modelslab/training-api-error.ts';
import type { EarlierCall, Job } from '../state/job.ts';
import type { WorkerContext } from './worker-context.ts';

/** Calls are not signed: whether there is such a training as one names is asked, once, before its owner reads of it. */
export async function checkEarlierCalls(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  const unchecked = job.earlierCalls?.filter(({ named }) => named !== undefined) ?? [];
  for (const call of unchecked) {
    const isThere = await isKnownThere(job, call, deps, signal);
    const checked = ({ named, ...rest }: EarlierCall): EarlierCall =>
      isThere && named !== undefined ? { ...rest, trainingId: named } : rest;
    await deps.jobs.update(job.id, (now) => ({
      ...now,
      earlierCalls: (now.earlierCalls ?? []).map((one) => (one.attempt === call.attempt ? checked(one) : one)),
    }));
  }
}

async function isKnownThere(
  { guildId }: Job,
  { named, method, keyFingerprint }: EarlierCall,
  { jobs, vault, api }: WorkerContext,
  signal: AbortSignal,
): Promise<boolean> {
  const key = await vault.find(guildId);
  if (named === undefined || key?.fingerprint !== keyFingerprint) return false;
  if ((await jobs.findTrainedHere([named])).has(named)) return false;
  try {
    await api.status({ method, trainingId: named }, key, signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TrainingApiError)) throw error;
    return false;
  }
}
