import { beforeEach, expect, it } from 'vitest';
import { advance } from '../../../../src/services/jobs/advance.ts';
import type { Job } from '../../../../src/services/jobs/job.ts';
import { submit } from '../../../../src/services/jobs/sending/submit.ts';
import { aJob, jobId, noon, phaseOf, trainingId } from '../job-builder.ts';
import { aPhoto, createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const id = jobId('job1');

beforeEach(async () => {
  world = await createJobWorld();
});

const givenUp = (job: Job) => advance(job, { type: 'no-verdict' }, noon);

/** What another process, which took the order for lost, made of it before the verdict came. */
const meanwhile: readonly (readonly [string, (job: Job) => Job])[] = [
  ['is looked for', givenUp],
  ['a person is asked about', (job) => advance(givenUp(job), { type: 'undecidable', candidates: [] }, noon)],
  ['was found in the list', (job) => advance(givenUp(job), { type: 'accepted', trainingId: trainingId('t9') }, noon)],
];

it.each(meanwhile)(
  'a late verdict counts for an order that %s, while it is the same attempt',
  async (_what, change) => {
    const job = aJob('queued');
    await world.jobs.insert(job);
    for (const position of [1, 2, 3]) await world.photos.add(id, position, aPhoto(`${position}.jpg`));
    world.api.start = async () => {
      await world.jobs.update(id, change);
      return trainingId('t9');
    };
    await submit(job, world, new AbortController().signal);
    expect(phaseOf(await world.jobs.find(id), 'training').trainingId).toBe('t9');
    expect(world.log.lines).toEqual([]);
  },
);
