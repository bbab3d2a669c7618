import { beforeEach, describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../../../src/lib/ids.ts';
import type { Vault } from '../../../../../src/services/guilds/vault.ts';
import { advance } from '../../../../../src/services/jobs/state/advance.ts';
import { isIn, type Job, type JobIn } from '../../../../../src/services/jobs/state/job.ts';
import { submit } from '../../../../../src/services/jobs/worker/submit/submit.ts';
import { createWebhookFactory } from '../../../../../src/services/jobs/worker/webhooks.ts';
import {
  TrainingApiError,
  type RefusalReason,
  type TrainingApiErrorKind,
} from '../../../../../src/services/modelslab/training-api-error.ts';
import type { TrainingRequest } from '../../../../../src/services/modelslab/training-api.ts';
import { until } from '../../held-clock.ts';
import {
  aJob,
  hour,
  jobId,
  key,
  minute,
  noon,
  order,
  phaseOf,
  phases,
  second,
  trainingId,
  webhook,
} from '../../job-builder.ts';
import { addThreePhotos, createJobWorld, fakeVault, linkTo, unreadableVault, type JobWorld } from '../../job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
});

async function insertQueued(change: Partial<Job> = {}): Promise<JobIn<'queued'>> {
  const job = aJob('queued', change);
  await world.jobs.insert(job);
  await addThreePhotos(world.photos, job.id);
  return job;
}

const failing = (kind: TrainingApiErrorKind, reason?: RefusalReason) => () =>
  Promise.reject(new TrainingApiError(kind, 'Cannot call it: as the test wants', { ...(reason && { reason }) }));

const find = async () => await world.jobs.find(id);

describe('sending an order', () => {
  it('is followed by a training with the id that the provider gave', async () => {
    await submit(await insertQueued(), world, never);
    expect(phaseOf(await find(), 'training').trainingId).toBe('t9');
    expect(await world.ledger(id)).toEqual(['intent', 'charged']);
  });

  it('has stored its intent when the request leaves', async () => {
    let stored: Job | undefined;
    world.api.list = () => Promise.resolve([trainingId('older')]);
    world.api.start = async () => {
      stored = await find();
      expect(await world.ledger(id)).toEqual(['intent']);
      return trainingId('t9');
    };
    await submit(await insertQueued({ attempts: 1 }), world, never);
    expect(phaseOf(stored, 'sending').intent).toEqual({
      attempt: 2,
      at: noon,
      keyFingerprint: key.fingerprint,
      requestHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      before: ['older'],
    });
  });

  it('asks for what was ordered, with links to the crops in their order', async () => {
    const sent: TrainingRequest[] = [];
    world.api.start = (request) => {
      sent.push(request);
      return Promise.resolve(trainingId('t9'));
    };
    const job = await insertQueued({
      order: { ...order, method: 'dreambooth', baseModel: 'base', steps: 600, seed: 0 },
    });
    await submit(job, world, never);
    const images = [1, 2, 3].map((number) => linkTo(`0${number}-attention-512.png`));
    expect(sent).toEqual([
      { method: 'dreambooth', subject: 'woman', trigger: 'ambika0', images, baseModel: 'base', steps: 600, seed: 0 },
    ]);
  });

  it('tells the provider where to call, on a path that is another one at each attempt', async () => {
    const sent: TrainingRequest[] = [];
    let tokens = 0;
    const newToken = () => `token${(tokens += 1)}`;
    const createWebhook = createWebhookFactory({ publicUrl: 'https://bot.test/darkroom/', newToken });
    const hashes: (string | undefined)[] = [];
    world.api.start = async (request) => {
      sent.push(request);
      const job = await find();
      hashes.push(job?.webhook?.tokenHash);
      expect(JSON.stringify(job)).not.toContain(`token${tokens}`);
      throw new TrainingApiError('unavailable', 'Cannot call it: as the test wants');
    };
    await submit(await insertQueued(), { ...world, createWebhook }, never);
    await submit((await find()) as JobIn<'queued'>, { ...world, createWebhook }, never);
    expect(sent.map(({ webhook }) => webhook)).toEqual([
      'https://bot.test/darkroom/webhook/job1/token1',
      'https://bot.test/darkroom/webhook/job1/token2',
    ]);
    expect(new Set(hashes).size).toBe(2);
  });

  it('has the same digest of the request wherever the provider may call: what was ordered is the same', async () => {
    const digests: string[] = [];
    world.api.start = async () => {
      digests.push(phaseOf(await find(), 'sending').intent.requestHash);
      throw new TrainingApiError('unavailable', 'Cannot call it: as the test wants');
    };
    await submit(await insertQueued(), world, never);
    const createWebhook = createWebhookFactory({ publicUrl: 'https://bot.test', newToken: () => 'token1' });
    await submit((await find()) as JobIn<'queued'>, { ...world, createWebhook }, never);
    expect(digests).toHaveLength(2);
    expect(digests[0]).toBe(digests[1]);
  });

  it('is not sent when the provider has called meanwhile about the attempt that was taken for lost', async () => {
    const job = await insertQueued({ webhook, attempts: 1, keyFingerprint: key.fingerprint });
    world.api.list = async () => {
      await world.jobs.update(id, (now) => advance(now, { type: 'webhook-called' }, noon));
      return [];
    };
    await submit(job, world, never);
    expect(world.calls).not.toContain('start');
    expect(phaseOf(await find(), 'unknown').intent).toMatchObject({ attempt: 1, before: null });
  });

  describe('that is to be reported to Weights & Biases', () => {
    const reported = { order: { ...order, report: 'yes' } };
    const wandbKey = 'a-key-of-weights-and-biases';

    async function sentWith(wandb: Pick<Vault, 'find'>, change: Partial<Job> = reported) {
      const sent: TrainingRequest[] = [];
      const digests: string[] = [];
      world.api.start = async (request) => {
        sent.push(request);
        digests.push(phaseOf(await find(), 'sending').intent.requestHash);
        expect(JSON.stringify(await find())).not.toContain(wandbKey);
        throw new TrainingApiError('unavailable', 'Cannot call it: as the test wants');
      };
      const again = await find();
      const job = again && isIn(again, 'queued') ? again : await insertQueued(change);
      await submit(job, { ...world, wandb }, never);
      return { sent: sent[0], digest: digests[0] };
    }

    it('carries the server’s key there, which is neither stored nor in the digest of the request', async () => {
      const { sent, digest } = await sentWith(fakeVault({ secret: wandbKey, fingerprint: 'print2' }));
      expect(sent).toMatchObject({ wandbKey });
      expect((await sentWith(fakeVault(undefined))).digest).toBe(digest);
    });

    it('is sent without it when the key is gone or cannot be read', async () => {
      expect((await sentWith(fakeVault(undefined))).sent).not.toHaveProperty('wandbKey');
      expect((await sentWith(unreadableVault)).sent).not.toHaveProperty('wandbKey');
    });

    it('and no other carries it', async () => {
      const vault = fakeVault({ secret: wandbKey, fingerprint: 'print2' });
      expect((await sentWith(vault, {})).sent).not.toHaveProperty('wandbKey');
    });
  });

  it('draws a seed, names no other setting that was not chosen, and nothing that is the bot’s own', async () => {
    const sent: TrainingRequest[] = [];
    world.api.start = (request) => {
      sent.push(request);
      return Promise.resolve(trainingId('t9'));
    };
    await submit(await insertQueued(), world, never);
    expect(new Set(Object.keys(sent[0]!))).toEqual(new Set(['method', 'subject', 'trigger', 'seed', 'images']));
  });

  it('hands the crops over, then reads the list, then sends: the list must be the latest thing known', async () => {
    await submit(await insertQueued(), world, never);
    expect(world.calls.map((call) => call.split(' ')[0])).toEqual(['post', 'list', 'start']);
  });

  it('fails without a call when the server’s key cannot be decrypted: nobody but an admin can change that', async () => {
    const job = await insertQueued();
    await submit(job, { ...world, vault: unreadableVault }, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'no-key' });
    expect(world.calls).toEqual([]);
  });

  it('leaves a vault that fails otherwise to whoever called, and the order queued', async () => {
    const job = await insertQueued();
    const find = () => Promise.reject(new Error('database is locked'));
    await expect(submit(job, { ...world, vault: { find } }, never)).rejects.toThrow('locked');
    expect(await world.stateOf(id)).toBe('queued');
  });

  it('fails without a call when the server’s key is gone', async () => {
    const job = await insertQueued();
    await submit(job, { ...world, vault: fakeVault(undefined) }, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'no-key' });
    expect(world.calls).toEqual([]);
  });
});

describe('one at a time', () => {
  it('waits while another order of the key has no verdict, and sends nothing', async () => {
    await world.jobs.insert(aJob('sending', { id: jobId('other') }));
    await submit(await insertQueued(), world, never);
    expect(await find()).toMatchObject({ phase: { state: 'queued', hold: 'another-first' }, trouble: 0 });
    expect(world.calls).not.toContain('start');
  });

  it('hands nothing over while it has to wait', async () => {
    await world.jobs.insert(aJob('unknown', { id: jobId('other') }));
    await submit(await insertQueued(), world, never);
    expect(world.calls).toEqual([]);
  });

  it('waits as well when the other order left while this one was prepared', async () => {
    const job = await insertQueued();
    world.api.list = async () => {
      await world.jobs.insert(aJob('sending', { id: jobId('other') }));
      return [];
    };
    await submit(job, world, never);
    expect((await find())?.phase).toEqual({ state: 'queued', hold: 'another-first' });
    expect(await world.ledger(id)).toEqual([]);
  });

  it('does not wait for an order that costs nothing', async () => {
    await world.jobs.insert(aJob('unknown', { id: jobId('other'), order: { ...order, method: 'sandbox' } }));
    await submit(await insertQueued(), world, never);
    expect(await world.stateOf(id)).toBe('training');
  });

  it('sends one of two that come at the same moment', async () => {
    const one = await insertQueued();
    const other = await insertQueued({ id: jobId('other') });
    let verdict: (id: TrainingId) => void = () => undefined;
    world.api.start = () => {
      world.calls.push('start');
      return new Promise((resolve) => (verdict = resolve));
    };
    const first = submit(one, world, never);
    await submit(other, world, never).then(() => {
      verdict(trainingId('t9'));
    });
    await first;
    expect(world.calls.filter((call) => call === 'start')).toHaveLength(1);
  });

  it('sends nothing when the job was cancelled while its photos were handed over', async () => {
    const job = await insertQueued();
    world.api.list = async () => {
      await world.jobs.update(id, (now) => advance(now, { type: 'cancel-asked' }, noon));
      return [];
    };
    await submit(job, world, never);
    expect(await world.stateOf(id)).toBe('cancelled');
    expect(world.calls).not.toContain('start');
  });

  it('sends nothing for a job that another process is sending already', async () => {
    const job = await insertQueued();
    world.api.list = async () => {
      await world.jobs.update(id, (now) => ({ ...now, phase: phases.sending }));
      return [];
    };
    await submit(job, world, never);
    expect(await find()).toMatchObject({ phase: phases.sending });
    expect(world.calls).not.toContain('start');
  });
});

describe('the line of a key', () => {
  const others = async (count: number, change: Partial<Job> = {}) => {
    for (let number = 1; number <= count; number += 1) {
      const training = { ...phases.training, trainingId: trainingId(`other${number}`) };
      await world.jobs.insert(aJob('training', { id: jobId(`other${number}`), phase: training, ...change }));
    }
  };
  const older = { startedAt: noon - hour };
  const inLine = (place: number, slots = 5) => ({ state: 'queued', hold: 'in-line', line: { place, slots } });

  it('holds an order while the provider’s queue is full, and does nothing for it', async () => {
    await others(5);
    await submit(await insertQueued(), world, never);
    expect(await find()).toMatchObject({ phase: inLine(1), trouble: 0, keyFingerprint: key.fingerprint });
    expect(world.calls).toEqual([]);
  });

  it('lets as many in as the server’s plan allows', async () => {
    world.chosen.plan = 'standard';
    await others(9, older);
    await submit(await insertQueued(), world, never);
    expect(await world.stateOf(id)).toBe('training');
    await submit(await insertQueued({ id: jobId('next') }), world, never);
    expect((await world.jobs.find(jobId('next')))?.phase).toEqual(inLine(1, 10));
  });

  it('says on the card that the turn has come before the provider takes its time', async () => {
    const job = await insertQueued({ phase: { state: 'queued', hold: 'in-line', line: { place: 1, slots: 5 } } });
    await submit(job, world, never);
    expect(await find()).toMatchObject({ phase: { state: 'queued' }, calledAt: noon, nextAt: noon });
    expect(phaseOf(await find(), 'queued').hold).toBeUndefined();
    expect(world.calls).toEqual([]);
  });

  it('writes nothing while a place stays what it was', async () => {
    await others(5);
    await submit(await insertQueued(), world, never);
    const before = await world.db.selectFrom('jobs').select('rev').where('id', '=', id).executeTakeFirstOrThrow();
    await submit((await find()) as JobIn<'queued'>, world, never);
    expect(await world.db.selectFrom('jobs').select('rev').where('id', '=', id).executeTakeFirst()).toEqual(before);
  });

  it('takes an order back in that lost its turn while it was prepared', async () => {
    await others(4, older);
    const job = await insertQueued();
    world.api.list = async () => {
      await world.jobs.insert(aJob('training', { id: jobId('faster') }));
      return [];
    };
    await submit(job, world, never);
    expect((await find())?.phase).toEqual(inLine(1));
    expect(world.calls).not.toContain('start');
  });

  it('is another one after the key was replaced: what runs with the old key is not in the way', async () => {
    await others(5);
    const replaced = { secret: 'the-next-secret', fingerprint: 'print2' };
    const job = await insertQueued({ keyFingerprint: key.fingerprint, quietUntil: noon + hour });
    await submit(job, { ...world, vault: fakeVault(replaced) }, never);
    expect(await find()).toMatchObject({ phase: { state: 'training' }, keyFingerprint: 'print2' });
  });

  it('is never given up: an order waits there for days', async () => {
    await others(5);
    const job = await insertQueued();
    world.clock.pass(72 * hour);
    await submit(job, world, never);
    expect((await find())?.phase).toEqual(inLine(1));
  });

  it('is left with the next key when that is set while the crops are handed over', async () => {
    const opened = [key, { secret: 'the-next-secret', fingerprint: 'print2' }];
    const find = () => Promise.resolve(opened.shift());
    await submit(await insertQueued(), { ...world, vault: { find } }, never);
    expect(world.calls).not.toContain('start');
    expect(await world.stateOf(id)).toBe('queued');
  });

  it('does not make an order that the provider turns away begin anew', async () => {
    await insertQueued({ trouble: 3, phase: { state: 'queued', hold: 'in-line', line: { place: 1, slots: 5 } } });
    world.clock.pass(24 * hour + 1);
    await submit((await find()) as JobIn<'queued'>, world, never);
    expect(phaseOf(await find(), 'queued').hold).toBeUndefined();
    world.api.list = failing('unavailable');
    await submit((await find()) as JobIn<'queued'>, world, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'unreachable' });
  });

  it('gives an order that comes out of it a day of its own with the provider', async () => {
    const job = await insertQueued({ calledAt: noon + 72 * hour });
    world.clock.pass(73 * hour);
    world.api.list = failing('unavailable');
    await submit(job, world, never);
    expect(phaseOf(await find(), 'queued').hold).toBe('provider-silent');
  });
});

describe('when the provider says for how long it is full', () => {
  const full = (retryAfterMs?: number) => () =>
    Promise.reject(
      new TrainingApiError('rejected', 'Cannot start: refused', {
        reason: 'queue-full',
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      }),
    );

  it.each(['start', 'list'] as const)('in the answer to %s, the order is left alone until then', async (call) => {
    world.api[call] = full(45 * second);
    await submit(await insertQueued(), world, never);
    expect(await find()).toMatchObject({ phase: { hold: 'provider-busy' }, quietUntil: noon + 45 * second });
    world.calls.length = 0;
    world.clock.pass(45 * second - 1);
    await submit((await find()) as JobIn<'queued'>, world, never);
    expect(world.calls).toEqual([]);
  });

  it('the other orders of the key wait as well: they would meet the same', async () => {
    world.api.start = full(45 * second);
    await submit(await insertQueued(), world, never);
    world.calls.length = 0;
    await submit(await insertQueued({ id: jobId('next'), startedAt: noon + 1 }), world, never);
    expect((await world.jobs.find(jobId('next')))?.phase).toMatchObject({ hold: 'in-line', line: { place: 2 } });
    expect(world.calls).toEqual([]);
  });

  it('they go on after that time, and the one that was turned away too', async () => {
    world.api.start = full(45 * second);
    await submit(await insertQueued(), world, never);
    world.clock.pass(45 * second);
    world.api.start = () => Promise.resolve(trainingId('t9'));
    await submit((await find()) as JobIn<'queued'>, world, never);
    expect(await find()).toMatchObject({ phase: { state: 'training' } });
    expect((await find())?.quietUntil).toBeUndefined();
  });

  it('and does not, it is left alone for half a minute', async () => {
    world.api.start = full();
    await submit(await insertQueued(), world, never);
    expect((await find())?.quietUntil).toBe(noon + 30 * second);
  });

  it('for a whole day, the order is given up with the reason', async () => {
    const job = await insertQueued();
    world.clock.pass(24 * hour + second);
    world.api.start = full(45 * second);
    await submit(job, world, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'refused', reason: 'queue-full' });
  });
});

describe('the list before sending', () => {
  const owned = (change: Partial<Job>) => world.jobs.insert(aJob('training', { id: jobId('other'), ...change }));
  const intentBefore = async () => {
    let stored: Job | undefined;
    world.api.start = async () => {
      stored = await find();
      return trainingId('t9');
    };
    const queued = (await find()) as JobIn<'queued'> | undefined;
    await submit(queued ?? (await insertQueued()), world, never);
    return stored && phaseOf(stored, 'sending').intent.before;
  };

  it('must show what this key trains already: until it does, the order waits', async () => {
    await owned({});
    await submit(await insertQueued(), world, never);
    expect(await find()).toMatchObject({ phase: { state: 'queued', hold: 'list-lags' }, trouble: 1 });
    expect(world.calls).not.toContain('start');
  });

  it.each(['flux', 'sandbox'] as const)(
    'need not show trainings of the kind %s, which it never shows',
    async (method) => {
      await owned({ order: { ...order, method } });
      expect(await intentBefore()).toEqual([]);
    },
  );

  it('need not show a training that began more than ten minutes ago: it was removed there', async () => {
    await owned({ startedAt: noon - 11 * minute });
    expect(await intentBefore()).toEqual([]);
  });

  it('is not relied on when it never shows what runs', async () => {
    await owned({});
    await insertQueued({ trouble: 4 });
    expect(await intentBefore()).toBeNull();
  });

  it.each([
    ['malformed', undefined],
    ['rejected', 'not-found'],
  ] as const)('is not relied on when the provider has none (%s %s)', async (kind, reason) => {
    world.api.list = failing(kind, reason);
    expect(await intentBefore()).toBeNull();
  });

  it.each([
    ['unavailable', undefined, { state: 'queued', hold: 'provider-silent' }],
    ['rejected', 'queue-full', { state: 'queued', hold: 'provider-busy' }],
    ['rejected', 'key', { state: 'failed', failure: { kind: 'refused', reason: 'key' } }],
    ['rejected', 'plan', { state: 'failed', failure: { kind: 'refused', reason: 'plan' } }],
  ] as const)('that fails as %s %s means: nothing was sent', async (kind, reason, phase) => {
    world.api.list = failing(kind, reason);
    await submit(await insertQueued(), world, never);
    expect((await find())?.phase).toEqual(phase);
    expect(world.calls).not.toContain('start');
  });

  it('that fails by a bug of ours leaves the order queued, and the bug to whoever called', async () => {
    world.api.list = () => Promise.reject(new TypeError('a bug'));
    const job = await insertQueued();
    await expect(submit(job, world, never)).rejects.toThrow('a bug');
    expect(await find()).toMatchObject({ phase: { state: 'queued' }, trouble: 0 });
  });
});

describe('the verdict on a paid request', () => {
  const refused = (reason: RefusalReason) => ({ state: 'failed', failure: { kind: 'refused', reason } });

  it.each([
    ['unavailable', undefined, { state: 'queued', hold: 'provider-silent' }, 'not-sent'],
    ['rejected', 'queue-full', { state: 'queued', hold: 'provider-busy' }, 'not-sent'],
    ['rejected', 'key', refused('key'), 'refused'],
    ['rejected', 'credit', refused('credit'), 'refused'],
    ['rejected', 'plan', refused('plan'), 'refused'],
    ['rejected', 'not-found', refused('not-found'), 'refused'],
    ['rejected', 'fields', refused('fields'), 'refused'],
    ['rejected', 'other', refused('other'), 'refused'],
    ['ambiguous', undefined, { state: 'unknown', looks: 0 }, 'no-verdict'],
    ['malformed', undefined, { state: 'unknown', looks: 0 }, 'no-verdict'],
  ] as const)('%s %s', async (kind, reason, phase, event) => {
    world.api.start = failing(kind, reason);
    await submit(await insertQueued(), world, never);
    expect((await find())?.phase).toMatchObject(phase);
    expect(await world.ledger(id)).toEqual(['intent', event]);
  });

  it('is none when anything else is thrown: the request may have left', async () => {
    world.api.start = () => Promise.reject(new TypeError('fetch failed'));
    await submit(await insertQueued(), world, never);
    expect(await world.stateOf(id)).toBe('unknown');
  });

  it('keeps the provider’s own words of a refusal', async () => {
    const error = new TrainingApiError('rejected', 'Cannot start', { reason: 'credit', said: 'Insufficient balance' });
    world.api.start = () => Promise.reject(error);
    await submit(await insertQueued(), world, never);
    expect(phaseOf(await find(), 'failed').failure).toMatchObject({ said: 'Insufficient balance' });
  });

  it('is waited for when the process stops meanwhile', async () => {
    const stopping = new AbortController();
    world.api.start = (_request, _key, signal) => {
      stopping.abort();
      return signal.aborted ? Promise.reject(new Error('interrupted')) : Promise.resolve(trainingId('t9'));
    };
    await submit(await insertQueued(), world, stopping.signal);
    expect(await world.stateOf(id)).toBe('training');
  });
});

describe('a verdict that cannot be stored', () => {
  it('is stored again and again, because it is about money', async () => {
    const job = await insertQueued();
    let failures = 0;
    const update: typeof world.jobs.update = async (...given) => {
      if (world.calls.includes('start') && failures < 3) {
        failures += 1;
        throw new Error('database is locked');
      }
      return await world.jobs.update(...given);
    };
    const submitted = submit(job, { ...world, jobs: { ...world.jobs, update } }, never);
    for (const wait of [200, 400, 800]) {
      await until(() => world.clock.sleeping() === 1);
      world.clock.pass(wait - 1);
      expect(world.clock.sleeping()).toBe(1);
      world.clock.pass(1);
    }
    await submitted;
    expect(phaseOf(await find(), 'training').trainingId).toBe('t9');
    expect(await world.ledger(id)).toEqual(['intent', 'charged']);
  });

  it('does not count for a later attempt, and is at least in the log', async () => {
    const job = await insertQueued();
    const later = { ...phases.asking, intent: { ...phases.asking.intent, attempt: 2 } };
    world.api.start = async () => {
      await world.jobs.update(id, (now) => ({ ...now, phase: later }));
      return trainingId('t9');
    };
    await submit(job, world, never);
    expect((await find())?.phase).toEqual(later);
    expect(world.log.lines).toEqual(['error: a training began that no order waits for any more']);
  });

  it('of an order that was erased meanwhile is in the log', async () => {
    const job = await insertQueued();
    world.api.start = async () => {
      await world.jobs.forget(job.guildId);
      return trainingId('t9');
    };
    await submit(job, world, never);
    expect(world.log.lines).toEqual(['error: a training began that no order waits for any more']);
  });
});

describe('stopping before anything was sent', () => {
  it.each(['list', 'postCrops'] as const)('during %s leaves the order queued', async (call) => {
    const stopping = new AbortController();
    const job = await insertQueued();
    const aborting = () => {
      stopping.abort();
      return Promise.reject(new TrainingApiError('unavailable', 'Cannot call: aborted'));
    };
    if (call === 'list') world.api.list = aborting;
    else world.announcer.postCrops = aborting;
    await expect(submit(job, world, stopping.signal)).rejects.toThrow('aborted');
    expect(await find()).toMatchObject({ phase: { state: 'queued' }, trouble: 0 });
  });

  it('at the last moment leaves the order queued', async () => {
    const stopping = new AbortController();
    const job = await insertQueued();
    world.api.list = () => {
      stopping.abort();
      return Promise.resolve([]);
    };
    await expect(submit(job, world, stopping.signal)).rejects.toThrow('aborted');
    expect(await world.stateOf(id)).toBe('queued');
    expect(world.calls).not.toContain('start');
  });
});

describe('an order that cannot be sent for a day', () => {
  const lateMs = 24 * hour + second;

  it('is given up while the provider does not answer', async () => {
    const job = await insertQueued();
    world.clock.pass(lateMs);
    world.api.list = failing('unavailable');
    await submit(job, world, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'unreachable' });
  });

  it('is given up when each request is turned away', async () => {
    const job = await insertQueued();
    world.clock.pass(lateMs);
    world.api.start = failing('unavailable');
    await submit(job, world, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({ kind: 'unreachable' });
    expect(await world.ledger(id)).toEqual(['intent', 'not-sent']);
  });

  it('gets another day when a person said "send again"', async () => {
    const job = await insertQueued({ touchedAt: noon + lateMs });
    world.clock.pass(lateMs);
    world.api.list = failing('unavailable');
    await submit(job, world, never);
    expect(await world.stateOf(id)).toBe('queued');
  });
});

describe('photos that cannot be handed over', () => {
  it('end the order before anything is sent, when too few are left', async () => {
    const job = await insertQueued();
    await world.photos.remove(id, [1]);
    await submit(job, world, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({
      kind: 'no-hand-over',
      why: '2 photos are left, and 3 are needed',
    });
    expect(world.calls).not.toContain('start');
  });

  it('end the order before anything is sent, when the bytes of a crop are gone', async () => {
    const job = await insertQueued();
    await world.db.deleteFrom('photo_pieces').where('position', '=', 2).execute();
    await submit(job, world, never);
    expect(phaseOf(await find(), 'failed').failure).toEqual({
      kind: 'no-hand-over',
      why: 'photo 2 (2.jpg) could not be handed over',
    });
    expect(world.calls).not.toContain('start');
  });
});
