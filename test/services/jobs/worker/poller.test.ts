import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobId } from '../../../../src/lib/ids.ts';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import type { PictureRound } from '../../../../src/services/jobs/state/picture-round.ts';
import { createJobStore } from '../../../../src/services/jobs/store/job-store.ts';
import { runPoller, type PollerDeps } from '../../../../src/services/jobs/worker/poller.ts';
import { TrainingApiError } from '../../../../src/services/modelslab/training-api-error.ts';
import type { TrainingStatus } from '../../../../src/services/modelslab/training-api.ts';
import { heldWake, until } from '../held-clock.ts';
import {
  aJob,
  endStates,
  hour,
  jobId,
  key,
  minute,
  noon,
  phaseOf,
  phases,
  second,
  trainingId,
} from '../job-builder.ts';
import { addThreePhotos, aPhoto, createJobWorld, unreadableVault, type JobWorld } from '../job-world.ts';
import { aRound } from '../round-builder.ts';

let world: JobWorld;
let wake: ReturnType<typeof heldWake>;
let stopping: AbortController;
let ended: Promise<void>;
const id = jobId('job1');

beforeEach(async () => {
  world = await createJobWorld();
  wake = heldWake(world.clock);
  stopping = new AbortController();
  ended = Promise.resolve();
});

afterEach(async () => {
  stopping.abort();
  await ended;
});

function run(change: Partial<PollerDeps> = {}): void {
  const reviewer = createReviewer(world);
  ended = runPoller({ ...world, reviewer, wake, ...change }, stopping.signal);
}

const insert = async (...jobs: readonly Job[]) => {
  for (const job of jobs) await world.jobs.insert(job);
};
const find = async (of = id) => (await world.jobs.find(of))!;
const timesOf = (call: string) => world.calls.filter((one) => one === call).length;
const hasState = (state: string, of = id) => until(async () => (await world.stateOf(of)) === state);
/** Until nothing is worked on any more: every job that waits, waits for a time to come. */
const isQuiet = () =>
  until(
    async () =>
      wake.isAsleep() && (await heldJobs()) === 0 && ((await world.jobs.nextDueAt()) ?? Infinity) > world.clock.now(),
  );
const heldJobs = async () =>
  (await world.db.selectFrom('jobs').select('id').where('lease_until', 'is not', null).execute()).length;

const status = (change: Partial<TrainingStatus>) => () =>
  Promise.resolve({ stage: 'training_started', verdict: 'running' as const, log: [], ...change });

/** A call that ends when the test says so. */
function held<T>(answer: T) {
  let end: () => void = () => undefined;
  const call = () =>
    new Promise<T>((resolve) => {
      world.calls.push('held');
      end = () => {
        resolve(answer);
      };
    });
  const begun = () => until(() => world.calls.includes('held'));
  return {
    call,
    begun,
    end: () => {
      end();
    },
  };
}

it('drafts whose photos wait for their turn hold up no other job, however many they are', async () => {
  const drafts = Array.from({ length: 200 }, (_, number) => {
    const pending = [{ position: 1, url: 'https://cdn.test/1.jpg', name: '1.jpg', sizeBytes: 1 }];
    return aJob('draft', { id: jobId(`draft${number}`), pending, touchedAt: noon + number });
  });
  await insert(...drafts);
  let waiting = 0;
  world.darkroom.prepare = (_sources, _recipe, _onPhoto, signal) => {
    waiting += 1;
    return once(signal, 'abort').then(() => {
      signal.throwIfAborted();
    });
  };
  run();
  await until(() => waiting === drafts.length);
  await insert(aJob('training'));
  wake.now();
  await until(() => timesOf('status') === 1);
});

describe('the whole way of a job', () => {
  it('goes from Start to ready, telling each state after it was stored', async () => {
    await insert(aJob('queued'));
    for (const position of [1, 2, 3]) await world.photos.add(id, position, aPhoto(String(position)));
    const told: string[] = [];
    world.announcer.tell = async ({ phase }) => {
      told.push(phase.state);
      expect(await world.stateOf(id)).toBe(phase.state);
    };
    run();
    await hasState('training');
    world.api.status = status({ verdict: 'ready' });
    await isQuiet();
    world.clock.pass(30 * second);
    await hasState('ready');
    await isQuiet();
    expect(told).toEqual(['queued', 'training', 'ready']);
    expect((await find()).nextAt).toBeNull();
  });

  it('asks for the status of a training once in a polling time', async () => {
    await insert(aJob('training'));
    run();
    await isQuiet();
    for (let round = 0; round < 3; round += 1) {
      world.clock.pass(29 * second);
      await isQuiet();
      expect(timesOf('status')).toBe(round + 1);
      world.clock.pass(1 * second);
      await until(() => timesOf('status') === round + 2);
      await isQuiet();
    }
  });

  it('works on a press at once, without waiting for the next look', async () => {
    await insert(aJob('training', { nextAt: noon + minute }));
    run();
    await until(() => wake.naps.length > 0);
    await world.jobs.update(id, (now) => advance(now, { type: 'cancel-asked' }, noon));
    wake.now();
    await hasState('cancelled');
  });

  it('shows at each round that it goes on, also when nothing is due', async () => {
    run();
    await isQuiet();
    const before = world.beats.length;
    wake.now();
    await until(() => Promise.resolve(world.beats.length > before));
    expect(before).toBeGreaterThan(0);
  });

  it('sleeps until the next job is due, five seconds at most', async () => {
    await insert(aJob('asking', { nextAt: noon + 3 * second }));
    run();
    await until(() => wake.naps.length === 1);
    world.clock.pass(3 * second);
    await until(() => wake.naps.length > 1 && world.clock.sleeping() === 2);
    expect(wake.naps[0]).toBe(3 * second);
    expect(wake.naps.at(-1)).toBe(5 * second);
  });

  it('prepares a draft after saying so', async () => {
    const pending = [{ position: 1, url: 'https://cdn.test/1', name: '1.jpg', sizeBytes: 1 }];
    await insert(aJob('draft', { pending }));
    run();
    await isQuiet();
    expect(world.calls.filter((call) => call !== 'wallet').slice(0, 3)).toEqual([
      'tell draft',
      'prepare 1.jpg',
      'tell draft',
    ]);
    expect(await find()).toMatchObject({ pending: [], nextAt: noon + hour });
  });

  it('prepares, tells and starts a draft while the wallet’s balance does not come', async () => {
    const wallet = held({ balance: 0, currency: 'USD' });
    world.api.wallet = wallet.call;
    const pending = [1, 2, 3].map((position) => ({
      position,
      url: 'https://cdn.test/',
      name: `${position}`,
      sizeBytes: 1,
    }));
    await insert(aJob('draft', { pending }));
    run();
    await isQuiet();
    expect(world.calls).toContain('held');
    expect(world.calls.filter((call) => call !== 'held')).toEqual(['tell draft', 'prepare 1 2 3', 'tell draft']);
    const { orderRev } = await find();
    await world.jobs.update(id, (now) => advance(now, { type: 'started', orderRev }, noon));
    wake.now();
    await hasState('training');
    wallet.end();
  });

  it('waits at a stop for a balance that is being asked for: nothing is written once the database is closed', async () => {
    const wallet = held({ balance: 0, currency: 'USD' });
    world.api.wallet = wallet.call;
    await insert(aJob('draft'));
    run();
    await wallet.begun();
    let hasStopped = false;
    stopping.abort();
    void ended.then(() => (hasStopped = true));
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(hasStopped).toBe(false);
    wallet.end();
    await ended;
  });

  it('tells a draft once more when the balance comes after the card', async () => {
    const wallet = held({ balance: 0.5, currency: 'USD' });
    world.api.wallet = wallet.call;
    await insert(aJob('draft'));
    const told: (number | undefined)[] = [];
    world.announcer.tell = ({ wallet: seen }) => Promise.resolve(void told.push(seen?.usd));
    run();
    await wallet.begun();
    await isQuiet();
    expect(told).toEqual([undefined]);
    wallet.end();
    await until(() => told.length === 2);
    expect(told).toEqual([undefined, 0.5]);
  });
});

describe('a draft that nobody touches', () => {
  it('is discarded with its photos after an hour', async () => {
    await insert(aJob('draft', { nextAt: noon + hour }));
    await world.photos.add(id, 1, aPhoto('1'));
    run();
    await isQuiet();
    world.clock.pass(hour);
    await hasState('discarded');
    await isQuiet();
    expect((await find()).phase).toEqual({ state: 'discarded', why: 'silence' });
    expect(await world.photos.list(id)).toEqual([]);
  });

  it('is discarded with the photos of an archive after an hour, which its owner is told', async () => {
    const archive = { position: 1, url: 'https://cdn.test/?a.jpg,b.jpg', name: 'photos.zip', sizeBytes: 1 };
    await insert(aJob('draft', { pending: [archive], nextAt: noon, touchedAt: noon }));
    run();
    await isQuiet();
    expect((await world.photos.list(id)).map(({ name }) => name)).toEqual(['a.jpg', 'b.jpg']);
    world.clock.pass(hour - second);
    await isQuiet();
    expect(await world.stateOf(id)).toBe('draft');
    world.clock.pass(second);
    await hasState('discarded');
    await isQuiet();
    expect(await find()).toMatchObject({ phase: { why: 'silence' }, pending: [] });
    expect(await world.photos.list(id)).toEqual([]);
    expect(timesOf('tell discarded')).toBe(1);
  });

  it('stays when it was touched meanwhile', async () => {
    await insert(aJob('draft', { touchedAt: noon - minute }));
    run();
    await isQuiet();
    expect(await find()).toMatchObject({ phase: { state: 'draft' }, nextAt: noon + 59 * minute });
  });
});

describe('an order that is about to be paid for', () => {
  /** What a paid call hears when it asks whether it may leave, after so long. */
  async function mayLeaveAfter(ms: number, meanwhile: () => Promise<unknown> = async () => Promise.resolve()) {
    const heard: boolean[] = [];
    const passed = { ms: 0 };
    world.api.start = async (_request, _key, _signal, mayLeave) => {
      await meanwhile();
      passed.ms = ms;
      heard.push(mayLeave!());
      passed.ms = 0;
      stopping.abort();
      throw new TrainingApiError('unavailable', 'Cannot call it: as the test wants');
    };
    await insert(aJob('queued'));
    await addThreePhotos(world.photos, id);
    // Suspended, it hears of no time that passes: only the clocks know.
    run({ stopwatch: () => () => passed.ms });
    await ended;
    return heard;
  }

  it('is paid for by who has surely held it all the time', async () => {
    expect(await mayLeaveAfter(10 * second)).toEqual([true]);
  });

  it.each([16, 20, 3600])(
    'is not by a process that was suspended for %i s: another one may have taken it',
    async (s) => {
      expect(await mayLeaveAfter(s * second)).toEqual([false]);
      expect((await find()).phase).toEqual({ state: 'queued', hold: 'provider-silent' });
      expect(await world.ledger(id)).toEqual(['intent', 'not-sent']);
    },
  );

  it('is not taken up again by renewing a lease that another process has by now', async () => {
    const other = createJobStore(world.db, world.clock, world.log);
    const renewed: (readonly JobId[])[] = [];
    await mayLeaveAfter(0, async () => {
      await world.db.updateTable('jobs').set({ lease_until: world.clock.now() }).execute();
      expect(await other.claimDue(20 * second, 10)).toHaveLength(1);
      renewed.push(await world.jobs.renewLease([id], 20 * second));
      await world.jobs.release(id);
      await world.jobs.update(id, (job) => ({ ...job }), 'release');
      renewed.push(await other.renewLease([id], 20 * second));
    });
    expect(renewed).toEqual([[], [id]]);
  });
});

describe('a job that cannot be moved on', () => {
  const broken = jobId('broken');

  it('never stops the others', async () => {
    const phase = { ...phases.training, trainingId: trainingId('broken') };
    await insert(aJob('training', { id: broken, phase }), aJob('training'));
    world.api.status = (training) =>
      training.trainingId === 'broken' ? Promise.reject(new TypeError('a bug')) : status({ verdict: 'ready' })();
    run();
    await hasState('ready');
    await isQuiet();
    expect(world.log.lines).toEqual(['error: a job could not be moved on, trying again']);
  });

  it('is given up after a day while nothing of it was sent, and its owner is told', async () => {
    await insert(aJob('queued'));
    world.vault.find = () => Promise.reject(new TypeError('a bug'));
    run();
    await isQuiet();
    expect((await find()).phase.state).toBe('queued');
    world.clock.pass(24 * hour + minute);
    await hasState('failed');
    await isQuiet();
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'stuck' });
    expect(world.calls.at(-1)).toBe('tell failed');
  });

  it('is tried again later and later', async () => {
    await insert(aJob('training'));
    world.api.status = () => Promise.reject(new TypeError('a bug'));
    run();
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await isQuiet();
      waits.push((await find()).nextAt! - world.clock.now());
      world.clock.pass(waits.at(-1)!);
      await until(() => world.log.lines.length === round + 2);
    }
    expect(waits).toEqual([2, 4, 8, 16].map((seconds) => seconds * second));
  });

  it('is still told, so that its owner hears when it takes too long', async () => {
    await insert(aJob('training'));
    world.api.status = () => Promise.reject(new TypeError('a bug'));
    run();
    await isQuiet();
    expect(world.calls).toEqual(['list', 'tell training']);
  });

  it('by a key that cannot be decrypted fails with the same advice as without a key', async () => {
    await insert(aJob('queued'));
    world.vault.find = unreadableVault.find;
    run();
    await hasState('failed');
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'no-key' });
  });
});

describe('one job, one step at a time', () => {
  it('is not worked on again while its step lasts, whatever wakes the poller, even when its lease has run out', async () => {
    await insert(aJob('training'));
    const call = held(await status({})());
    world.api.status = call.call;
    run({ jobs: { ...world.jobs, renewLease: () => Promise.reject(new Error('locked')) } });
    await call.begun();
    for (let round = 0; round < 10; round += 1) {
      world.clock.pass(10 * second);
      wake.now();
      await new Promise(setImmediate);
      await world.jobs.nextDueAt();
    }
    expect(timesOf('held')).toBe(1);
    call.end();
  });

  it('keeps other processes off for as long as its step lasts', async () => {
    await insert(aJob('training'));
    const call = held(await status({})());
    world.api.status = call.call;
    run();
    await call.begun();
    for (let round = 0; round < 10; round += 1) {
      const leaseBefore = await leaseUntil();
      world.clock.pass(5 * second);
      await until(async () => (await leaseUntil()) > leaseBefore);
      expect(await world.jobs.claimDue(20 * second, 10)).toEqual([]);
    }
    call.end();
    await until(async () => (await heldJobs()) === 0);
  });

  it('is looked at again at once when somebody wanted that during the step: a key came, say', async () => {
    await insert(aJob('training'));
    let tellings = 0;
    world.announcer.tell = async () => {
      tellings += 1;
      if (tellings > 1) return;
      world.clock.pass(1);
      await world.jobs.update(id, (now) => ({ ...now, nextAt: world.clock.now() }));
    };
    run();
    await until(() => tellings === 2);
    expect(timesOf('status')).toBe(1); // Looked at, but the provider is not asked sooner than it may be.
  });

  it('is told in its thread at once when that was opened during the step', async () => {
    const { threadId, ...homeless } = aJob('draft').told;
    await insert(aJob('draft', { told: homeless }));
    const told: (string | undefined)[] = [];
    world.announcer.tell = async (job) => {
      told.push(job.told.threadId);
      if (told.length === 1) await world.jobs.update(id, (now) => ({ ...now, told: { ...now.told, threadId } }));
    };
    run();
    await isQuiet();
    expect(told).toEqual([undefined, threadId]);
  });

  it('is looked at and told again at once when a person changed it during the step', async () => {
    await insert(aJob('training'));
    const told: (number | undefined)[] = [];
    world.announcer.tell = async ({ cancelAskedAt }) => {
      told.push(cancelAskedAt);
      if (told.length === 1) await world.jobs.update(id, (now) => advance(now, { type: 'cancel-asked' }, noon));
    };
    run();
    await hasState('cancelled');
    await isQuiet();
    expect(told).toEqual([undefined, noon]);
  });
});

const leaseUntil = async () =>
  (await world.db.selectFrom('jobs').select('lease_until').executeTakeFirstOrThrow()).lease_until ?? 0;

describe('after a crash', () => {
  it('takes up a job only when the lease of the dead process has run out', async () => {
    await insert(aJob('training'));
    await world.jobs.claimDue(20 * second, 1);
    run();
    await until(() => wake.naps.length > 0);
    world.clock.pass(19 * second);
    await until(() => wake.naps.length > 1);
    expect(world.calls).toEqual([]);
    world.clock.pass(5 * second);
    await until(() => timesOf('status') === 1);
  });

  it('never sends what was being sent: it is looked for, and asked about', async () => {
    await insert(aJob('sending'));
    world.api.list = () => Promise.resolve([trainingId('arrived')]);
    run();
    await hasState('unknown');
    await isQuiet();
    world.clock.pass(60 * second);
    await hasState('asking');
    expect(phaseOf(await find(), 'asking').candidates).toEqual(['arrived']);
    expect(world.calls).not.toContain('start');
    expect(await world.ledger(id)).toEqual(['no-verdict', 'asked']);
  });

  it('is not hurried by presses or by failed telling: both looks keep their times', async () => {
    await insert(aJob('sending'));
    world.announcer.tell = () => Promise.reject(new Error('Discord is down'));
    run();
    await hasState('unknown');
    for (let round = 0; round < 44; round += 1) {
      world.clock.pass(second);
      await world.jobs.update(id, (now) => advance(now, { type: 'cancel-asked' }, world.clock.now()));
      wake.now();
      await isQuiet();
    }
    expect(world.calls).toEqual([]);
    world.clock.pass(second);
    await until(() => timesOf('list') === 1);
  });
});

it('works on at once what becomes due between the last write of a step and its end', async () => {
  await insert(aJob('training'));
  let claims = 0;
  const claimDue: typeof world.jobs.claimDue = async (...claim) => {
    const due = await world.jobs.claimDue(...claim);
    claims += 1;
    return due;
  };
  const release = async (of: Job['id']) => {
    await world.jobs.release(of);
    if (timesOf('tell training') > 1) return;
    await world.jobs.update(of, (now) => ({ ...now, nextAt: world.clock.now() }));
    const before = claims;
    wake.now();
    await until(() => claims > before);
  };
  run({ jobs: { ...world.jobs, claimDue, release } });
  await until(() => timesOf('tell training') === 2);
});

describe('photos', () => {
  const left = async () => (await world.photos.list(id)).length;

  it.each(['ready', 'cancelled'] as const)('are erased when the training is %s', async (verdict) => {
    await insert(aJob('training'));
    await world.photos.add(id, 1, aPhoto('1'));
    world.api.status = status({ verdict });
    run();
    await hasState(verdict);
    await until(async () => (await left()) === 0);
  });

  it('are kept for a day when it failed, for Try again', async () => {
    await insert(aJob('training'));
    await world.photos.add(id, 1, aPhoto('1'));
    world.api.status = status({ verdict: 'failed' });
    run();
    await hasState('failed');
    await isQuiet();
    world.clock.pass(24 * hour - 1);
    await isQuiet();
    expect(await left()).toBe(1);
    world.clock.pass(1);
    await until(async () => (await left()) === 0);
    await isQuiet();
    expect((await find()).nextAt).toBeNull();
  });

  it.each(endStates)('are erased, to the last one, of an order that is %s', async (state) => {
    await insert(aJob(state, { endedAt: noon - 24 * hour }));
    for (const position of [1, 2, 3]) await world.photos.add(id, position, aPhoto(String(position)));
    run();
    await until(async () => (await left()) === 0);
  });

  it('of an order that nobody answers about are kept for a week, then it is dropped', async () => {
    await insert(
      aJob('unknown', { phase: { ...phases.unknown, looks: 1 }, told: { ...aJob('draft').told, news: [] } }),
    );
    await world.photos.add(id, 1, aPhoto('1'));
    await world.jobs.update(id, (now) => advance(now, { type: 'undecidable', candidates: [] }, noon));
    run();
    await isQuiet();
    world.clock.pass(7 * 24 * hour - 1);
    await isQuiet();
    expect([await world.stateOf(id), await left()]).toEqual(['asking', 1]);
    world.clock.pass(1);
    await hasState('cancelled');
    await until(async () => (await left()) === 0);
    expect(phaseOf(await world.jobs.find(id), 'cancelled')).toMatchObject({ unclear: true });
    expect(await world.ledger(id)).toEqual(['asked', 'dropped']);
    expect(world.calls).not.toContain('start');
  });

  it('are erased although the end cannot be told', async () => {
    await insert(aJob('training'));
    await world.photos.add(id, 1, aPhoto('1'));
    world.api.status = status({ verdict: 'ready' });
    world.announcer.tell = () => Promise.reject(new Error('Discord is down'));
    run();
    await hasState('ready');
    await until(async () => (await left()) === 0);
  });
});

describe('when nobody can be told', () => {
  it('the job goes on, and telling is tried again later and later until it works', async () => {
    await insert(aJob('training'));
    world.api.status = status({ verdict: 'ready' });
    const tell = world.announcer.tell;
    world.announcer.tell = () => Promise.reject(new Error('Discord is down'));
    run();
    const waits: number[] = [];
    for (const failures of [1, 2, 3, 4]) {
      await until(async () => (await find()).told.failures === failures);
      await isQuiet();
      waits.push((await find()).nextAt! - world.clock.now());
      if (failures === 4) world.announcer.tell = tell;
      world.clock.pass(waits.at(-1)!);
    }
    expect(waits).toEqual([2, 4, 8, 16].map((seconds) => seconds * second));
    await until(() => timesOf('tell ready') === 1);
    await isQuiet();
    expect(await find()).toMatchObject({ phase: { state: 'ready' }, told: { failures: 0 }, nextAt: null });
  });

  it('what was posted is marked at once, so that a crash repeats at most one message', async () => {
    await insert(aJob('training'));
    world.announcer.tell = async (_job, _review, mark) => {
      await mark({ card: 'digest' });
      throw new Error('killed');
    };
    run();
    await until(async () => (await find()).told.failures === 1);
    expect((await find()).told.card).toBe('digest');
  });
});

describe('stopping', () => {
  it('waits for a request under way and stores its verdict', async () => {
    await insert(aJob('queued'));
    for (const position of [1, 2, 3]) await world.photos.add(id, position, aPhoto(String(position)));
    const call = held(trainingId('t9'));
    world.api.start = call.call;
    run();
    await call.begun();
    stopping.abort();
    let isOver = false;
    void ended.then(() => (isOver = true));
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(isOver).toBe(false);
    call.end();
    await ended;
    expect(await world.stateOf(id)).toBe('training');
    expect(await heldJobs()).toBe(0);
  });

  it('goes on holding that job at the usual pace, and not in a busy loop', async () => {
    await insert(aJob('training'));
    const call = held(await status({})());
    world.api.status = call.call;
    let renewals = 0;
    const renewLease: PollerDeps['jobs']['renewLease'] = (...given) => {
      renewals += 1;
      return world.jobs.renewLease(...given);
    };
    run({ jobs: { ...world.jobs, renewLease } });
    await call.begun();
    stopping.abort();
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    expect(renewals).toBeLessThanOrEqual(1);
    world.clock.pass(5 * second);
    await until(() => renewals > 0);
    call.end();
    await ended;
  });

  it('takes no job that is due any more', async () => {
    await insert(aJob('training'));
    stopping.abort();
    run();
    await ended;
    expect(world.calls).toEqual([]);
  });

  it('in the middle of a step leaves the job as it is, for the next start, and held by nobody', async () => {
    await insert(aJob('training'));
    world.api.status = () => {
      stopping.abort();
      return Promise.reject(new Error('aborted'));
    };
    run();
    await ended;
    expect(await find()).toEqual(aJob('training'));
    expect(await heldJobs()).toBe(0);
    expect(world.log.lines).toEqual([]);
  });
});

describe('when the database fails', () => {
  it('waits a second before it tries again', async () => {
    let claims = 0;
    const claimDue = () => {
      claims += 1;
      return Promise.reject(new Error('disk full'));
    };
    run({ jobs: { ...world.jobs, claimDue } });
    for (let round = 1; round <= 3; round += 1) {
      await until(() => claims === round);
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      expect(claims).toBe(round);
      world.clock.pass(second);
    }
    expect(world.log.lines[0]).toBe('error: due jobs could not be read, trying again');
  });

  it('leaves a job that cannot even be put off until its lease has run out', async () => {
    await insert(aJob('training'));
    const update = () => Promise.reject(new Error('disk full'));
    run({ jobs: { ...world.jobs, update } });
    await until(() => world.log.lines.length === 2);
    expect(world.log.lines[1]).toBe('error: a job could not be put off, leaving it until its lease has run out');
    expect(timesOf('status')).toBe(1);
    expect(await heldJobs()).toBe(1);
  });

  it('is not stopped by leases that cannot be renewed', async () => {
    await insert(aJob('training', { keyFingerprint: key.fingerprint }));
    const call = held(await status({ verdict: 'ready' })());
    world.api.status = call.call;
    run({ jobs: { ...world.jobs, renewLease: () => Promise.reject(new Error('locked')) } });
    await call.begun();
    world.clock.pass(5 * second);
    await until(() => world.log.lines.includes('warn: leases could not be renewed, trying again'));
    call.end();
    await hasState('ready');
  });
});

describe('pictures of a ready model', () => {
  const madeLinks = { state: 'made' as const, links: ['https://provider.test/1.png'] };
  const wanted = (change: Partial<PictureRound> = {}) => aJob('ready', { pictures: aRound('wanted', change) });
  const isOver = () => until(async () => (await find()).pictures?.progress.step === 'ended');

  beforeEach(() => {
    world.api.status = status({ verdict: 'ready' });
  });

  it('are told before they are asked for and once they are there, and then the job rests', async () => {
    await insert(wanted());
    const told: (string | undefined)[] = [];
    world.announcer.tell = async ({ pictures }) => {
      told.push(pictures?.progress.step);
      return Promise.resolve();
    };
    run();
    await isOver();
    await isQuiet();
    expect([told.at(0), told.at(-1)]).toEqual(['wanted', 'ended']);
    expect([timesOf('draw'), (await find()).nextAt]).toEqual([1, null]);
  });

  it('are followed at their own time until they are made', async () => {
    await insert(wanted());
    const { fetchPictures } = world.api;
    world.api.draw = () => Promise.resolve({ state: 'in-the-making', requestId: 'r1', etaMs: 20 * second });
    world.api.fetchPictures = async (...asked) => {
      await fetchPictures(...asked);
      return madeLinks;
    };
    run();
    await until(async () => (await find()).pictures?.progress.step === 'making');
    await isQuiet();
    world.clock.pass(19 * second);
    await isQuiet();
    expect(timesOf('fetchPictures')).toBe(0);
    world.clock.pass(second);
    await isOver();
    expect(timesOf('fetchPictures')).toBe(1);
  });

  it('are not asked for again when the process died while it asked', async () => {
    await insert(aJob('ready', { pictures: aRound('sending') }));
    run();
    await isOver();
    expect(timesOf('draw')).toBe(0);
    expect((await find()).pictures?.progress).toMatchObject({ outcome: { kind: 'unclear' } });
  });

  it('are not asked for sooner because something could not be told', async () => {
    await insert(aJob('ready', { pictures: aRound('making', { lookAt: noon + minute }), nextAt: noon }));
    world.announcer.tell = () => Promise.reject(new Error('Discord is away'));
    run();
    for (let round = 0; round < 5; round += 1) {
      await isQuiet();
      world.clock.pass(5 * second);
    }
    await isQuiet();
    expect(timesOf('fetchPictures')).toBe(0);
  });
});

describe('a crop that is moved step by step', () => {
  const insertAdjusted = async () => {
    const framing = { strategy: 'attention', dx: 1, dy: 0, zoomOut: 0 } as const;
    await insert(aJob('draft', { adjusted: { 1: { framing } }, adjustedAt: noon }));
    await world.photos.add(id, 1, { ...aPhoto('1.jpg'), cropName: 'attention-1024' });
  };

  it('is cut at once, while sheet and card wait until its owner pauses', async () => {
    await insertAdjusted();
    run();
    await isQuiet();
    expect(String(await world.photos.crop(id, 1))).toContain('moved 1,0,0');
    expect(timesOf('tell draft')).toBe(0);
    world.clock.pass(2 * second);
    await until(() => timesOf('tell draft') > 0);
    await isQuiet();
    expect((await find()).nextAt).toBe((await find()).touchedAt + hour);
  });

  it('is told after a stop in the middle as well', async () => {
    await insertAdjusted();
    run();
    await isQuiet();
    stopping.abort();
    await ended;
    world.clock.pass(2 * second);
    stopping = new AbortController();
    run();
    await until(() => timesOf('tell draft') > 0);
  });
});
