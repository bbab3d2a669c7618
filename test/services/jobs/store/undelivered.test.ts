import { beforeEach, expect, it } from 'vitest';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import { makeUndeliveredDue } from '../../../../src/services/jobs/store/undelivered.ts';
import { UndeliveredError } from '../../../../src/services/jobs/worker/announcer.ts';
import { runPoller } from '../../../../src/services/jobs/worker/poller.ts';
import { heldWake, until } from '../held-clock.ts';
import { aJob, jobId, minute, noon } from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const id = jobId('job1');

beforeEach(async () => {
  world = await createJobWorld();
});

/** Runs the poller until it sleeps with nothing due. */
async function work(): Promise<void> {
  const wake = heldWake(world.clock);
  const stopping = new AbortController();
  const ended = runPoller({ ...world, reviewer: createReviewer(world), wake }, stopping.signal);
  await until(async () => wake.isAsleep() && ((await world.jobs.nextDueAt()) ?? Infinity) > world.clock.now());
  stopping.abort();
  await ended;
}

/** Telling goes wrong in this way for eleven minutes; gives when it would be tried next. */
async function failsToTell(error: Error): Promise<number> {
  await world.jobs.insert(aJob('ready', { id, nextAt: noon }));
  const { tell } = world.announcer;
  world.announcer.tell = () => Promise.reject(error);
  await work();
  while (world.clock.now() < noon + 11 * minute) {
    world.clock.pass((await world.jobs.find(id))!.nextAt! - world.clock.now());
    await work();
  }
  world.announcer.tell = tell;
  return (await world.jobs.find(id))!.nextAt!;
}

it('tells a result at once when Discord is back, however long the next try was put off', async () => {
  const putOffTo = await failsToTell(new UndeliveredError('fetch failed'));
  expect(putOffTo - world.clock.now()).toBeGreaterThan(5 * minute);
  expect(await makeUndeliveredDue(world)).toBe(1);
  await work();
  expect(world.calls).toContain('tell ready');
  expect(await world.jobs.find(id)).toMatchObject({ told: { failures: 0 }, nextAt: null });
  expect(await world.jobs.find(id)).not.toHaveProperty('isUnheard');
  expect(await makeUndeliveredDue(world)).toBe(0);
});

it('tells it when the time is over that Discord named, and no later, also when it was refused once more', async () => {
  await world.jobs.insert(
    aJob('ready', { id, nextAt: noon + minute, isUnheard: true, told: { ...aJob('ready').told, failures: 9 } }),
  );
  await makeUndeliveredDue(world);
  world.announcer.tell = () => Promise.reject(new UndeliveredError('limited', { retryAfterMs: 20_000 }));
  await work();
  expect((await world.jobs.find(id))!.nextAt).toBe(noon + 20_000);
  world.announcer.tell = () => Promise.reject(new UndeliveredError('limited', { retryAfterMs: 1e15 }));
  world.clock.pass(20_000);
  await work();
  expect((await world.jobs.find(id))!.nextAt).toBe(noon + 20_000 + 15 * minute);
});

it('leaves alone what Discord refused, and what failed here', async () => {
  const putOffTo = await failsToTell(new Error('50013'));
  expect(await makeUndeliveredDue(world)).toBe(0);
  expect((await world.jobs.find(id))!.nextAt).toBe(putOffTo);
});

it('takes up many one after the other, those first that would have come first', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => jobId(`many${index}`));
  for (const [index, one] of ids.entries())
    await world.jobs.insert(aJob('ready', { id: one, isUnheard: true, nextAt: noon + 10 * minute - index }));
  await world.jobs.insert(aJob('ready', { id, isUnheard: true, nextAt: noon + 1 }));
  expect(await makeUndeliveredDue(world)).toBe(41);
  const times = await Promise.all(
    [id, ...ids.toReversed()].map(async (one) => (await world.jobs.find(one))!.nextAt! - noon),
  );
  expect(times.slice(0, 3)).toEqual([0, 60, 120]);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});
