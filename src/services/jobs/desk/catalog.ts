import type { Clock } from '../../../lib/clock.ts';
import type { GuildId, JobId, TrainingId } from '../../../lib/ids.ts';
import { createRateLimiter } from '../../../lib/rate-limiter.ts';
import { TimeoutError, withTimeout } from '../../../lib/timeout.ts';
import type { Vault } from '../../guilds/vault.ts';
import { methods } from '../../modelslab/methods.ts';
import { TrainingApiError } from '../../modelslab/training-api-error.ts';
import type { ApiKey, TrainingApi } from '../../modelslab/training-api.ts';
import { isIn, type Job, type JobIn } from '../state/job.ts';
import type { JobStore } from '../store/job-store.ts';

/** What the provider's list says beside ours. */
export interface Comparison {
  /** False when the provider could not be asked: then nothing is known. */
  readonly isKnown: boolean;
  /** Ours that it should list, and does not. */
  readonly gone: ReadonlySet<JobId>;
  /** Of the same key, and trained without this bot. */
  readonly elsewhere: readonly TrainingId[];
}

/** One free call, with a short patience: somebody waits for the answer. None when a key's list was asked for too often. */
export type CompareModels = (guildId: GuildId, ours: readonly Job[], signal: AbortSignal) => Promise<Comparison>;

export interface CompareModelsDeps {
  readonly jobs: Pick<JobStore, 'findTrainedHere' | 'isUnsettled'>;
  readonly vault: Pick<Vault, 'find'>;
  readonly api: Pick<TrainingApi, 'list'>;
  readonly clock: Clock;
}

const patienceMs = 5_000;
/** However many people ask: the account is the server's, and the provider may limit it. */
const callsOfKey = { most: 20, perMs: 60_000 };
/** The list lags: what became ready so recently may not be in it yet. */
const listSettlesMs = 10 * 60 * 1000;

const nothing = { gone: new Set<JobId>(), elsewhere: [] } as const;

export function createCompareModels({ jobs, vault, api, clock }: CompareModelsDeps): CompareModels {
  const calls = createRateLimiter(callsOfKey, clock);
  const findElsewhere = async (listed: readonly TrainingId[], key: ApiKey): Promise<readonly TrainingId[]> => {
    // One of them may be the training of an order that waits for its verdict, and that order another server's.
    if (await jobs.isUnsettled(key.fingerprint)) return [];
    const trainedHere = await jobs.findTrainedHere(listed);
    return listed.filter((id) => !trainedHere.has(id));
  };
  return async (guildId, ours, signal) => {
    const key = await vault.find(guildId);
    if (!key) return { isKnown: true, ...nothing };
    if (calls.take(key.fingerprint) > 0) return { isKnown: false, ...nothing };
    const listed = await listSoon(key, { api, clock }, signal);
    if (!listed) return { isKnown: false, ...nothing };
    const mustShow = ours.filter((job): job is JobIn<'ready'> => isListed(job, key, clock.now()));
    const there = new Set(listed);
    const gone = new Set(mustShow.filter(({ phase }) => !there.has(phase.trainingId)).map(({ id }) => id));
    return { isKnown: true, gone, elsewhere: await findElsewhere(listed, key) };
  };
}

/** With another key the list is another account's, and says nothing about this model. */
function isListed(job: Job, key: ApiKey, now: number): job is JobIn<'ready'> {
  const isSettled = now - (job.endedAt ?? job.createdAt) > listSettlesMs;
  return (
    isIn(job, 'ready') &&
    methods[job.order.method].result.isListed &&
    job.keyFingerprint === key.fingerprint &&
    isSettled
  );
}

/** Undefined when the provider does not tell in time. */
async function listSoon(
  key: ApiKey,
  { api, clock }: Pick<CompareModelsDeps, 'api' | 'clock'>,
  signal: AbortSignal,
): Promise<readonly TrainingId[] | undefined> {
  try {
    return await withTimeout((inTime) => api.list(key, inTime), { ms: patienceMs, clock }, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TimeoutError || error instanceof TrainingApiError) return undefined;
    throw error;
  }
}
