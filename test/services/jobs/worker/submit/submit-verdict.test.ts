import { beforeEach, describe, expect, it } from 'vitest';
import type { GuildId } from '../../../../../src/lib/ids.ts';
import { advance } from '../../../../../src/services/jobs/state/advance.ts';
import type { Job, JobIn } from '../../../../../src/services/jobs/state/job.ts';
import { submit } from '../../../../../src/services/jobs/worker/submit/submit.ts';
import { aJob, guildId, jobId, noon, order, phaseOf, phases, trainingId } from '../../job-builder.ts';
import { addThreePhotos, createJobWorld, type JobWorld } from '../../job-world.ts';

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
    await addThreePhotos(world.photos, id);
    world.api.start = async () => {
      await world.jobs.update(id, change);
      return trainingId('t9');
    };
    await submit(job, world, new AbortController().signal);
    expect(phaseOf(await world.jobs.find(id), 'training').trainingId).toBe('t9');
    expect(world.log.lines).toEqual([]);
  },
);

describe('an answer with the id of a training that an order has', () => {
  const other = jobId('other');
  const taken = trainingId('t9');

  async function submitted(change: Partial<Job> = {}): Promise<Job | undefined> {
    const job = aJob('queued', change);
    await world.jobs.insert(job);
    await addThreePhotos(world.photos, id);
    await submit(job, world, new AbortController().signal);
    return world.jobs.find(id);
  }

  it.each(['training', 'ready', 'failed', 'cancelled', 'deleted'] as const)(
    'is no verdict, be that order %s in another server and of another key: a person is asked',
    async (state) => {
      const phase = { ...phases[state], trainingId: taken };
      await world.jobs.insert(
        aJob(state, { id: other, guildId: 'guild2' as GuildId, keyFingerprint: 'print2', phase }),
      );
      expect(phaseOf(await submitted(), 'asking').candidates).toEqual([]);
      expect(await world.ledger(id)).toEqual(['intent', 'asked']);
      expect(world.log.lines).toEqual([
        'error: the provider gave an order the training of another one',
        'error: a training began that no order waits for any more',
      ]);
    },
  );

  it('is no verdict when the list showed it before the order was sent', async () => {
    world.api.list = () => Promise.resolve([taken]);
    expect(phaseOf(await submitted(), 'asking').candidates).toEqual([]);
  });

  it('is no verdict when that order was erased', async () => {
    await world.jobs.insert(aJob('ready', { id: other, phase: { ...phases.ready, trainingId: taken } }));
    await world.jobs.forget(guildId);
    expect((await submitted())?.phase.state).toBe('asking');
  });

  it('is no verdict when it is the id that this order had before it was tried again', async () => {
    await submitted();
    const failure = { kind: 'training-failed' } as const;
    for (const event of [{ type: 'failed', failure }, { type: 'reopened' }] as const)
      await world.jobs.update(id, (job) => advance(job, event, noon));
    const again = await world.jobs.update(id, (job) => ({ ...job, phase: { state: 'queued' }, attempts: 1 }));
    await submit(again?.after as JobIn<'queued'>, world, new AbortController().signal);
    expect(await world.stateOf(id)).toBe('asking');
  });

  it('has a free order sent again', async () => {
    await world.jobs.insert(
      aJob('ready', { id: other, keyFingerprint: 'print2', phase: { ...phases.ready, trainingId: taken } }),
    );
    const job = await submitted({ order: { ...order, method: 'sandbox' } });
    expect(job?.phase.state).toBe('unknown');
  });
});
