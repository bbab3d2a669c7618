import { TrainingApiError } from '../../modelslab/training-api-error.ts';
import type { ApiKey, TrainingApi, TrainingRef } from '../../modelslab/training-api.ts';
import { advance, quietTime, type JobEvent } from '../state/advance.ts';
import type { JobIn } from '../state/job.ts';
import { askAgainAt } from '../state/schedule.ts';
import type { WorkerContext } from './worker-context.ts';

/** Asks the provider how a running training is, or to cancel it when somebody wants that. */
export async function follow(job: JobIn<'training'>, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  const isCancelling = job.cancelAskedAt !== undefined;
  // Looked at for another reason, such as a message that could not be posted: the provider is not asked more often.
  const from = isCancelling ? (job.quietUntil ?? 0) : askAgainAt(job, deps.clock.now(), deps.rhythm);
  if (deps.clock.now() < from) return;
  // Before asking: a call that comes while the answer is on its way is about something that the answer may not tell.
  if (job.webhook?.called)
    await deps.jobs.update(job.id, (now) => advance(now, { type: 'call-followed' }, deps.clock.now()));
  const event = await ask(job, deps, signal);
  await deps.jobs.update(job.id, (now) => advance(now, event, deps.clock.now()));
}

async function ask(job: JobIn<'training'>, deps: WorkerContext, signal: AbortSignal): Promise<JobEvent> {
  const key = await deps.vault.find(job.guildId);
  if (!key) return { type: 'call-failed', refused: 'no-key' };
  const training = { method: job.order.method, trainingId: job.phase.trainingId };
  try {
    if (job.cancelAskedAt !== undefined) return await cancel(training, key, deps.api, signal);
    const observer = await deps.listEvidence.observe(job, key, signal);
    const status = await deps.api.status(training, key, signal);
    await observer(status);
    return { type: 'status-seen', status };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TrainingApiError)) throw error;
    deps.log.warn({ err: error, jobId: job.id }, 'the provider did not tell the status, asking again later');
    // With another key than the one that paid, "not found" only says that it is another account.
    const isOwnKey = key.fingerprint === job.keyFingerprint;
    if (error.reason === 'not-found' && isOwnKey) return { type: 'status-missing' };
    const refused = error.kind === 'rejected' && { refused: isOwnKey ? error.reason : 'key' };
    return { type: 'call-failed', ...refused, ...quietTime(error) };
  }
}

type CancelApi = Pick<TrainingApi, 'status' | 'cancel'>;

/** A cancel that fails often means that the training has just ended: the status tells. */
async function cancel(training: TrainingRef, key: ApiKey, api: CancelApi, signal: AbortSignal): Promise<JobEvent> {
  try {
    await api.cancel(training, key, signal);
    return { type: 'cancelled' };
  } catch (error) {
    // A provider that wants to be left alone is not asked anything else either.
    if (!(error instanceof TrainingApiError) || error.retryAfterMs !== undefined) throw error;
    const status = await api.status(training, key, signal);
    if (status.verdict !== 'running') return { type: 'status-seen', status };
    if (error.kind !== 'rejected') throw error;
    return { type: 'cancel-refused', said: error.said ?? 'no reason given' };
  }
}
