import { beforeEach, describe, expect, it } from 'vitest';
import { advance } from '../../../../../src/services/jobs/state/advance.ts';
import type { Job, JobIn } from '../../../../../src/services/jobs/state/job.ts';
import { settle } from '../../../../../src/services/jobs/worker/submit/settle.ts';
import type { MethodId } from '../../../../../src/services/modelslab/methods.ts';
import {
  TrainingApiError,
  type RefusalReason,
  type TrainingApiErrorKind,
} from '../../../../../src/services/modelslab/training-api-error.ts';
import type { TrainingRef } from '../../../../../src/services/modelslab/training-api.ts';
import {
  aJob,
  guildId,
  intent,
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
import { createJobWorld, fakeVault, unreadableVault, type JobWorld } from '../../job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
});

/** The list of the key was seen to show a training, so long after it was sent, that was still training. */
const tested = (shownAfterMs: number, method: MethodId = order.method, keyFingerprint = key.fingerprint) =>
  world.sightings.note({ keyFingerprint, method }, shownAfterMs);

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
  it('becomes a question when one training is new: somebody else who uses the account may have begun it', async () => {
    world.clock.pass(45 * second);
    const { candidates, sightings } = phaseOf(await settled(['new']), 'asking');
    expect(candidates).toEqual(['new']);
    expect(sightings).toEqual([{ trainingId: 'new', seenAt: noon + 45 * second, stage: 'training_started' }]);
    expect(await world.ledger(id)).toEqual(['asked']);
  });

  it('remembers when a training was new that it is asked about later', async () => {
    const met = phaseOf(await settled(['new']), 'unknown');
    expect(met).toMatchObject({ looks: 1, sightings: [{ trainingId: 'new', seenAt: noon }] });
    await world.jobs.forget(guildId);
    world.clock.pass(45 * second);
    const asking = phaseOf(await settled(['other', 'new'], { looks: 1, sightings: met.sightings! }), 'asking');
    expect(asking.candidates).toEqual(['new', 'other']);
    expect(asking.sightings).toMatchObject([{ seenAt: noon }, { seenAt: noon + 45 * second }]);
  });

  it('is asked about with less when the provider does not tell how a new training is', async () => {
    world.api.status = () => Promise.reject(new TrainingApiError('unavailable', 'Cannot ask'));
    world.clock.pass(45 * second);
    const seenAt = noon + 45 * second;
    expect(phaseOf(await settled(['new']), 'asking').sightings).toEqual([{ trainingId: 'new', seenAt }]);
  });

  it('becomes a question with the training that stood in its answer, although no list shows it', async () => {
    const named = { sightings: [{ trainingId: trainingId('named'), seenAt: noon }] };
    world.clock.pass(45 * second);
    expect(phaseOf(await settled([], { looks: 1, ...named }), 'asking').candidates).toEqual(['named']);
    await world.jobs.forget(guildId);
    world.vault.find = fakeVault(undefined).find;
    expect(phaseOf(await settled([], { looks: 1, ...named }), 'asking').candidates).toEqual(['named']);
  });

  it('is looked for once more when it is not there', async () => {
    expect(phaseOf(await settled([]), 'unknown')).toMatchObject({ looks: 1, lookedAt: noon });
  });

  it('is sent again after the second look in vain, where the list was seen to show what trains', async () => {
    await tested(20 * second);
    world.clock.pass(5 * minute);
    expect(phaseOf(await settled([]), 'unknown').looks).toBe(1);
    await world.jobs.forget(guildId);
    await tested(20 * second);
    expect(phaseOf(await settled([], { looks: 1 }), 'queued')).toEqual({ state: 'queued' });
    expect(await world.ledger(id)).toEqual(['dropped', 'resent']);
  });

  it('becomes a question as soon as nothing can turn up any more, where the list was never seen to do so', async () => {
    world.clock.pass(45 * second);
    expect(phaseOf(await settled([]), 'asking').candidates).toEqual([]);
    expect(await world.ledger(id)).toEqual(['asked']);
  });

  it.each([
    ['with another key', () => tested(0, order.method, 'print2')],
    ['with another method', () => tested(0, 'dreambooth')],
    [
      'a day ago',
      () =>
        tested(0).then(() => {
          world.clock.pass(24 * 60 * minute);
        }),
    ],
    [
      'in the future, before the clock was set back',
      () =>
        tested(0).then(() => {
          world.clock.pass(-minute);
        }),
    ],
  ])('becomes a question where that was seen %s', async (_what, learn) => {
    await learn();
    const at = world.clock.now() - 5 * minute;
    const job = await settled([], { looks: 9, lookedAt: at, intent: { ...intent, at } });
    expect(phaseOf(job, 'asking').candidates).toEqual([]);
  });

  it('becomes a question when the very list does not show another one that trains, and is older than it', async () => {
    await tested(20 * second);
    await world.jobs.insert(aJob('training', { id: jobId('other'), sentAt: noon - minute }));
    world.clock.pass(5 * minute);
    expect((await settled([], { looks: 1 }))?.phase.state).toBe('asking');
    expect(await world.listEvidence.shownAfterMs(key, order.method)).toBeUndefined();
  });

  it('is looked for until the list, which was slow when it was tried, would have to show it', async () => {
    await tested(8 * minute);
    world.clock.pass(8 * minute - 1);
    expect(phaseOf(await settled([], { looks: 1 }), 'unknown').looks).toBe(2);
    await world.jobs.forget(guildId);
    await tested(8 * minute);
    world.clock.pass(1);
    expect((await settled([], { looks: 2 }))?.phase.state).toBe('queued');
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
    world.clock.pass(45 * second);
    expect(phaseOf(await settled([], { looks: 1 }, flux), 'asking').candidates).toEqual([]);
    expect(await world.ledger(id)).toEqual(['asked']);
  });

  it('is cancelled after the second look in vain when somebody wanted that', async () => {
    await tested(20 * second);
    world.clock.pass(5 * minute);
    expect((await settled([], { looks: 1 }, { cancelAskedAt: noon }))?.phase.state).toBe('cancelled');
    expect(await world.ledger(id)).toEqual(['not-sent']);
  });

  it('becomes a question when two trainings are new', async () => {
    world.clock.pass(45 * second);
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
    world.clock.pass(45 * second);
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

  it('becomes a question when the key was replaced: its list is another account’s', async () => {
    const replaced = { intent: { ...intent, keyFingerprint: 'print-before' } };
    expect(phaseOf(await settled(['x'], replaced), 'asking').candidates).toEqual([]);
    expect(world.calls).toEqual([]);
  });

  it('becomes a question when the key is gone', async () => {
    world.vault.find = fakeVault(undefined).find;
    expect((await settled([]))?.phase.state).toBe('asking');
  });

  it('becomes a question when the key cannot be decrypted', async () => {
    world.vault.find = unreadableVault.find;
    expect((await settled([]))?.phase.state).toBe('asking');
  });

  describe('that the provider called about', () => {
    const called = (named?: string) => ({
      webhook: { ...webhook, called: true, ...(named !== undefined && { named: trainingId(named) }) },
    });
    it('is followed as the training that was named, at once, whatever else is new', async () => {
      const asked: TrainingRef[] = [];
      world.api.status = (training) => {
        asked.push(training);
        return Promise.resolve({ stage: 'training_started', verdict: 'running', log: [] });
      };
      const job = await settled(['strange'], { lookedAt: noon }, called('mine'));
      expect(phaseOf(job, 'training').trainingId).toBe('mine');
      expect(asked).toEqual([{ method: 'lora-sdxl', trainingId: 'mine' }]);
      expect(await world.ledger(id)).toEqual(['adopted']);
    });

    it('is not followed as a training that the provider does not know: it is looked for, and then asked about', async () => {
      world.api.status = () => Promise.reject(new TrainingApiError('rejected', 'Cannot ask', { reason: 'not-found' }));
      world.clock.pass(45 * second);
      expect(phaseOf(await settled(['x'], { looks: 2 }, called('forged')), 'unknown').looks).toBe(3);
      await world.jobs.forget(guildId);
      expect(phaseOf(await settled(['x'], { looks: 3 }, called('forged')), 'asking').candidates).toEqual(['x']);
    });

    it.each([
      ['was there before', async () => Promise.resolve({ intent: { ...intent, before: [trainingId('t1')] } })],
      ['another order has', async () => world.jobs.insert(aJob('training', { id: jobId('other') })).then(() => ({}))],
    ])('is not followed as a training that %s', async (_what, prepare) => {
      world.clock.pass(45 * second);
      expect(phaseOf(await settled([], { ...(await prepare()), looks: 3 }, called('t1')), 'asking').candidates).toEqual(
        [],
      );
    });

    it('is looked for again when the provider does not tell', async () => {
      world.api.status = () => Promise.reject(new TrainingApiError('unavailable', 'Cannot ask'));
      expect(await settled([], {}, called('mine'))).toMatchObject({
        phase: { state: 'unknown', looks: 0 },
        trouble: 1,
      });
    });

    it('becomes a question when the call named none, and is never sent again', async () => {
      world.clock.pass(45 * second);
      expect(phaseOf(await settled(['x'], { looks: 9 }, called()), 'asking').candidates).toEqual(['x']);
      await world.jobs.forget(guildId);
      expect(phaseOf(await settled([], { looks: 9 }, called()), 'asking').candidates).toEqual([]);
    });
  });

  it('is looked for instead of sent again when the provider calls while its list is read', async () => {
    world.api.list = async () => {
      await world.jobs.update(id, (now) => advance(now, { type: 'webhook-called' }, noon));
      return [];
    };
    const job = aJob('unknown', { webhook, phase: { ...phases.unknown, lookedAt: noon - 10 * minute, looks: 1 } });
    await world.jobs.insert(job);
    await tested(20 * second);
    world.clock.pass(5 * minute);
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
    [0, 0, 44, 45], // When nothing can turn up any more.
    [0, 60, 119, 120],
    [1, 60, 359, 360],
  ])('asks nobody, whatever the reason (after %i looks in vain)', async (looks, lookedAt, early, due) => {
    const job = aJob('unknown', { phase: { ...phases.unknown, looks, lookedAt: noon + lookedAt * second } });
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
