import { beforeEach, expect, it } from 'vitest';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { checkWallet } from '../../../../src/services/jobs/worker/check-wallet.ts';
import { heldWake } from '../held-clock.ts';
import { aJob, jobId, minute, noon, order, second } from '../job-builder.ts';
import { createJobWorld, unreadableVault, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
});
async function look(change: Partial<Job> = {}, { vault = world.vault, signal = never } = {}): Promise<Job> {
  const job = aJob('draft', { nextAt: null, ...change });
  await world.jobs.insert(job);
  await checkWallet(job, { ...world, vault, wake: heldWake(world.clock) }, signal);
  return (await world.jobs.find(id))!;
}

const holds = (balance: number, currency = 'USD') => {
  world.api.wallet = async () => Promise.resolve({ balance, currency });
};

it('stores what the wallet holds, has the card drawn anew, and leaves the card’s Start as good as before', async () => {
  holds(0.5);
  expect(await look()).toMatchObject({ wallet: { askedAt: noon, usd: 0.5 }, nextAt: noon, orderRev: 3 });
});

it('compares no other currency with a price in dollars, and forgets the dollars of another key', async () => {
  holds(0.5, 'EUR');
  const wallet = { askedAt: noon - minute, usd: 2 };
  expect((await look({ wallet, touchedAt: noon })).wallet).toEqual({ askedAt: noon });
});

it.each([
  ['for a method that is free', { order: { ...order, method: 'sandbox' as const } }],
  ['before there is a thread to say it in', { told: { ...aJob('draft').told, threadId: undefined } }],
  ['again within a minute', { wallet: { askedAt: noon - minute + 1 }, touchedAt: noon }],
  ['again while nobody touches the order', { wallet: { askedAt: noon - minute }, touchedAt: noon - minute }],
])('does not ask %s', async (_when, change) => {
  await look(change);
  expect(world.calls).toEqual([]);
});

it('asks again after a minute when the order was touched since', async () => {
  await look({ wallet: { askedAt: noon - minute, usd: 0 }, touchedAt: noon - 1 });
  expect(world.calls).toEqual(['wallet']);
});

it('asks nothing while the server has no key, or none that can be read, and asks as soon as it has one', async () => {
  const job = await look({}, { vault: { ...world.vault, find: () => Promise.resolve(undefined) } });
  expect(job.wallet).toBeUndefined();
  await checkWallet(job, { ...world, vault: unreadableVault, wake: heldWake(world.clock) }, never);
  expect(world.calls).toEqual([]);
});

it('leaves what is known when the call fails, and does not try again at once', async () => {
  world.api.wallet = () => Promise.reject(new Error('502'));
  const job = await look({ wallet: { askedAt: noon - minute, usd: 0.5 }, touchedAt: noon });
  expect(job).toMatchObject({ wallet: { askedAt: noon, usd: 0.5 }, nextAt: null });
  expect(world.log.lines).toEqual(['info: the wallet balance is not known']);
});

it('gives a call up that is silent for three seconds', async () => {
  world.api.wallet = (_key, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      world.clock.pass(3 * second);
    });
  expect((await look()).wallet).toEqual({ askedAt: noon });
  expect(world.log.lines).toEqual(['info: the wallet balance is not known']);
});

it('says nothing when the program stops meanwhile', async () => {
  const stopping = new AbortController();
  world.api.wallet = () => {
    stopping.abort();
    return Promise.reject(new Error('aborted'));
  };
  await look({}, { signal: stopping.signal });
  expect(world.log.lines).toEqual([]);
});

it('changes nothing of an order that was started meanwhile', async () => {
  world.api.wallet = async () => {
    await world.jobs.update(id, (now) => ({ ...now, phase: { state: 'queued' }, nextAt: noon + minute }));
    return { balance: 0, currency: 'USD' };
  };
  expect(await look()).toMatchObject({ wallet: { askedAt: noon }, nextAt: noon + minute });
});
