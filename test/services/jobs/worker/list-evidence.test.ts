import { beforeEach, describe, expect, it } from 'vitest';
import { takeUpBackup } from '../../../../src/services/jobs/recovery/restored-backup.ts';
import type { Job, JobIn } from '../../../../src/services/jobs/state/job.ts';
import { createListSightings } from '../../../../src/services/jobs/store/list-sightings.ts';
import { follow } from '../../../../src/services/jobs/worker/follow.ts';
import { createListEvidence } from '../../../../src/services/jobs/worker/list-evidence.ts';
import { TrainingApiError } from '../../../../src/services/modelslab/training-api-error.ts';
import type { TrainingStatus } from '../../../../src/services/modelslab/training-api.ts';
import { aJob, guildId, hour, jobId, key, minute, noon, order, phases, second, trainingId } from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
});

const running: TrainingStatus = { stage: 'training_started', verdict: 'running', log: [] };
const known = (method: Job['order']['method'] = order.method) => world.listEvidence.shownAfterMs(key, method);

/** A training, sent at noon, whose status is asked for so much later while the list shows this. */
async function tried(
  listed: readonly string[],
  { atMs = 30 * second, status = running, change = {}, witness = world.listEvidence } = {},
) {
  world.api.list = () => {
    world.calls.push('list');
    return Promise.resolve(listed.map(trainingId));
  };
  const job = aJob('training', { sentAt: noon, ...change });
  if (!(await world.jobs.find(job.id))) await world.jobs.insert(job);
  world.clock.pass(noon + atMs - world.clock.now());
  await (
    await witness.observe(job, key, never)
  )(status);
}

describe('what a list does not show', () => {
  it('means nothing before the list was tried', async () => {
    expect(await known()).toBeUndefined();
  });

  it('means something once it showed one of ours that was still training, from that age on', async () => {
    await tried(['t1']);
    expect(await known()).toBe(30 * second);
  });

  it.each([
    ['was not in it', [], running],
    ['was ready by then', ['t1'], { ...running, stage: 'model_ready', verdict: 'ready' }],
    ['had failed by then', ['t1'], { ...running, stage: 'training_failed', verdict: 'failed' }],
    ['was made by then, and only stored', ['t1'], { ...running, stage: 'trained_model_uploading' }],
    ['was on a stage that nobody knows', ['t1'], { ...running, stage: 'finished_early' }],
  ] satisfies [string, string[], TrainingStatus][])(
    'means nothing when the one that was tried %s',
    async (_what, listed, status) => {
      await tried(listed, { status });
      expect(await known()).toBeUndefined();
    },
  );

  it('means nothing for other methods, other keys, and another account’s training', async () => {
    await tried(['t1']);
    expect(await known('dreambooth')).toBeUndefined();
    expect(await world.listEvidence.shownAfterMs({ fingerprint: 'print2' }, order.method)).toBeUndefined();
    await tried(['t1'], { change: { keyFingerprint: 'print2', order: { ...order, method: 'dreambooth' } } });
    expect(await known('dreambooth')).toBeUndefined();
  });

  it('means nothing when it took the list too long to show one', async () => {
    await tried(['t1'], { atMs: 11 * minute });
    expect(await known()).toBeUndefined();
  });

  it('means nothing a day later, or when the clock was set back', async () => {
    await tried(['t1']);
    world.clock.pass(24 * hour - 1);
    expect(await known()).toBe(30 * second);
    world.clock.pass(1);
    expect(await known()).toBeUndefined();
    world.clock.pass(-25 * hour);
    expect(await known()).toBeUndefined();
  });

  it('means the same to a process that starts later', async () => {
    await tried(['t1']);
    const later = createListEvidence({ ...world, sightings: createListSightings(world.db, world.clock) });
    expect(await later.shownAfterMs(key, order.method)).toBe(30 * second);
  });

  it('means nothing after a backup was restored, or its server was forgotten', async () => {
    await tried(['t1']);
    await takeUpBackup(world, true);
    expect(await known()).toBeUndefined();
    await tried(['t1'], { atMs: 2 * minute });
    expect(await known()).toBe(2 * minute);
    await world.jobs.forget(guildId);
    expect(await known()).toBeUndefined();
  });

  it('means nothing any more once one that trains for long enough is missing', async () => {
    await tried(['t1']);
    const hear = (at: number, listed: readonly string[]) =>
      world.listEvidence.contradict({ listed: listed.map(trainingId), readAt: noon + at }, key);
    await hear(5 * minute + 1, ['t1']);
    await hear(5 * minute, []); // It may lag until then.
    expect(await known()).toBe(30 * second);
    await hear(5 * minute + 1, []);
    expect(await known()).toBeUndefined();
  });
});

describe('the list is tried', () => {
  it('again and again on a young training until it is known to show it, and once more when it must', async () => {
    const times: number[] = [];
    for (let at = 0; at <= 20 * minute; at += 30 * second) {
      const before = world.calls.length;
      await tried(at < 2 * minute ? [] : ['t1'], { atMs: at });
      if (world.calls.length > before) times.push(at / minute);
    }
    expect(times).toEqual([0, 1, 2, 5.5]);
    expect(await known()).toBe(2 * minute);
  });

  it('for ten minutes at the most on one that it never shows', async () => {
    for (let at = 0; at <= 60 * minute; at += 30 * second) await tried([], { atMs: at });
    expect(world.calls).toHaveLength(11);
  });

  it('not on what no list shows', async () => {
    await tried(['t1'], { change: { order: { ...order, method: 'flux' } } });
    expect(world.calls).toEqual([]);
  });

  it('without harm to the training when that fails, on a provider or a disk that is down', async () => {
    const job = aJob('training', { sentAt: noon });
    world.api.list = () => Promise.reject(new TrainingApiError('unavailable', 'Cannot list'));
    await (
      await world.listEvidence.observe(job, key, never)
    )(running);
    const full = { ...world.sightings, note: () => Promise.reject(new Error('the disk is full')) };
    await tried(['t1'], { atMs: 2 * minute, witness: createListEvidence({ ...world, sightings: full }) });
    expect(world.log.lines).toHaveLength(2);
    expect(await known()).toBeUndefined();
  });

  it('by following a training', async () => {
    await world.jobs.insert(
      aJob('training', { sentAt: noon, id: jobId('job1'), phase: { ...phases.training, askedAt: 0 } }),
    );
    world.api.list = () => Promise.resolve([trainingId('t1')]);
    world.clock.pass(minute);
    await follow((await world.jobs.find(jobId('job1'))) as JobIn<'training'>, world, never);
    expect(await known()).toBe(minute);
  });
});
