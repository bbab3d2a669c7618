import { beforeEach, describe, expect, it } from 'vitest';
import { advance } from '../../../../../src/services/jobs/state/advance.ts';
import { isIn } from '../../../../../src/services/jobs/state/job.ts';
import type { PictureRound, Progress } from '../../../../../src/services/jobs/state/picture-round.ts';
import { draw } from '../../../../../src/services/jobs/worker/pictures/draw.ts';
import {
  TrainingApiError,
  type TrainingApiErrorDetails,
} from '../../../../../src/services/modelslab/training-api-error.ts';
import type { PictureRequest, TrainingStatus } from '../../../../../src/services/modelslab/training-api.ts';
import { until } from '../../held-clock.ts';
import { aJob, jobId, key, minute, noon, second } from '../../job-builder.ts';
import { createJobWorld, fakeVault, unreadableVault, type JobWorld } from '../../job-world.ts';
import { aRound, made } from '../../round-builder.ts';

/*
 * One picture order at the provider, step by step: `look` is what the poller does each time that the job is due.
 */

const id = jobId('job1');
const { signal } = new AbortController();
let world: JobWorld;

beforeEach(async () => {
  world = await createJobWorld();
  world.api.status = status('ready');
});
const status = (verdict: TrainingStatus['verdict']) => async () => {
  world.calls.push('status');
  return Promise.resolve({ stage: 'some', verdict, log: [] });
};
const failing = (kind: TrainingApiError['kind'], details: TrainingApiErrorDetails = {}) => {
  return async () => Promise.reject(new TrainingApiError(kind, 'Cannot make pictures', details));
};
const insert = (round: PictureRound, change = {}) => world.jobs.insert(aJob('ready', { pictures: round, ...change }));
const round = async () => (await world.jobs.find(id))!.pictures!;
const progress = async () => (await round()).progress;
const timesOf = (call: string) => world.calls.filter((one) => one === call).length;

async function look(): Promise<Progress> {
  const job = (await world.jobs.find(id))!;
  if (!isIn(job, 'ready', 'deleted') || !job.pictures) throw new Error('there are no pictures to look at');
  world.clock.pass(Math.max(0, job.pictures.lookAt - world.clock.now()));
  await draw(job, job.pictures, world, signal);
  return progress();
}

describe('pictures that are wanted', () => {
  it('are asked for with prompt and number, once the intent is stored with the balance of before', async () => {
    await insert(aRound('wanted'));
    const asked: PictureRequest[] = [];
    world.api.draw = async (request) => {
      asked.push(request);
      expect(await progress()).toEqual({
        step: 'sending',
        intent: { attempt: 1, at: noon, before: { balance: 1, currency: 'USD' } },
      });
      return { state: 'made', links: ['https://provider.test/1.png'] };
    };
    expect(await look()).toMatchObject({ step: 'counting', outcome: { kind: 'made' } });
    expect(asked).toEqual([{ method: 'lora-sdxl', trainingId: 't1', prompt: 'photo of ambika0 woman', count: 2 }]);
    expect(await world.ledger(id)).toEqual(['pictures-intent', 'pictures-charged']);
  });

  it('are never those of another round: an answer that promises them again is no verdict', async () => {
    const intent = { attempt: 1, at: noon };
    const theirs = aRound('making', { progress: { step: 'making', intent, requestId: 'r1', since: noon } });
    await world.jobs.insert(aJob('ready', { id: jobId('other'), pictures: theirs }));
    await insert(aRound('wanted'));
    world.api.draw = async () => Promise.resolve({ state: 'in-the-making', requestId: 'r1', etaMs: 1 });
    expect(await look()).toMatchObject({ step: 'counting', outcome: { kind: 'unclear' } });
    expect(world.log.lines).toContain('error: the provider promised the pictures of another round');
  });

  it.each([
    ['no key', fakeVault(undefined)],
    ['a key that cannot be read', unreadableVault],
    ['the key of another account', fakeVault({ ...key, fingerprint: 'other' })],
  ])('end with %s, without a call', async (_what, vault) => {
    await insert(aRound('wanted'));
    world.vault.find = vault.find;
    expect(await look()).toEqual({ step: 'ended', outcome: { kind: 'no-key' } });
    expect(world.calls).toEqual([]);
  });

  it('are not asked for when the intent cannot be stored', async () => {
    await insert(aRound('wanted'));
    const jobs = { ...world.jobs, update: async () => Promise.reject(new Error('disk full')) };
    const job = (await world.jobs.find(id))!;
    await expect(draw(job as never, job.pictures!, { ...world, jobs }, signal)).rejects.toThrow('disk full');
    expect(timesOf('draw')).toBe(0);
  });

  it('are not asked for when the model was deleted in the meantime', async () => {
    await insert(aRound('wanted'));
    world.api.wallet = async () => {
      await world.jobs.update(id, (now) => advance(now, { type: 'deleted' }, noon));
      return { balance: 1, currency: 'USD' };
    };
    const job = (await world.jobs.find(id))!;
    await draw(job as never, job.pictures!, world, signal);
    expect(timesOf('draw')).toBe(0);
    expect(await world.ledger(id)).toEqual(['pictures-not-sent']);
  });

  it('are asked for without a balance where it cannot be had', async () => {
    await insert(aRound('wanted'));
    world.api.wallet = failing('unavailable');
    expect(await look()).toMatchObject({ step: 'ended', outcome: { kind: 'made' } });
  });
});

describe('a model that is idle', () => {
  it('is loaded first, once, and drawn with when its status says that it is ready', async () => {
    await insert(aRound('wanted'));
    world.api.status = status('running');
    expect(await look()).toEqual({ step: 'wanted', hold: 'loading' });
    expect(await look()).toEqual({ step: 'wanted', hold: 'loading' });
    world.api.status = status('ready');
    expect(await look()).toMatchObject({ step: 'counting' });
    expect([timesOf('reload'), timesOf('draw')]).toEqual([1, 1]);
  });

  it('is drawn with after ten minutes in any case: the refusal of that tells more', async () => {
    await insert(aRound('wanted', { reload: { at: noon, isTaken: true } }));
    world.api.status = status('running');
    expect(await look()).toMatchObject({ step: 'wanted' });
    world.clock.pass(10 * minute);
    world.api.draw = failing('rejected', { reason: 'not-loaded', said: 'Model not loaded: t1' });
    expect(await look()).toMatchObject({ step: 'ended', outcome: { kind: 'refused', said: 'Model not loaded: t1' } });
  });

  it.each([
    ['says nothing that is known', failing('malformed')],
    ['refuses', failing('rejected', { reason: 'not-found' })],
  ])('is drawn with when its status %s', async (_what, answer) => {
    await insert(aRound('wanted'));
    world.api.status = answer;
    expect(await look()).toMatchObject({ step: 'counting' });
  });

  it('is drawn with when the provider will not load it', async () => {
    await insert(aRound('wanted'));
    world.api.status = status('running');
    world.api.reload = failing('rejected', { reason: 'not-found' });
    await look();
    expect(await look()).toMatchObject({ step: 'counting' });
  });

  it('is loaded once when it is refused as not loaded, although its status was ready', async () => {
    await insert(aRound('wanted'));
    const { draw: drawing } = world.api;
    world.api.draw = failing('rejected', { reason: 'not-loaded' });
    expect(await look()).toEqual({ step: 'wanted', hold: 'loading' });
    await look();
    expect(await look(), 'it takes a while').toEqual({ step: 'wanted', hold: 'loading' });
    world.api.draw = drawing;
    expect(await look()).toMatchObject({ step: 'counting' });
    expect([timesOf('reload'), timesOf('draw')]).toEqual([1, 1]);
  });

  it('that is not found is loaded once, and then taken for gone', async () => {
    await insert(aRound('wanted'));
    world.api.draw = failing('rejected', { reason: 'not-found' });
    await look();
    await look();
    expect(await look()).toEqual({ step: 'ended', outcome: { kind: 'refused', reason: 'not-found' } });
    expect(timesOf('reload')).toBe(1);
  });
});

describe('a request that was not taken', () => {
  it.each([
    ['provably never left', 'unavailable', {}, 'provider-silent'],
    ['meets a full queue', 'rejected', { reason: 'queue-full' }, 'provider-busy'],
  ] as const)('is sent again later when it %s', async (_what, kind, details, hold) => {
    await insert(aRound('wanted'));
    const { draw: drawing } = world.api;
    world.api.draw = failing(kind, details);
    expect(await look()).toEqual({ step: 'wanted', hold });
    expect((await round()).lookAt).toBeGreaterThan(world.clock.now());
    world.api.draw = drawing;
    expect(await look()).toMatchObject({ step: 'counting', intent: { attempt: 2 } });
    expect(await world.ledger(id)).toEqual([
      'pictures-intent',
      'pictures-not-sent',
      'pictures-intent',
      'pictures-charged',
    ]);
  });

  it('waits as long as the provider asks for, and never for hours', async () => {
    await insert(aRound('wanted'));
    world.api.draw = failing('rejected', { reason: 'queue-full', retryAfterMs: 90 * second });
    await look();
    expect((await round()).lookAt - world.clock.now()).toBe(90 * second);
    world.api.draw = failing('rejected', { reason: 'queue-full', retryAfterMs: 600 * minute });
    await look();
    expect((await round()).lookAt - world.clock.now()).toBe(5 * minute);
  });

  it.each([
    ['its status has no answer', 'status', failing('unavailable')],
    ['the request is not taken', 'draw', failing('rejected', { reason: 'queue-full' })],
  ] as const)('is given up after half an hour when %s', async (_what, call, answer) => {
    await insert(aRound('wanted'));
    world.api[call] = answer;
    expect(await look()).toMatchObject({ step: 'wanted' });
    world.clock.pass(31 * minute);
    expect(await look()).toEqual({ step: 'ended', outcome: { kind: 'not-taken' } });
  });

  it('ends with the provider’s words when it is refused, and is not sent again', async () => {
    await insert(aRound('wanted'));
    world.api.draw = failing('rejected', { reason: 'credit', said: 'Insufficient credits' });
    expect(await look()).toEqual({
      step: 'ended',
      outcome: { kind: 'refused', reason: 'credit', said: 'Insufficient credits' },
    });
    expect(await world.ledger(id)).toEqual(['pictures-intent', 'pictures-refused']);
  });
});

describe('a request that may have arrived', () => {
  it.each([
    ['has no clear answer', failing('ambiguous')],
    ['has an answer of unknown shape', failing('malformed')],
    ['meets a bug', async () => Promise.reject(new Error('bug'))],
  ])('is never sent again when it %s', async (_what, answer) => {
    await insert(aRound('wanted'));
    let asked = 0;
    world.api.draw = async () => {
      asked += 1;
      return answer();
    };
    expect(await look()).toMatchObject({ step: 'counting', outcome: { kind: 'unclear' } });
    expect(await look()).toMatchObject({ step: 'ended', outcome: { kind: 'unclear' } });
    await look();
    expect(asked).toBe(1);
    expect(await world.ledger(id)).toEqual(['pictures-intent', 'pictures-no-verdict', 'pictures-counted']);
  });

  it('is never sent again after a crash: whoever finds it on its way calls it unclear', async () => {
    await insert(aRound('sending'));
    expect(await look()).toMatchObject({ step: 'counting', outcome: { kind: 'unclear' } });
    expect(timesOf('draw')).toBe(0);
  });

  it('has its verdict stored however often the database fails', async () => {
    await insert(aRound('wanted'));
    let failures = 0;
    const jobs: typeof world.jobs = {
      ...world.jobs,
      update: async (of, change) => {
        if (timesOf('draw') > 0 && failures < 3) {
          failures += 1;
          throw new Error('database is locked');
        }
        return world.jobs.update(of, change);
      },
    };
    const job = (await world.jobs.find(id))!;
    const drawing = draw(job as never, job.pictures!, { ...world, jobs }, signal);
    for (let time = 1; time <= 3; time += 1) {
      await until(() => failures === time && world.clock.sleeping() > 0);
      world.clock.pass(10 * second);
    }
    await drawing;
    expect(await progress()).toMatchObject({ step: 'counting', outcome: { kind: 'made' } });
    expect(timesOf('draw')).toBe(1);
  });

  it('is at least in the log when everything of its server was erased meanwhile', async () => {
    await insert(aRound('wanted'));
    const { draw: drawing } = world.api;
    world.api.draw = async (...asked) => {
      await world.jobs.forget(aJob('ready').guildId);
      return drawing(...asked);
    };
    const job = (await world.jobs.find(id))!;
    await draw(job as never, job.pictures!, world, signal);
    expect(world.log.lines).toContainEqual(expect.stringContaining('nobody waits for any more'));
  });
});

describe('pictures in the making', () => {
  it('are fetched with their id until they are there, as often as the provider thinks', async () => {
    await insert(aRound('wanted'));
    world.api.draw = async () => Promise.resolve({ state: 'in-the-making', requestId: 'r7', etaMs: 40 * second });
    expect(await look()).toMatchObject({ step: 'making', requestId: 'r7' });
    expect((await round()).lookAt).toBe(noon + 40 * second);
    const asked: string[] = [];
    world.api.fetchPictures = async (requestId) => {
      asked.push(requestId);
      return Promise.resolve({ state: 'in-the-making', requestId, etaMs: 20 * second });
    };
    expect(await look()).toMatchObject({ step: 'making' });
    expect((await round()).lookAt).toBe(noon + 60 * second);
    world.api.fetchPictures = async () => Promise.resolve({ state: 'made', links: ['https://provider.test/1.png'] });
    expect(await look()).toMatchObject({ step: 'counting', outcome: { kind: 'made' } });
    expect(asked).toEqual(['r7']);
  });

  it.each([
    ['does not answer', failing('unavailable')],
    ['knows nothing of them yet', failing('rejected', { reason: 'not-found' })],
    ['answers in an unknown shape', failing('malformed')],
  ])('are asked for again when the provider %s', async (_what, answer) => {
    await insert(aRound('making'));
    world.api.fetchPictures = answer;
    expect(await look()).toMatchObject({ step: 'making' });
    expect((await round()).lookAt).toBeGreaterThan(world.clock.now());
  });

  it('are waited for while the key is missing, and fetched when it is there again', async () => {
    await insert(aRound('making'));
    world.vault.find = fakeVault(undefined).find;
    expect(await look()).toMatchObject({ step: 'making' });
    world.vault.find = fakeVault(key).find;
    world.api.fetchPictures = async () => Promise.resolve({ state: 'made', links: ['https://provider.test/1.png'] });
    expect(await look()).toMatchObject({ step: 'counting' });
  });

  it('are given up after a quarter of an hour', async () => {
    await insert(aRound('making'));
    world.clock.pass(16 * minute);
    world.api.fetchPictures = async () => Promise.resolve({ state: 'in-the-making', requestId: 'r1', etaMs: 0 });
    expect(await look()).toMatchObject({ step: 'counting', outcome: { kind: 'late' } });
  });

  it('that the provider could not make end with its words', async () => {
    await insert(aRound('making'));
    world.api.fetchPictures = async () => Promise.resolve({ state: 'failed', said: 'out of memory' });
    expect(await look()).toMatchObject({ outcome: { kind: 'failed-there', said: 'out of memory' } });
  });
});

it('takes pictures without a link that may be shown for failed', async () => {
  await insert(aRound('making'));
  world.api.fetchPictures = async () => Promise.resolve({ state: 'made', links: [] });
  expect(await look()).toMatchObject({ outcome: { kind: 'failed-there' } });
});

describe('what they cost', () => {
  it('is what the wallet holds less than before', async () => {
    await insert(aRound('counting'));
    world.api.wallet = async () => Promise.resolve({ balance: 19.98, currency: 'USD' });
    expect(await look()).toEqual({ step: 'ended', outcome: made, spent: { amount: 0.02, currency: 'USD' } });
  });

  it.each([
    ['does not tell', failing('unavailable')],
    ['counts in another currency', async () => Promise.resolve({ balance: 19, currency: 'EUR' })],
  ])('stays open when the wallet %s', async (_what, wallet) => {
    await insert(aRound('counting'));
    world.api.wallet = wallet;
    expect(await look()).toEqual({ step: 'ended', outcome: made });
  });
});

it('does nothing before its time, whatever else the job is looked at for', async () => {
  await insert(aRound('making', { lookAt: noon + minute }));
  const job = (await world.jobs.find(id))!;
  await draw(job as never, job.pictures!, world, signal);
  expect(world.calls).toEqual([]);
});

it('ends without a word when it is stopped before anything was sent', async () => {
  await insert(aRound('wanted'));
  const stopping = new AbortController();
  world.api.wallet = async () => {
    stopping.abort(new Error('stopping'));
    return Promise.reject(stopping.signal.reason as Error);
  };
  const job = (await world.jobs.find(id))!;
  await expect(draw(job as never, job.pictures!, world, stopping.signal)).rejects.toThrow('stopping');
  expect(await progress()).toEqual({ step: 'wanted' });
});
