import type { ChannelId, GuildId, JobId, MemberId, TrainingId } from '../../../src/lib/ids.ts';
import type { Intent, Job, JobIn, Order, Phase, State } from '../../../src/services/jobs/state/job.ts';
import type { ApiKey } from '../../../src/services/modelslab/training-api.ts';

export const noon = Date.UTC(2026, 0, 1, 12);
export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

export const guildId = 'guild1' as GuildId;
export const ownerId = 'owner1' as MemberId;
export const channelId = 'channel1' as ChannelId;
export const jobId = (name: string): JobId => name as JobId;
export const trainingId = (name: string): TrainingId => name as TrainingId;

export const key: ApiKey = { secret: 'a-secret-of-the-tests', fingerprint: 'print1' };

export const order: Order = {
  name: 'Ambika',
  subject: 'woman',
  method: 'lora-sdxl',
  trigger: 'ambika0',
  crop: 'attention',
};

export const intent: Intent = {
  attempt: 1,
  at: noon,
  keyFingerprint: key.fingerprint,
  requestHash: '0123456789abcdef',
  before: [],
};

/** Where the provider may call about the attempt of `intent`. */
export const webhook = { tokenHash: 'hash1', called: false, intent: { ...intent, before: null } };

/** One phase of each state; what a test does not name is not what it is about. */
export const phases: { readonly [S in State]: Extract<Phase, { state: S }> } = {
  draft: { state: 'draft' },
  queued: { state: 'queued' },
  sending: { state: 'sending', intent },
  unknown: { state: 'unknown', intent, looks: 0, lookedAt: noon },
  asking: { state: 'asking', intent, candidates: [] },
  training: {
    state: 'training',
    trainingId: trainingId('t1'),
    stage: 'deploying_gpu',
    stageAt: noon,
    log: [],
    misses: 0,
  },
  ready: { state: 'ready', trainingId: trainingId('t1') },
  failed: { state: 'failed', failure: { kind: 'unreachable' } },
  cancelled: { state: 'cancelled' },
  discarded: { state: 'discarded', why: 'owner' },
  deleted: { state: 'deleted', trainingId: trainingId('t1') },
};

export const states = Object.keys(phases) as State[];
export const endStates: readonly State[] = ['ready', 'failed', 'cancelled', 'discarded', 'deleted'];

/** A job of `guild1` that is due at noon. */
export function aJob<S extends State>(state: S, change: Partial<Job> = {}): JobIn<S> {
  const isStarted = state !== 'draft' && state !== 'discarded';
  const isSent = isStarted && state !== 'queued';
  const job: Job = {
    id: jobId('job1'),
    guildId,
    channelId,
    ownerId,
    order,
    orderRev: 3,
    pending: [],
    lastPosition: 3,
    cropped: 'attention-1024',
    phase: phases[state],
    told: { place: 'thread', threadId: 'thread1' as ChannelId, cropIds: [], news: [], failures: 0 },
    attempts: isSent ? 1 : 0,
    trouble: 0,
    createdAt: noon,
    touchedAt: noon,
    ...(isStarted && { startedAt: noon }),
    ...(isSent && { keyFingerprint: key.fingerprint }),
    ...(endStates.includes(state) && { endedAt: noon }),
    nextAt: noon,
    ...change,
  };
  return job as JobIn<S>;
}

/** The phase of a job, for reading what only one state has. */
export function phaseOf<S extends State>(job: Job | undefined, state: S): Extract<Phase, { state: S }> {
  if (job?.phase.state !== state) throw new Error(`the job is ${job?.phase.state ?? 'gone'}, not ${state}`);
  return job.phase as Extract<Phase, { state: S }>;
}
