import { beforeEach, describe, expect, it } from 'vitest';
import type { GuildId } from '../../../../src/lib/ids.ts';
import { advance } from '../../../../src/services/jobs/advance.ts';
import type { Job, JobIn } from '../../../../src/services/jobs/job.ts';
import { settle } from '../../../../src/services/jobs/sending/settle.ts';
import {
  TrainingApiError,
  type RefusalReason,
  type TrainingApiErrorKind,
} from '../../../../src/services/modelslab/errors.ts';
import {
  aJob,
  guildId,
  intent,
  jobId,
  minute,
  noon,
  order,
  phaseOf,
  phases,
  second,
  trainingId,
  webhook,
} from '../job-builder.ts';
import { createJobWorld, fakeVault, unreadableVault, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const otherGuild = 'guild2' as GuildId;
const id = jobId('job1');
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
});

/** Looks for an order whose wait is over, with what the provider lists. */
async function settled(
  listed: readonly string[],
  change: Partial<(typeof phases)['unknown']> = {},
  of: Partial<Job> = {},
) {
  world.api.list = () => Promise.resolve(listed.map(trainingId));
  const job = aJob('unknown', { ...of, phase: { ...phases.unknown, lookedAt: noon - 10 * minute, ...change } });
  await world.jobs.insert(job);
  await settle(job, world, never);
  return await world.jobs.find(id);
}

describe('an order without a verdict', () => {
  it('is followed when its training is in the list', async () => {
    expect(phaseOf(await settled(['new']), 'training').trainingId).toBe('new');
    expect(await world.ledger(id)).toEqual(['adopted']);
  });

  it('is looked for once more when it is not there', async () => {
    expect(phaseOf(await settled([]), 'unknown')).toMatchObject({ looks: 1, lookedAt: noon });
  });

  it('is sent again after the second look in vain', async () => {
    world.clock.pass(45 * second);
    expect(phaseOf(await settled([], { looks: 1 }), 'queued')).toEqual({ state: 'queued' });
    expect(await world.ledger(id)).toEqual(['resent']);
  });

  it('is looked for on and on while its request may still be on its way, whatever POLL_SECONDS is', async () => {
    world.clock.pass(45 * second - 1);
    expect(phaseOf(await settled([], { looks: 3 }), 'unknown').looks).toBe(4);
  });

  it('is on its way from when it left, not from when that was made ready', async () => {
    const made = advance(aJob('queued'), { type: 'leaving', intent }, noon + 30 * second);
    world.clock.pass(75 * second - 1);
    const { sentAt } = made;
    expect(phaseOf(await settled([], { looks: 3 }, { ...(sentAt && { sentAt }) }), 'unknown').looks).toBe(4);
  });

  it('is never sent again when the list does not show its kind: its owner is asked', async () => {
    const flux = { order: { ...order, method: 'flux' } } as const;
    expect(phaseOf(await settled([], { looks: 1 }, flux), 'asking').candidates).toEqual([]);
    expect(await world.ledger(id)).toEqual(['asked']);
  });

  it('is cancelled after the second look in vain when somebody wanted that', async () => {
    world.clock.pass(45 * second);
    expect((await settled([], { looks: 1 }, { cancelAskedAt: noon }))?.phase.state).toBe('cancelled');
    expect(await world.ledger(id)).toEqual(['not-sent']);
  });

  it('becomes a question when two trainings are new', async () => {
    expect(phaseOf(await settled(['x', 'y']), 'asking').candidates).toEqual(['x', 'y']);
    expect(await world.ledger(id)).toEqual(['asked']);
  });

  it('does not take the training of another job of the key', async () => {
    await world.jobs.insert(aJob('training', { id: jobId('other') }));
    expect((await settled(['t1']))?.phase.state).toBe('unknown');
  });

  it('does not take the training that an order began before it was tried again, which a lagging list shows only then', async () => {
    const phase = { ...phases.training, trainingId: trainingId('before') };
    await world.jobs.insert(aJob('sending', { id: jobId('other') }));
    await world.jobs.update(jobId('other'), (job) => advance(job, { type: 'accepted', ...phase }, noon));
    const failure = { kind: 'training-failed' } as const;
    await world.jobs.update(jobId('other'), (job) => advance(job, { type: 'failed', failure }, noon));
    await world.jobs.update(jobId('other'), (job) => advance(job, { type: 'reopened' }, noon));
    expect((await settled(['before']))?.phase.state).toBe('unknown');
  });

  it('becomes a question when an order nobody knew the fate of was erased with its server: the training may be that one’s', async () => {
    await world.jobs.insert(aJob('sending', { id: jobId('other'), guildId: otherGuild }));
    await world.jobs.forget(otherGuild);
    expect(phaseOf(await settled(['x']), 'asking').candidates).toEqual(['x']);
  });

  it('is not sent once more because of what a process found out that was suspended until another had sent it again', async () => {
    world.clock.pass(45 * second);
    const again = { ...intent, attempt: 2, at: noon + minute };
    await world.jobs.insert(aJob('unknown', { phase: { ...phases.unknown, looks: 1, lookedAt: noon - 10 * minute } }));
    world.api.list = async () => {
      for (const event of [{ type: 'send-again' }, { type: 'leaving', intent: again }, { type: 'no-verdict' }] as const)
        await world.jobs.update(id, (job) => advance(job, event, noon));
      return [];
    };
    await settle((await world.jobs.find(id)) as JobIn<'unknown'>, world, never);
    expect(phaseOf(await world.jobs.find(id), 'unknown')).toMatchObject({ intent: again, looks: 0 });
  });

  it('is looked for in a list of tens of thousands', async () => {
    const many = Array.from({ length: 40_000 }, (_, number) => `other${number}`);
    const before = many.map(trainingId);
    expect(phaseOf(await settled(many, { intent: { ...intent, before } }), 'unknown').looks).toBe(1);
  });

  it('becomes a question with a few of them when everything in a long list may be it', async () => {
    const many = Array.from({ length: 40_000 }, (_, number) => `other${number}`);
    const asked = phaseOf(await settled(many, { intent: { ...intent, before: null } }), 'asking');
    expect(asked.candidates).toHaveLength(25);
  });

  it('becomes a question after an hour when looking for it goes wrong in a way that nobody foresaw', async () => {
    world.api.list = () => Promise.reject(new RangeError('as the test wants'));
    const look = async () => {
      await settle((await world.jobs.find(id)) as JobIn<'unknown'>, world, never);
    };
    await world.jobs.insert(aJob('unknown', { phase: { ...phases.unknown, lookedAt: noon - 10 * minute } }));
    await expect(look()).rejects.toThrow(RangeError);
    world.clock.pass(60 * minute);
    await look();
    expect(phaseOf(await world.jobs.find(id), 'asking').candidates).toEqual([]);
    expect(world.log.lines).toEqual(['error: an order could not be looked for, asking its owner']);
  });

  it('becomes a question when a person is asked about another order of the key', async () => {
    await world.jobs.insert(aJob('asking', { id: jobId('other') }));
    expect(phaseOf(await settled(['x']), 'asking').candidates).toEqual(['x']);
  });

  it('becomes a question when another doubtful order of the key was dropped a while ago: the training may be that one’s', async () => {
    await world.jobs.insert(aJob('asking', { id: jobId('other') }));
    await world.jobs.update(jobId('other'), (job) => advance(job, { type: 'cancelled' }, noon));
    expect(phaseOf(await settled(['x']), 'asking').candidates).toEqual(['x']);
  });

  it('becomes a question when the key was replaced: its list is another account’s', async () => {
    const replaced = { intent: { ...intent, keyFingerprint: 'print-before' } };
    expect(phaseOf(await settled(['x'], replaced), 'asking').candidates).toEqual([]);
    expect(world.calls).toEqual([]);
  });

  it('becomes a question when the key is gone', async () => {
    world.vault.open = fakeVault(undefined).open;
    expect((await settled([]))?.phase.state).toBe('asking');
  });

  it('becomes a question when the key cannot be decrypted', async () => {
    world.vault.open = unreadableVault.open;
    expect((await settled([]))?.phase.state).toBe('asking');
  });

  it('is looked for on and on when the provider called about it, and then becomes a question, never a second charge', async () => {
    const called = { webhook: { ...webhook, called: true } };
    world.clock.pass(60 * minute - 1);
    expect(phaseOf(await settled([], { looks: 9 }, called), 'unknown').looks).toBe(10);
    await world.jobs.forget(guildId);
    world.clock.pass(1);
    expect(phaseOf(await settled([], { looks: 9 }, called), 'asking').candidates).toEqual([]);
    expect(await world.ledger(id)).toEqual(['dropped', 'asked']);
  });

  it('is looked for instead of sent again when the provider calls while its list is read', async () => {
    world.api.list = async () => {
      await world.jobs.update(id, (now) => advance(now, { type: 'webhook-called' }, noon));
      return [];
    };
    const job = aJob('unknown', { webhook, phase: { ...phases.unknown, lookedAt: noon - 10 * minute, looks: 1 } });
    await world.jobs.insert(job);
    world.clock.pass(45 * second);
    await settle(job, world, never);
    expect(await world.stateOf(id)).toBe('unknown');
    expect(await world.ledger(id)).toEqual([]);
  });

  it('is just sent again when that costs nothing', async () => {
    const free = { order: { ...order, method: 'sandbox' } } as const;
    expect((await settled([], {}, free))?.phase.state).toBe('queued');
    expect(world.calls).toEqual([]);
  });

  it('is given up after five times without an answer, although it costs nothing', async () => {
    const free = { order: { ...order, method: 'sandbox' } } as const;
    const attempt = (number: number) => ({ intent: { ...intent, attempt: number } });
    expect((await settled([], attempt(4), free))?.phase.state).toBe('queued');
    await world.jobs.forget(guildId);
    expect(phaseOf(await settled([], attempt(5), free), 'failed').failure).toEqual({ kind: 'no-answer' });
    await world.jobs.forget(guildId);
    expect((await settled([], attempt(5), { ...free, cancelAskedAt: noon }))?.phase.state).toBe('cancelled');
  });
});

describe('looking at it before its time', () => {
  it('comes sooner for one that the provider called about, because no look in vain proves anything there', async () => {
    const job = aJob('unknown', { webhook: { ...webhook, called: true }, phase: { ...phases.unknown, looks: 1 } });
    await world.jobs.insert(job);
    world.clock.pass(60 * second);
    await settle(job, world, never);
    expect(world.calls).toEqual(['list']);
  });

  it.each([
    [0, 59, 60],
    [1, 299, 300],
  ])('asks nobody, whatever the reason (after %i looks in vain)', async (looks, early, due) => {
    const job = aJob('unknown', { phase: { ...phases.unknown, looks } });
    await world.jobs.insert(job);
    world.clock.pass(early * second);
    await settle(job, world, never);
    expect(world.calls).toEqual([]);
    expect(await world.jobs.find(id)).toEqual(job);

    world.clock.pass((due - early) * second);
    await settle(job, world, never);
    expect(world.calls).toEqual(['list']);
  });
});

describe('a list that cannot be read', () => {
  const failed = async (kind: TrainingApiErrorKind, reason: RefusalReason = 'other') => {
    const job = aJob('unknown', { phase: { ...phases.unknown, lookedAt: noon - 10 * minute, looks: 1 } });
    await world.jobs.insert(job);
    world.api.list = () => Promise.reject(new TrainingApiError(kind, 'Cannot list', { reason }));
    await settle(job, world, never);
    return await world.jobs.find(id);
  };

  it('because the provider is down is asked for again later, and proves nothing', async () => {
    expect(await failed('unavailable')).toMatchObject({ phase: { state: 'unknown', looks: 1 }, trouble: 1 });
  });

  it('because the provider is busy is asked for again later as well', async () => {
    expect(await failed('rejected', 'queue-full')).toMatchObject({ phase: { state: 'unknown', looks: 1 }, trouble: 1 });
  });

  it('is not asked for again before the provider wants it, but for no more than an hour', async () => {
    const retryAfterMs = 24 * 60 * minute;
    const error = new TrainingApiError('rejected', 'Cannot list', { reason: 'queue-full', retryAfterMs });
    const job = aJob('unknown', { phase: { ...phases.unknown, lookedAt: noon - 10 * minute, looks: 1 } });
    await world.jobs.insert(job);
    world.api.list = () => {
      world.calls.push('list');
      return Promise.reject(error);
    };
    const settledAgain = async () => {
      await settle((await world.jobs.find(id)) as typeof job, world, never);
      return await world.stateOf(id);
    };
    expect(await settledAgain()).toBe('unknown');
    world.clock.pass(59 * minute);
    expect(await settledAgain()).toBe('unknown');
    expect(world.calls).toEqual(['list']);
    world.clock.pass(minute);
    expect(await settledAgain()).toBe('asking');
  });

  it('because the provider is busy for an hour makes it a question as well', async () => {
    world.clock.pass(60 * minute);
    expect((await failed('rejected', 'queue-full'))?.phase.state).toBe('asking');
  });

  it('for an hour makes it a question, because no other order of the server is sent until then', async () => {
    world.clock.pass(60 * minute - 1);
    expect((await failed('unavailable'))?.phase.state).toBe('unknown');
    await world.jobs.forget(guildId);
    world.clock.pass(1);
    expect((await failed('unavailable'))?.phase.state).toBe('asking');
  });

  it.each([
    ['rejected', 'key'],
    ['rejected', 'not-found'],
    ['malformed', 'other'],
  ] as const)('for good (%s %s) makes it a question', async (kind, reason) => {
    expect(phaseOf(await failed(kind, reason), 'asking').candidates).toEqual([]);
  });

  it('because we stop changes nothing', async () => {
    const stopping = new AbortController();
    const job = aJob('unknown', { phase: { ...phases.unknown, lookedAt: noon - 10 * minute } });
    await world.jobs.insert(job);
    world.api.list = () => {
      stopping.abort();
      return Promise.reject(new TrainingApiError('unavailable', 'Cannot list'));
    };
    await expect(settle(job, world, stopping.signal)).rejects.toThrow('aborted');
    expect(await world.jobs.find(id)).toEqual(job);
  });
});
