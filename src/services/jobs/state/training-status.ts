import { methods, stageIndex } from '../../modelslab/methods.ts';
import type { TrainingStatus } from '../../modelslab/training-api.ts';
import type { Job, JobIn } from './job.ts';
import { calm, ended, to } from './transitions.ts';

/** A training that was not found this many times in a row is lost; once may be the provider's lag. */
export const missesUntilLost = 6;

/** A training that is over and has left no model after this long was stopped there: a model takes minutes to load. */
export const longestOverMs = 60 * 60_000;

export function withStatus(job: JobIn<'training'>, status: TrainingStatus, at: number): Job {
  const { trainingId } = job.phase;
  switch (status.verdict) {
    case 'ready':
      return ended(
        calm(job),
        {
          state: 'ready',
          trainingId,
          ...(status.sampleUrl !== undefined && { sampleUrl: status.sampleUrl }),
          ...(status.usage !== undefined && { usage: status.usage }),
        },
        at,
      );
    case 'failed': {
      const said = status.log.at(-1);
      return ended(
        calm(job),
        {
          state: 'failed',
          trainingId,
          failure: { kind: 'training-failed', ...(said !== undefined && { said }) },
          ...(status.log.length > 0 && { log: status.log }),
        },
        at,
      );
    }
    case 'cancelled':
      return ended(calm(job), { state: 'cancelled', trainingId }, at);
    case 'over':
      return isOverForGood(job, status, at)
        ? ended(calm(job), { state: 'cancelled', trainingId }, at)
        : going(job, status, at);
    case 'running':
      return going(job, status, at);
  }
}

/** The word for it is the same whether somebody stopped the training or a model is about to come of it. */
function isOverForGood(job: JobIn<'training'>, { stage }: TrainingStatus, at: number): boolean {
  const stoodMs = stage === job.phase.stage ? at - job.phase.stageAt : 0;
  return job.cancelAskedAt !== undefined || stoodMs > longestOverMs;
}

function going(job: JobIn<'training'>, status: TrainingStatus, at: number): Job {
  const stage = furthest(job, status.stage);
  const stageAt = stage === job.phase.stage ? job.phase.stageAt : at;
  return to(calm(job), { ...job.phase, stage, stageAt, log: status.log, misses: 0, askedAt: at }, at);
}

/** The provider's stages have been seen going backwards; what was reached stays reached. */
function furthest(job: JobIn<'training'>, stage: string): string {
  const method = methods[job.order.method];
  const [seen, reached] = [stageIndex(method, stage), stageIndex(method, job.phase.stage)];
  return seen !== undefined && reached !== undefined && seen < reached ? job.phase.stage : stage;
}

export function withMiss(job: JobIn<'training'>, at: number): Job {
  const misses = job.phase.misses + 1;
  if (misses < missesUntilLost) return to(job, { ...job.phase, misses, askedAt: at }, at);
  return ended(job, { state: 'failed', trainingId: job.phase.trainingId, failure: { kind: 'lost' } }, at);
}
