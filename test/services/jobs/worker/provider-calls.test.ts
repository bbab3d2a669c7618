import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { runPoller } from '../../../../src/services/jobs/worker/poller.ts';
import { createTakeCall, createWebhookFactory, type TakeCall } from '../../../../src/services/jobs/worker/webhooks.ts';
import { TrainingApiError } from '../../../../src/services/modelslab/training-api-error.ts';
import { heldWake, until } from '../held-clock.ts';
import {
  aJob,
  endStates,
  hour,
  intent,
  jobId,
  minute,
  noon,
  phases,
  second,
  trainingId,
  webhook as hash1,
} from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
let wake: ReturnType<typeof heldWake>;
let takeCall: TakeCall;
let woken: number;
const id = jobId('job1');
const { tokenHash } = createWebhookFactory({ publicUrl: 'https://bot.test', newToken: () => 'token1' })(id)!;
const webhook = { ...hash1, tokenHash };
const pollMs = 30 * second;

beforeEach(async () => {
  world = await createJobWorld();
  wake = heldWake(world.clock);
  woken = 0;
  const now = () => {
    woken += 1;
    wake.now();
  };
  takeCall = createTakeCall({ ...world, wake: { now } });
});

const training = (change: Partial<Job> = {}, askedAt = noon) =>
  aJob('training', { webhook, nextAt: noon + hour, phase: { ...phases.training, askedAt }, ...change });
const find = async () => (await world.jobs.find(id))!;
const rev = async () =>
  (await world.db.selectFrom('jobs').select('rev').where('id', '=', id).executeTakeFirstOrThrow()).rev;

it('a wrong token takes the same way whether there is such a job or not', async () => {
  await world.jobs.insert(training());
  const asked: string[] = [];
  const jobs = new Proxy(world.jobs, {
    get: (store, name) => {
      asked.push(String(name));
      return Reflect.get(store, name) as unknown;
    },
  });
  const wary = createTakeCall({ ...world, jobs, wake });
  asked.length = 0;
  expect(await wary(id, 'wrong')).toBe(false);
  const forJob = asked.splice(0);
  expect(await wary(jobId('neverwas12'), 'wrong')).toBe(false);
  expect(forJob).toEqual(['findAddress']);
  expect(asked).toEqual(forJob);
});

describe('a call of the provider’s', () => {
  it('brings the next look forward to the earliest time that the polling time allows', async () => {
    await world.jobs.insert(training());
    world.clock.pass(10 * second);
    expect(await takeCall(id, 'token1')).toBe(true);
    expect((await find()).nextAt).toBe(noon + pollMs);
    expect(woken).toBe(1);
  });

  it('has the training looked at now when it was asked about long ago', async () => {
    await world.jobs.insert(training());
    world.clock.pass(5 * minute);
    await takeCall(id, 'token1');
    expect((await find()).nextAt).toBeLessThanOrEqual(noon + 5 * minute);
  });

  it('never puts off a look that is due sooner', async () => {
    await world.jobs.insert(training({ nextAt: noon + second }));
    await takeCall(id, 'token1');
    expect((await find()).nextAt).toBe(noon + second);
  });

  it('does not hurry a provider that does not answer', async () => {
    await world.jobs.insert(training({ trouble: 2 }));
    world.clock.pass(5 * minute);
    await takeCall(id, 'token1');
    expect((await find()).nextAt).toBe(noon + hour);
  });

  it('changes nothing else of the job, whatever it claims', async () => {
    const job = training();
    await world.jobs.insert(job);
    await takeCall(id, 'token1');
    expect(await find()).toEqual({ ...job, nextAt: noon + pollMs, webhook: { ...webhook, called: true } });
    expect(await world.ledger(id)).toEqual([]);
  });

  it('brings the look for an order without a verdict forward as well', async () => {
    await world.jobs.insert(aJob('unknown', { webhook, nextAt: noon + hour, phase: { ...phases.unknown, looks: 1 } }));
    await takeCall(id, 'token1');
    expect(await find()).toMatchObject({ nextAt: noon + 45 * second, webhook: { called: true } });
  });

  it('tells which training it is about, which is looked at at once; what later calls name is the same or wrong', async () => {
    await world.jobs.insert(aJob('unknown', { webhook, nextAt: noon + hour, phase: { ...phases.unknown } }));
    await takeCall(id, 'token1', trainingId('mine'));
    expect(await find()).toMatchObject({ nextAt: noon, webhook: { called: true, named: 'mine' } });
    await takeCall(id, 'token1', trainingId('other'));
    expect([await rev(), (await find()).webhook?.named]).toEqual([1, 'mine']);
  });

  it('takes a question back once it tells which training it is', async () => {
    await world.jobs.insert(aJob('asking', { webhook, nextAt: null }));
    await takeCall(id, 'token1');
    expect((await find()).phase.state).toBe('asking');
    await takeCall(id, 'token1', trainingId('mine'));
    expect(await find()).toMatchObject({ phase: { state: 'unknown', intent, looks: 0 }, nextAt: noon });
  });

  it('that is faster than the answer to the order is kept for later', async () => {
    await world.jobs.insert(aJob('sending', { webhook }));
    expect(await takeCall(id, 'token1')).toBe(true);
    expect(await find()).toMatchObject({ phase: { state: 'sending' }, nextAt: noon, webhook: { called: true } });
  });

  it.each(['failed', 'cancelled'] as const)(
    'about a job that is %s without a training is told to owner and log',
    async (state) => {
      await world.jobs.insert(aJob(state, { webhook, nextAt: null }));
      for (let call = 0; call < 3; call += 1) expect(await takeCall(id, 'token1')).toBe(true);
      expect(await find()).toMatchObject({ phase: phases[state], lateCallAt: noon, nextAt: noon });
      expect(world.log.lines).toEqual(['error: a training seems to run that no order waits for any more']);
      expect([await rev(), woken]).toEqual([1, 1]);
    },
  );

  it.each(endStates.filter((state) => !['failed', 'cancelled'].includes(state)))(
    'about a job that is %s is taken, and nothing happens',
    async (state) => {
      const job = aJob(state, { webhook });
      await world.jobs.insert(job);
      expect(await takeCall(id, 'token1')).toBe(true);
      expect(await find()).toEqual(job);
      expect([await rev(), woken]).toEqual([0, 0]);
    },
  );

  it('that comes again before anybody looked costs no write', async () => {
    await world.jobs.insert(training());
    for (let call = 0; call < 100; call += 1) expect(await takeCall(id, 'token1')).toBe(true);
    expect([await rev(), woken]).toEqual([1, 1]);
  });
});

describe('a call with the wrong token', () => {
  it.each([
    ['another token', id, 'token2'],
    ['no token', id, ''],
    ['the digest that is stored', id, tokenHash],
    ['a job that there is not', jobId('job2'), 'token1'],
  ])('is not taken: %s', async (_what, of, token) => {
    const job = training();
    await world.jobs.insert(job);
    expect(await takeCall(of, token)).toBe(false);
    expect([await find(), await rev(), woken]).toEqual([job, 0, 0]);
  });

  it('is not taken when the job asked for no calls', async () => {
    await world.jobs.insert(aJob('training'));
    for (const token of ['token1', '', '0'.repeat(64)]) expect(await takeCall(id, token)).toBe(false);
  });

  it('is not taken when the order left again meanwhile: it is about an older attempt', async () => {
    await world.jobs.insert(training());
    const newer = { webhook: { ...webhook, tokenHash: 'hash2' } };
    const find: typeof world.jobs.find = async (of) => {
      const seen = await world.jobs.find(of);
      await world.jobs.update(of, (now) => ({ ...now, ...newer }));
      return seen;
    };
    await createTakeCall({ ...world, wake, jobs: { ...world.jobs, find } })(id, 'token1');
    expect(await world.jobs.find(id)).toEqual({ ...training(), ...newer });
  });
});

describe('a flood of calls', () => {
  let stopping: AbortController;
  let ended: Promise<void>;

  beforeEach(() => {
    stopping = new AbortController();
    ended = runPoller({ ...world, reviewer: createReviewer(world), wake }, stopping.signal);
  });
  afterEach(async () => {
    stopping.abort();
    await ended;
  });

  const timesAsked = () => world.calls.filter((call) => call === 'status').length;
  const isQuiet = () => until(async () => wake.isAsleep() && ((await world.jobs.nextDueAt()) ?? 0) > world.clock.now());

  /** One second after the other with some calls in each, and everything done that can be done in it. */
  async function flood(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 1) {
      for (let call = 0; call < 5; call += 1) await takeCall(id, 'token1');
      await isQuiet();
      world.clock.pass(second);
      await isQuiet();
    }
  }

  it('asks the provider no more often than the polling time allows', async () => {
    await world.jobs.insert(training({ nextAt: noon + pollMs }));
    await flood(5 * 60);
    expect(timesAsked()).toBe(10);
  });

  it('does not ask a silent provider more often than without it', async () => {
    const failing = () => {
      world.calls.push('status');
      return Promise.reject(new TrainingApiError('unavailable', 'Cannot call: no answer'));
    };
    world.api.status = failing;
    await world.jobs.insert(training({ nextAt: noon + pollMs }));
    await flood(5 * 60);
    // After 30 s, then 30, 60 and 120 s later.
    expect(timesAsked()).toBe(4);
  });
});
