import type { Clock } from '../../../lib/clock.ts';
import type { TrainingId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/logger.ts';
import { methods, stageIndex, type MethodId } from '../../modelslab/methods.ts';
import type { ApiKey, TrainingApi, TrainingStatus } from '../../modelslab/training-api.ts';
import { begunAt, type JobIn } from '../state/job.ts';
import { absentAfterMs, type Rhythm } from '../state/schedule.ts';
import type { ListSightings } from '../store/list-sightings.ts';
import type { Trainings } from '../store/trainings.ts';

/**
 * What the provider's list proves: whether it means anything that a training is not in it. A list may show what is
 * finished only, or show some kinds late; so it is believed for a key and a method once it was seen to show a training of
 * ours that was still training, for as long as nothing contradicts that.
 */
export interface ListEvidence {
  /** From when on after it was sent a training must be in the list; undefined while its absence proves nothing. */
  shownAfterMs(key: Pick<ApiKey, 'fingerprint'>, method: MethodId): Promise<number | undefined>;
  /** What a list that was read at `readAt` contradicts is forgotten. */
  contradict(list: { readonly listed: readonly TrainingId[]; readonly readAt: number }, key: ApiKey): Promise<void>;
  /**
   * Reads the list when it is time to try it on this training, whose status is asked for next: only that tells whether it was
   * still training when the list showed it. Gives who is to be told of the status.
   */
  observe(job: JobIn<'training'>, key: ApiKey, signal: AbortSignal): Promise<StatusObserver>;
}

export type StatusObserver = (status: TrainingStatus) => Promise<void>;

export interface ListEvidenceDeps {
  readonly sightings: ListSightings;
  readonly jobs: Pick<Trainings, 'ownedTrainings'>;
  readonly api: Pick<TrainingApi, 'list'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly rhythm: Rhythm;
  readonly log: Log;
}

/** A list that takes longer to show a training says nothing about one that is looked for. */
const longestLagMs = 10 * 60_000;

const nothingToTell: StatusObserver = () => Promise.resolve();

export function createListEvidence({ sightings, jobs, api, clock, rhythm, log }: ListEvidenceDeps): ListEvidence {
  /** When each was last tried. Lost with the process: it is tried once more then. */
  const triedAt = new Map<string, number>();

  const isTime = async (job: JobIn<'training'>, key: ApiKey): Promise<boolean> => {
    const { method } = job.order;
    const last = triedAt.get(nameOf(key, method)) ?? -Infinity;
    const now = clock.now();
    const known = await sightings.find({ keyFingerprint: key.fingerprint, method });
    if (!known)
      return isEarly(job.phase, method) && now - begunAt(job) <= longestLagMs && now - last >= everyMs(rhythm);
    const mustShowAt = begunAt(job) + absentAfterMs(known.shownAfterMs, rhythm);
    return now > mustShowAt && last <= mustShowAt;
  };

  const shownAfterMs: ListEvidence['shownAfterMs'] = async ({ fingerprint: keyFingerprint }, method) =>
    (await sightings.find({ keyFingerprint, method }))?.shownAfterMs;

  const contradict: ListEvidence['contradict'] = async ({ listed, readAt }, key) => {
    const shown = new Set(listed);
    const owned = await jobs.ownedTrainings(key.fingerprint);
    const missing = owned.filter(({ state, trainingId }) => state === 'training' && !shown.has(trainingId));
    for (const { method, startedAt } of missing) {
      const known = await shownAfterMs(key, method);
      if (known === undefined || readAt <= startedAt + absentAfterMs(known, rhythm)) continue;
      await sightings.withdraw({ keyFingerprint: key.fingerprint, method });
      log.warn({ method }, 'the list of a key does not show a training that runs: what is not in it may be there');
    }
  };

  const observe = async (job: JobIn<'training'>, key: ApiKey, signal: AbortSignal): Promise<StatusObserver> => {
    const { method } = job.order;
    const isOurs = methods[method].result.isListed && key.fingerprint === job.keyFingerprint;
    if (!isOurs || !(await isTime(job, key))) return nothingToTell;
    const readAt = clock.now();
    triedAt.set(nameOf(key, method), readAt);
    const listed = await api.list(key, signal);
    const afterMs = clock.now() - begunAt(job);
    await contradict({ listed, readAt }, key);
    const isShown = listed.includes(job.phase.trainingId) && afterMs >= 0 && afterMs <= longestLagMs;
    if (!isShown) return nothingToTell;
    return async (status) => {
      if (status.verdict !== 'running' || !isEarly(status, method)) return;
      await sightings.note({ keyFingerprint: key.fingerprint, method }, afterMs);
    };
  };

  return {
    shownAfterMs,
    contradict,
    // A training is followed whatever becomes of this.
    observe: async (job, key, signal) => {
      const warn = (err: unknown) => {
        signal.throwIfAborted();
        log.warn({ err, jobId: job.id }, 'it could not be tried whether the list shows a running training');
      };
      const observer = await observe(job, key, signal).catch(warn);
      return async (status) => observer?.(status).catch(warn);
    },
  };
}

function nameOf({ fingerprint }: ApiKey, method: MethodId): string {
  return `${fingerprint} ${method}`;
}

/** Before its model is made: one that is only stored or loaded may be what a list calls finished. */
function isEarly({ stage }: { readonly stage: string }, method: MethodId): boolean {
  const index = stageIndex(methods[method], stage);
  const made = stageIndex(methods[method], 'training_success');
  return index !== undefined && made !== undefined && index < made;
}

function everyMs({ pollMs }: Rhythm): number {
  return Math.max(5_000, 2 * pollMs);
}
