import { beforeEach, describe, expect, it } from 'vitest';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job, JobIn } from '../../../../src/services/jobs/state/job.ts';
import { follow } from '../../../../src/services/jobs/worker/follow.ts';
import { TrainingApiError, type RefusalReason } from '../../../../src/services/modelslab/training-api-error.ts';
import type { TrainingRef, TrainingStatus } from '../../../../src/services/modelslab/training-api.ts';
import { aJob, jobId, noon, phaseOf, webhook } from '../job-builder.ts';
import { createJobWorld, fakeVault, unreadableVault, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
});

async function followed(change: Partial<Job> = {}): Promise<Job> {
  const job = aJob('training', change);
  await world.jobs.insert(job);
  await follow(job, world, never);
  return (await world.jobs.find(id))!;
}

const refusing = (reason: RefusalReason, said?: string) => () =>
  Promise.reject(new TrainingApiError('rejected', 'Cannot do it', { reason, ...(said !== undefined && { said }) }));
const silent = () => Promise.reject(new TrainingApiError('unavailable', 'Cannot call: no answer'));

describe('following a training', () => {
  it('asks for its status and stores what was seen', async () => {
    const asked: TrainingRef[] = [];
    world.api.status = (training) => {
      asked.push(training);
      return Promise.resolve({ stage: 'training_success', verdict: 'running', log: ['done'] });
    };
    expect(phaseOf(await followed(), 'training')).toMatchObject({ stage: 'training_success', log: ['done'] });
    expect(asked).toEqual([{ method: 'lora-sdxl', trainingId: 't1' }]);
  });

  it('does not ask again before the polling time is over, whatever else it is looked at for', async () => {
    let calls = 0;
    world.api.status = () => {
      calls += 1;
      return Promise.resolve({ stage: 'training_started', verdict: 'running', log: [] });
    };
    await followed();
    await follow((await world.jobs.find(id)) as JobIn<'training'>, world, never);
    expect(calls).toBe(1);
    world.clock.pass(world.rhythm.pollMs);
    await follow((await world.jobs.find(id)) as JobIn<'training'>, world, never);
    expect(calls).toBe(2);
  });

  it.each([{}, { cancelAskedAt: noon }])('leaves the provider alone for as long as it wants (%o)', async (change) => {
    const retryAfterMs = 90_000;
    let calls = 0;
    const turnedAway = () => {
      calls += 1;
      return Promise.reject(new TrainingApiError('unavailable', 'Cannot ask', { retryAfterMs }));
    };
    world.api.status = turnedAway;
    world.api.cancel = turnedAway;
    await followed(change);
    const before = calls;
    world.clock.pass(retryAfterMs - 1);
    await follow((await world.jobs.find(id)) as JobIn<'training'>, world, never);
    expect(calls).toBe(before);
    world.clock.pass(1);
    await follow((await world.jobs.find(id)) as JobIn<'training'>, world, never);
    expect(calls).toBe(2 * before);
  });

  it('has followed a call of the provider’s by asking, but not one that comes while the answer is on its way', async () => {
    const called = { webhook: { ...webhook, called: true } };
    expect((await followed(called)).webhook?.called).toBe(false);
    world.clock.pass(world.rhythm.pollMs);
    world.api.status = async () => {
      await world.jobs.update(id, (now) => advance(now, { type: 'webhook-called' }, noon));
      return { stage: 'training_started', verdict: 'running', log: [] };
    };
    await follow((await world.jobs.find(id)) as JobIn<'training'>, world, never);
    expect((await world.jobs.find(id))?.webhook?.called).toBe(true);
  });

  it('asks at once when the last answer is from the future: the clock was set back', async () => {
    const phase = { ...phaseOf(aJob('training'), 'training'), askedAt: noon + 2 * 60 * 60 * 1000 };
    expect(phaseOf(await followed({ phase }), 'training').askedAt).toBe(noon);
  });

  it('goes on when the provider does not answer', async () => {
    world.api.status = silent;
    expect(await followed()).toMatchObject({ phase: { state: 'training' }, trouble: 1 });
    expect(world.log.lines).toEqual(['warn: the provider did not tell the status, asking again later']);
  });

  it('counts a miss when the provider does not know the training', async () => {
    world.api.status = refusing('not-found');
    expect(phaseOf(await followed(), 'training').misses).toBe(1);
  });

  it('counts no miss when another key asks: it only is another account', async () => {
    world.api.status = refusing('not-found');
    const job = await followed({ keyFingerprint: 'print-before' });
    expect(job).toMatchObject({ phase: { state: 'training', misses: 0 }, trouble: 1, refused: 'key' });
  });

  it('goes on without a key, saying that it is missing', async () => {
    world.vault.find = fakeVault(undefined).find;
    expect(await followed()).toMatchObject({ phase: { state: 'training' }, trouble: 1, refused: 'no-key' });
    expect(world.calls).toEqual([]);
  });

  it('goes on with a key that cannot be decrypted, saying that it is missing', async () => {
    world.vault.find = unreadableVault.find;
    expect(await followed()).toMatchObject({ phase: { state: 'training' }, trouble: 1, refused: 'no-key' });
    expect(world.calls).toEqual([]);
  });

  it('leaves a bug of ours to whoever called', async () => {
    world.api.status = () => Promise.reject(new TypeError('a bug'));
    await expect(followed()).rejects.toThrow('a bug');
  });
});

describe('cancelling a training', () => {
  const asked = { cancelAskedAt: noon };
  const status = (verdict: TrainingStatus['verdict']) => () =>
    Promise.resolve({ stage: 'training_started', verdict, log: [] });

  it('cancels it there, without asking for its status', async () => {
    expect((await followed(asked)).phase).toEqual({ state: 'cancelled', trainingId: 't1' });
    expect(world.calls).toEqual(['cancel']);
  });

  it.each(['ready', 'failed', 'cancelled'] as const)(
    'that is refused because it is %s already ends it as what it is',
    async (verdict) => {
      world.api.cancel = refusing('other', 'not possible');
      world.api.status = status(verdict);
      expect((await followed(asked)).phase.state).toBe(verdict);
    },
  );

  it('that is refused because it is over already is done', async () => {
    world.api.cancel = refusing('other', 'Training has already finished.');
    world.api.status = status('over');
    expect((await followed(asked)).phase).toEqual({ state: 'cancelled', trainingId: 't1' });
  });

  it('that is refused while it runs says why, and goes on', async () => {
    world.api.cancel = refusing('other', 'too late');
    world.api.status = status('running');
    const job = await followed(asked);
    expect(phaseOf(job, 'training').cancelRefused).toBe('too late');
    expect(job.cancelAskedAt).toBeUndefined();
  });

  it('is tried again when the provider does not answer', async () => {
    world.api.cancel = silent;
    world.api.status = status('running');
    expect(await followed(asked)).toMatchObject({ phase: { state: 'training' }, trouble: 1, cancelAskedAt: noon });
  });

  it('that is never answered does not hide that the training ended by itself', async () => {
    world.api.cancel = silent;
    world.api.status = status('failed');
    expect((await followed(asked)).phase.state).toBe('failed');
  });

  it('that comes while the status is asked for is done in the next step', async () => {
    world.api.status = async () => {
      await world.jobs.update(id, (now) => ({ ...now, cancelAskedAt: noon }));
      return { stage: 'training_started', verdict: 'running', log: [] };
    };
    expect(await followed()).toMatchObject({ phase: { state: 'training' }, cancelAskedAt: noon });
  });

  it('meets a training that got ready meanwhile without harm', async () => {
    world.api.cancel = async () => {
      await world.jobs.update(id, (now) => ({
        ...now,
        phase: { state: 'ready', trainingId: phaseOf(now, 'training').trainingId },
      }));
    };
    expect((await followed(asked)).phase.state).toBe('ready');
  });
});
