import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Clock } from '../../../src/lib/clock.ts';
import type { GuildId, TrainingId } from '../../../src/lib/ids.ts';
import { createReviewer } from '../../../src/services/jobs/review/reviewer.ts';
import { advance } from '../../../src/services/jobs/state/advance.ts';
import type { Job } from '../../../src/services/jobs/state/job.ts';
import type { JobStore } from '../../../src/services/jobs/store/job-store.ts';
import { createListSightings } from '../../../src/services/jobs/store/list-sightings.ts';
import { createListEvidence } from '../../../src/services/jobs/worker/list-evidence.ts';
import { runPoller } from '../../../src/services/jobs/worker/poller.ts';
import { TrainingApiError } from '../../../src/services/modelslab/training-api-error.ts';
import type { ApiKey, TrainingApi } from '../../../src/services/modelslab/training-api.ts';
import { heldWake } from './held-clock.ts';
import { aJob, jobId, order, phaseOf, second, trainingId } from './job-builder.ts';
import { addThreePhotos, createJobWorld, type JobWorld } from './job-world.ts';

/*
 * The promise that matters most: whatever is killed and whatever is lost on the way, no press is paid for twice. A
 * provider that loses requests and answers and whose list lags, and a process that is killed again and again at any
 * call, go on until every order has its training. Who is asked looks into the provider's books, and says what stands there.
 */

let world: JobWorld;
const ended: Promise<void>[] = [];

beforeEach(async () => {
  world = await createJobWorld();
});

afterEach(async () => {
  await Promise.all(ended);
});

const keys = ['a', 'b', 'c', 'd'];
const jobsPerKey = 5;

/** The same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Charge {
  readonly key: string;
  readonly trigger: string;
  readonly trainingId: TrainingId;
  readonly shownAt: number;
}

/** Charges, loses requests before and after that, and shows what it charged only some seconds later. */
function unreliableProvider(clock: Clock, random: () => number) {
  const charges: Charge[] = [];
  const lost = () => new TrainingApiError('ambiguous', 'Cannot start: no answer');
  const api: TrainingApi = {
    ...world.api,
    start: async ({ trigger }, key) => {
      await new Promise(setImmediate);
      const luck = random();
      if (luck < 0.1) throw new TrainingApiError('unavailable', 'Cannot start: connection refused');
      if (luck < 0.2) throw lost();
      const id = trainingId(`training${charges.length}`);
      charges.push({ key: key.secret, trigger, trainingId: id, shownAt: clock.now() + random() * 4 * second });
      await new Promise(setImmediate);
      if (luck < 0.4) throw lost();
      return id;
    },
    list: async (key) => {
      await new Promise(setImmediate);
      if (random() < 0.1) throw new TrainingApiError('unavailable', 'Cannot list: no answer');
      const shown = charges.filter((charge) => charge.key === key.secret && charge.shownAt <= clock.now());
      return shown.map((charge) => charge.trainingId);
    },
  };
  return { api, charges };
}

/** A process that does nothing any more once it is killed: whatever it waits for never comes. */
function startProcess(api: ReturnType<typeof unreliableProvider>['api'], random: () => number) {
  let isKilled = false;
  const ifAlive = async <T>(go: () => T | Promise<T>): Promise<T> => {
    if (!isKilled) return await go();
    return await new Promise<never>(() => undefined);
  };
  const stopping = new AbortController();
  const mortal = <T extends object>(service: T): T =>
    new Proxy(service, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          const answer: unknown = await ifAlive(() => Reflect.apply(value, target, given) as unknown);
          return await ifAlive(() => answer);
        };
      },
    });
  const jobs: JobStore = mortal(world.jobs);
  const wake = heldWake(world.clock);
  const vault = {
    ...world.vault,
    find: (guildId: GuildId): Promise<ApiKey> => Promise.resolve({ secret: guildId, fingerprint: `print-${guildId}` }),
  };
  const rhythm = { pollMs: second, random };
  const reached = { jobs, api: mortal({ ...world.api, ...api }), rhythm };
  const sightings = createListSightings(world.db, world.clock);
  const deps = {
    ...world,
    ...reached,
    wake,
    vault,
    listEvidence: createListEvidence({ ...world, ...reached, sightings }),
    reviewer: createReviewer(world),
  };
  const done = runPoller(deps, stopping.signal);
  return {
    kill: () => {
      isKilled = true;
      stopping.abort();
    },
    stop: () => {
      stopping.abort();
      ended.push(done);
    },
  };
}

async function insertOrders(): Promise<void> {
  for (const key of keys) {
    for (let number = 0; number < jobsPerKey; number += 1) {
      const id = jobId(`${key}${number}`);
      const change = { id, guildId: key as GuildId, order: { ...order, name: id, trigger: `word_${id}` } };
      await world.jobs.insert(aJob('queued', change));
      await addThreePhotos(world.photos, id);
    }
  }
}

const all = async (): Promise<readonly Job[]> =>
  (
    await Promise.all(
      keys.map((key) =>
        world.jobs.list({
          guildId: key as GuildId,
          states: ['queued', 'sending', 'unknown', 'asking', 'training', 'failed', 'cancelled'],
        }),
      ),
    )
  ).flat();

const isSettled = async () => (await all()).every(({ phase }) => phase.state === 'training');

/** Gives how many questions there were. */
async function answerAll(charges: readonly Charge[]): Promise<number> {
  const asked = (await all()).filter(({ phase }) => phase.state === 'asking');
  for (const { id, order } of asked) {
    const charge = charges.find(({ trigger }) => trigger === order.trigger);
    const answer = charge
      ? ({ type: 'accepted', trainingId: charge.trainingId } as const)
      : { type: 'send-again' as const };
    await world.jobs.update(id, (now) => advance(now, answer, world.clock.now()));
  }
  return asked.length;
}

it.each([1, 2])('pays once for each order, killed again and again (seed %i)', async (seed) => {
  const random = seeded(seed);
  const provider = unreliableProvider(world.clock, random);
  await insertOrders();
  let running = startProcess(provider.api, random);
  let kills = 0;
  let asked = 0;
  for (let round = 0; round < 3000 && !(await isSettled()); round += 1) {
    world.clock.pass(second);
    const turns = Math.floor(random() * 40);
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    asked += await answerAll(provider.charges);
    if (random() > 0.25) continue;
    running.kill();
    kills += 1;
    running = startProcess(provider.api, random);
  }
  running.stop();

  const jobs = await all();
  const chargesOf = ({ order: { trigger } }: Job) => provider.charges.filter((charge) => charge.trigger === trigger);
  expect(kills).toBeGreaterThan(3);
  expect(await isSettled()).toBe(true);
  for (const job of jobs) {
    const charges = chargesOf(job);
    expect(charges.length, `charges of ${job.id}`).toBe(1);
    expect(phaseOf(job, 'training').trainingId, `training of ${job.id}`).toBe(charges[0]?.trainingId);
  }
  // One at the most for each attempt without a verdict: how many the list settles depends on when it could be tried.
  const withoutVerdict = await world.db.selectFrom('ledger').select('id').where('event', '=', 'no-verdict').execute();
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(withoutVerdict.length);
});
