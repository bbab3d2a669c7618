import { beforeEach, expect, it } from 'vitest';
import { createJobCounts } from '../../../../src/services/jobs/store/job-counts.ts';
import { aJob, jobId, minute, noon, phases } from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;

beforeEach(async () => {
  world = await createJobWorld();
});
it('counts jobs by state and what happened to money, and tells how late the latest is', async () => {
  const standing = createJobCounts(world.db, world.jobs, world.clock);
  expect(await standing.latenessMs()).toBe(0);
  await world.jobs.insert(aJob('draft', { id: jobId('draft'), nextAt: noon - minute }));
  await world.jobs.insert(aJob('training', { id: jobId('training'), nextAt: noon + minute }));
  await world.jobs.insert(aJob('unknown', { id: jobId('unknown'), nextAt: null }));
  await world.jobs.update(jobId('unknown'), (job) => ({ ...job, phase: phases.asking }));
  expect(await standing.jobsByState()).toEqual(
    new Map([
      ['draft', 1],
      ['training', 1],
      ['asking', 1],
    ]),
  );
  expect(await standing.ledgerEvents()).toEqual(new Map([['asked', 1]]));
  expect(await standing.latenessMs()).toBe(minute);
});
