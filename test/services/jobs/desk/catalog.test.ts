import { beforeEach, describe, expect, it } from 'vitest';
import type { GuildId, MemberId } from '../../../../src/lib/ids.ts';
import { createCompareModels } from '../../../../src/services/jobs/desk/catalog.ts';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { TrainingApiError } from '../../../../src/services/modelslab/training-api-error.ts';
import { until } from '../held-clock.ts';
import { aJob, guildId, jobId, minute, order, phases, second, trainingId } from '../job-builder.ts';
import { createJobWorld, fakeVault, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const never = new AbortController().signal;
const other = { id: jobId('job2'), guildId: 'guild2' as GuildId };

beforeEach(async () => {
  world = await createJobWorld();
  world.clock.pass(11 * minute); // The list of what ended at noon has settled.
});
async function compared(listed: readonly string[], ours: readonly Job[] = []) {
  world.api.list = () => {
    world.calls.push('list');
    return Promise.resolve(listed.map(trainingId));
  };
  return await createCompareModels(world)(guildId, ours, never);
}

describe('models that were trained elsewhere', () => {
  it('are those of the key that no order of this bot began, told by one call', async () => {
    await world.jobs.insert(aJob('ready'));
    expect((await compared(['t1', 'theirs'])).elsewhere).toEqual(['theirs']);
    expect(world.calls).toEqual(['list']);
  });

  it.each([
    ['another member', { id: other.id, ownerId: 'owner2' as MemberId }],
    ['another server', other],
  ])('are not those of %s with the same key', async (_who, change) => {
    await world.jobs.insert(aJob('ready', change));
    expect((await compared(['t1'])).elsewhere).toEqual([]);
  });

  it.each(['training', 'ready'] as const)(
    'are not those of a server that was forgotten while one was %s',
    async (state) => {
      await world.jobs.insert(aJob('sending', other));
      const accepted = { type: 'accepted', trainingId: trainingId('t1') } as const;
      await world.jobs.update(other.id, (now) => advance(now, accepted, world.clock.now()));
      if (state === 'ready') await world.jobs.update(other.id, (now) => ({ ...now, phase: phases.ready }));
      await world.jobs.forget(other.guildId);
      expect((await compared(['t1'])).elsewhere).toEqual([]);
    },
  );

  it('are not those of an order that failed there and is tried again', async () => {
    await world.jobs.insert(aJob('sending', other));
    const failed = { type: 'failed', failure: { kind: 'training-failed' } } as const;
    for (const event of [{ type: 'accepted', trainingId: trainingId('t1') }, failed, { type: 'reopened' }] as const) {
      await world.jobs.update(other.id, (now) => advance(now, event, world.clock.now()));
    }
    expect(await world.stateOf(other.id)).toBe('draft');
    expect((await compared(['t1'])).elsewhere).toEqual([]);
  });

  it.each(['sending', 'unknown', 'asking'] as const)(
    'are not told while an order of the key is %s: one of them may be that order’s',
    async (state) => {
      await world.jobs.insert(aJob(state, other));
      expect((await compared(['theirs'])).elsewhere).toEqual([]);
    },
  );
});

describe('ours', () => {
  it('are gone when the provider does not list them any more', async () => {
    const [kept, gone] = [
      aJob('ready'),
      aJob('ready', { id: jobId('job2'), phase: { ...phases.ready, trainingId: trainingId('t2') } }),
    ];
    expect((await compared(['t1'], [kept, gone])).gone).toEqual(new Set(['job2']));
  });

  it.each([
    ['the list never shows that method', { order: { ...order, method: 'flux' } }],
    ['it was trained with another key, which has another list', { keyFingerprint: 'print-before' }],
    ['it only just ended, and the list lags', { endedAt: 1.8e12 }],
  ] as const)('are not gone when %s', async (_why, change) => {
    expect((await compared([], [aJob('ready', change)])).gone).toEqual(new Set());
  });
});

describe('a provider that is not asked or does not tell', () => {
  const unknown = { isKnown: false, gone: new Set(), elsewhere: [] };
  const compare = (signal = never) => createCompareModels(world)(guildId, [aJob('ready')], signal);

  it('leaves everything unknown when it fails', async () => {
    world.api.list = () => Promise.reject(new TrainingApiError('unavailable', 'Cannot list'));
    expect(await compare()).toEqual(unknown);
  });

  it('is waited for five seconds and no longer, because somebody waits', async () => {
    const asked: AbortSignal[] = [];
    world.api.list = (_key, signal) => {
      asked.push(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      });
    };
    const comparing = compare();
    await until(() => asked.length === 1);
    world.clock.pass(5 * second);
    expect(await comparing).toEqual(unknown);
    expect(world.clock.sleeping()).toBe(0);
  });

  it('leaves no timer behind when it answers', async () => {
    await compare();
    expect(world.clock.sleeping()).toBe(0);
  });

  it('is not asked without a key', async () => {
    world.vault.find = fakeVault(undefined).find;
    expect(await compare()).toEqual({ isKnown: true, gone: new Set(), elsewhere: [] });
    expect(world.calls).toEqual([]);
  });

  it('is no reason to hide a bug of ours, or that we stop', async () => {
    world.api.list = () => Promise.reject(new TypeError('a bug'));
    await expect(compare()).rejects.toThrow('a bug');
    await expect(compare(AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
  });
});
