import { beforeEach, expect, it } from 'vitest';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import type { JobStore } from '../../../../src/services/jobs/store/job-store.ts';
import { withReadOnlyMode } from '../../../../src/services/jobs/store/read-only-mode.ts';
import { aJob, jobId, minute, noon, phaseOf, second } from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
let disk: { isFull: boolean };
let standby: JobStore;

/** What writes meets a disk that may be full; what reads does not. */
function onDisk(jobs: JobStore): JobStore {
  const meet = <T extends unknown[], R>(call: (...given: T) => Promise<R>) => {
    return (...given: T): Promise<R> => {
      if (disk.isFull) return Promise.reject(Object.assign(new Error('database or disk is full'), { errcode: 13 }));
      return call(...given);
    };
  };
  return {
    ...jobs,
    insert: meet((job: Job) => jobs.insert(job)),
    update: meet((id: Job['id'], change: (job: Job) => Job) => jobs.update(id, change)),
    claimDue: meet((leaseMs: number, limit: number) => jobs.claimDue(leaseMs, limit)),
    renewLease: meet((ids: readonly Job['id'][], leaseMs: number) => jobs.renewLease(ids, leaseMs)),
    release: meet((id: Job['id']) => jobs.release(id)),
  };
}

beforeEach(async () => {
  world = await createJobWorld();
  disk = { isFull: false };
  standby = withReadOnlyMode({ ...world, jobs: onDisk(world.jobs) });
});
const training = jobId('job1');
const claim = async () => (await standby.claimDue(20 * second, 10)).map(({ id }) => id);

it('follows what runs from memory, and stores it once that works', async () => {
  await world.jobs.insert(aJob('training'));
  disk.isFull = true;
  expect(await claim()).toEqual([training]);
  expect(await claim(), 'nobody works on it twice').toEqual([]);
  await standby.update(training, (job) => ({
    ...job,
    phase: { ...phaseOf(job, 'training'), log: ['one'] },
    nextAt: noon + minute,
  }));
  expect(phaseOf(await standby.find(training), 'training').log).toEqual(['one']);
  expect(phaseOf(await world.jobs.find(training), 'training').log, 'stored').toEqual([]);
  await standby.release(training);
  expect(await claim(), 'not due').toEqual([]);
  world.clock.pass(minute);
  expect(await claim()).toEqual([training]);
  await standby.release(training);
  disk.isFull = false;
  await claim();
  expect(phaseOf(await world.jobs.find(training), 'training').log).toEqual(['one']);
});

it('touches nothing that may cost money, and tells whoever wants it', async () => {
  for (const [index, state] of (['draft', 'queued', 'sending', 'unknown', 'ready'] as const).entries())
    await world.jobs.insert(aJob(state, { id: jobId(`other${index}`) }));
  disk.isFull = true;
  expect(await claim()).toEqual([]);
  await expect(standby.update(jobId('other1'), (job) => ({ ...job, trouble: 1 }))).rejects.toThrow(/full/);
  await expect(standby.insert(aJob('draft'))).rejects.toThrow(/full/);
});

it('says once that nothing can be stored, and once that it can be again', async () => {
  await world.jobs.insert(aJob('training'));
  disk.isFull = true;
  for (let round = 0; round < 3; round += 1) await claim();
  await standby.renewLease([training], second);
  disk.isFull = false;
  for (let round = 0; round < 3; round += 1) await claim();
  expect(world.log.lines).toEqual([
    expect.stringMatching(/^error: nothing can be stored, the disk may be full/),
    expect.stringMatching(/^info: the database can be written again/),
  ]);
});

it('hands on every other trouble', async () => {
  const broken = { ...world.jobs, claimDue: () => Promise.reject(new Error('no such table')) };
  await expect(withReadOnlyMode({ ...world, jobs: broken }).claimDue(second, 1)).rejects.toThrow('no such table');
});

it('keeps every one of the changes that come at the same moment while nothing can be stored', async () => {
  await world.jobs.insert(aJob('training'));
  disk.isFull = true;
  await Promise.all([
    standby.update(training, (job) => ({ ...job, cancelAskedAt: noon })),
    standby.update(training, (job) => ({ ...job, trouble: job.trouble + 1 })),
  ]);
  expect(await standby.find(training)).toMatchObject({ cancelAskedAt: noon, trouble: 1 });
});
