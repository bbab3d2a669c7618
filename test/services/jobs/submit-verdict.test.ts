import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advance } from '../../../src/services/jobs/advance.ts';
import type { Intent, Job } from '../../../src/services/jobs/job.ts';
import type { JobStore } from '../../../src/services/jobs/job-store.ts';
import { submit } from '../../../src/services/jobs/submit.ts';
import { until } from './held-clock.ts';
import { aJob, jobId, noon, phaseOf, second, trainingId } from './job-builder.ts';
import { aPhoto, createJobWorld, type JobWorld } from './job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const never = new AbortController().signal;
const lost = 'error: a training began that no order waits for any more';

beforeEach(async () => {
  world = await createJobWorld();
  await world.jobs.insert(aJob('queued'));
  for (const position of [1, 2, 3]) await world.photos.add(id, position, aPhoto(`${position}.jpg`));
});

afterEach(async () => {
  await world.db.destroy();
});

const find = async () => (await world.jobs.find(id))!;
const starts = () => world.calls.filter((call) => call === 'start').length;

/** Sends the order; what happens between request and verdict is up to the test. */
async function sendWhile(meanwhile: () => Promise<unknown>, jobs: JobStore = world.jobs): Promise<void> {
  const { start } = world.api;
  world.api.start = async (...given) => {
    await meanwhile();
    return start(...given);
  };
  await submit(await find(), { ...world, jobs }, never);
}

/** Another process took the order for lost, and it is being sent once more. */
const nextAttempt = () =>
  world.jobs.update(id, (now) => {
    const again = advance(advance(now, { type: 'no-verdict' }, noon), { type: 'send-again' }, noon);
    const { intent } = phaseOf(now, 'sending');
    const next: Intent = { ...intent, attempt: intent.attempt + 1 };
    return advance(again, { type: 'leaving', intent: next }, noon);
  });

describe('a database that fails while the verdict arrives', () => {
  /** The next changes are refused, as of a file that is locked or on a full disk. */
  function failing(times: number): JobStore {
    let left = times;
    const update: JobStore['update'] = (...given) => {
      left -= 1;
      return left >= 0 ? Promise.reject(new Error('database is locked')) : world.jobs.update(...given);
    };
    // Nothing is refused before the request leaves: posting the crops changes the job as well.
    return { ...world.jobs, update: (...given) => (starts() === 0 ? world.jobs.update : update)(...given) };
  }

  it('gets the verdict again and again until it is stored, and no request is sent twice', async () => {
    const over = sendWhile(() => Promise.resolve(), failing(2));
    for (let failures = 1; failures <= 2; failures += 1) {
      await until(() => world.log.lines.length === failures && world.clock.sleeping() === 1);
      expect(await world.stateOf(id)).toBe('sending');
      world.clock.pass(10 * second);
    }
    await over;
    expect(phaseOf(await find(), 'training').trainingId).toBe('t9');
    expect(await world.ledger(id)).toEqual(['intent', 'charged']);
    expect(world.log.lines).toEqual(Array(2).fill('error: a verdict could not be stored, storing it again'));
    expect(starts()).toBe(1);
  });
});

describe('a verdict that comes late', () => {
  it.each<readonly [string, (job: Job) => Job]>([
    ['unknown', (job) => advance(job, { type: 'no-verdict' }, noon)],
    [
      'asking',
      (job) => advance(advance(job, { type: 'no-verdict' }, noon), { type: 'undecidable', candidates: [] }, noon),
    ],
  ])('is taken by an order that is %s about the same attempt', async (_state, meanwhile) => {
    await sendWhile(() => world.jobs.update(id, meanwhile));
    expect(phaseOf(await find(), 'training').trainingId).toBe('t9');
    expect(world.log.lines).toEqual([]);
  });

  it('says nothing about another attempt, and its training is at least in the log', async () => {
    await sendWhile(nextAttempt);
    expect(phaseOf(await find(), 'sending').intent.attempt).toBe(2);
    expect(world.log.lines).toEqual([lost]);
  });

  it('for an order that was erased meanwhile is in the log', async () => {
    await sendWhile(() => world.jobs.forget(aJob('queued').guildId));
    expect(world.log.lines).toEqual([lost]);
  });

  it('names no training as lost that the order follows already', async () => {
    await sendWhile(() =>
      world.jobs.update(id, (now) => advance(now, { type: 'accepted', trainingId: trainingId('t9') }, noon)),
    );
    expect(phaseOf(await find(), 'training').trainingId).toBe('t9');
    expect(world.log.lines).toEqual([]);
  });
});
