import { beforeEach, describe, expect, it } from 'vitest';
import type { JobId } from '../../../../src/lib/ids.ts';
import { advance, type JobEvent } from '../../../../src/services/jobs/state/advance.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { findUsage } from '../../../../src/services/jobs/store/usage.ts';
import { checkEarlierCalls } from '../../../../src/services/jobs/worker/earlier-calls.ts';
import { createTakeCall, hashOf, type TakeCall } from '../../../../src/services/jobs/worker/webhooks.ts';
import { TrainingApiError } from '../../../../src/services/modelslab/training-api-error.ts';
import { createStoredData } from '../../../../src/services/retention/stored-data.ts';
import { dueNews } from '../../../../src/services/threads/cards/news.ts';
import { aJob, guildId, intent, jobId, noon, order, ownerId, trainingId } from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
let takeCall: TakeCall;
const id = jobId('job1');
const review = { photos: [], overdue: false } as unknown as Parameters<typeof dueNews>[1];

beforeEach(async () => {
  world = await createJobWorld();
  takeCall = createTakeCall({ ...world, wake: { now: () => undefined } });
});

const find = async () => (await world.jobs.find(id))!;
const happen = async (...events: readonly JobEvent[]) => {
  for (const event of events) await world.jobs.update(id, (job) => advance(job, event, noon));
};
const leaving = (attempt: number): JobEvent => ({
  type: 'leaving',
  intent: { ...intent, attempt },
  tokenHash: hashOf(`token${attempt}`),
});
const notSent = { type: 'not-accepted', hold: 'provider-silent' } as const;
const refused = { type: 'failed', failure: { kind: 'refused', reason: 'credit' } } as const;
const training = { type: 'accepted', trainingId: trainingId('t2') } as const;
const called = (token = 'token1', of: JobId = id, named?: string) =>
  takeCall(of, token, named === undefined ? undefined : trainingId(named));
const usage = () => findUsage(world.db, { guildId, ownerId }, noon);
const newsKey = async () => {
  const job = await find();
  return dueNews({ ...job, told: { ...job.told, news: [`end-${job.orderRev}`] } }, review)?.key;
};

async function sentTwice(first: readonly JobEvent[], change: Partial<Job> = {}): Promise<void> {
  await world.jobs.insert(aJob('queued', change));
  await happen(leaving(1), ...first, leaving(2));
}

describe('a call about an attempt that was given up, after another has left,', () => {
  it.each([
    ['provably not sent', [notSent]],
    ['looked for in vain', [{ type: 'no-verdict' }, { type: 'send-again' }]],
  ] as [string, JobEvent[]][])('is evidence of a second charge: %s', async (_what, first) => {
    await sentTwice(first);
    await happen(training);
    const before = await usage();
    for (let call = 0; call < 3; call += 1) expect(await called()).toBe(true);
    expect((await world.ledger(id)).filter((event) => event === 'called-late')).toHaveLength(1);
    expect(world.log.lines).toEqual([
      'error: an attempt that was given up seems to train: an order may be paid for twice',
    ]);
    const after = await usage();
    expect(after.server.usd - before.server.usd).toBe(1);
    expect(after.member.thisMonth - before.member.thisMonth).toBe(1);
    expect(await newsKey()).toBe('earlier-call-1');
    expect((await find()).phase.state).toBe('training');
  });

  it.each(['ready', 'failed', 'cancelled', 'discarded', 'draft', 'unknown', 'asking', 'queued'] as const)(
    'is told whatever became of the order: %s',
    async (state) => {
      await sentTwice([notSent]);
      await world.jobs.update(id, (job) => ({ ...job, phase: aJob(state).phase }));
      await called();
      expect((await find()).earlierCalls).toMatchObject([{ attempt: 1, calledAt: noon }]);
      expect(await world.ledger(id)).toContain('called-late');
    },
  );

  it('is told when a refused order was tried again, and not once more when that is tried again', async () => {
    await world.jobs.insert(aJob('queued'));
    await happen(leaving(1), refused, { type: 'reopened' });
    expect(await called()).toBe(true);
    expect(await newsKey()).toBe('earlier-call-1');
    await world.jobs.update(id, (job) => ({
      ...job,
      told: { ...job.told, news: ['earlier-call-1'] },
      phase: aJob('failed').phase,
    }));
    await happen({ type: 'reopened' });
    expect((await find()).earlierCalls).toBeUndefined();
    await called();
    expect((await world.ledger(id)).filter((event) => event === 'called-late')).toHaveLength(1);
  });

  it('counts no dollars twice for an attempt that was counted when a person had it sent again', async () => {
    await sentTwice([{ type: 'no-verdict' }, { type: 'undecidable', candidates: [] }, { type: 'send-again' }]);
    const before = await usage();
    await called();
    expect((await usage()).server.usd).toBe(before.server.usd);
    expect(await world.ledger(id)).toContain('called-late');
  });

  it('counts for server and member when the order was erased: only the ledger and the log can tell it', async () => {
    await sentTwice([notSent]);
    await happen({ type: 'failed', failure: { kind: 'refused', reason: 'credit' } });
    await createStoredData(world.db, world.clock).forgetMember(ownerId);
    for (let call = 0; call < 2; call += 1) expect(await called()).toBe(true);
    expect(await usage()).toMatchObject({ server: { usd: 1 }, member: { thisMonth: 1 } });
    expect(world.log.lines).toHaveLength(1);
  });
});

describe('a call that tells nothing', () => {
  it.each([
    [
      'the training of an attempt that is known',
      'lora-sdxl',
      [
        { type: 'accepted', trainingId: trainingId('t1') },
        { type: 'failed', failure: { kind: 'training-failed' } },
        { type: 'reopened' },
      ],
    ],
    ['an attempt that is free', 'sandbox', [notSent, leaving(2)]],
  ] as [string, 'sandbox' | 'lora-sdxl', JobEvent[]][])(
    'is taken like any other: about %s',
    async (_what, method, events) => {
      await world.jobs.insert(aJob('queued', { order: { ...order, method } }));
      await happen(leaving(1), ...events);
      expect(await called()).toBe(true);
      expect(await world.ledger(id)).not.toContain('called-late');
      expect([(await find()).earlierCalls, world.log.lines]).toEqual([undefined, []]);
    },
  );

  it('is not taken with a token of another job, or of none', async () => {
    await sentTwice([notSent]);
    expect(await called('token1', jobId('job2'))).toBe(false);
    expect(await called('token3')).toBe(false);
  });
});

describe('the training that such a call names', () => {
  const checked = async (named: string) => {
    await sentTwice([notSent]);
    await happen(training);
    await called('token1', id, named);
    expect(await newsKey()).toBeUndefined(); // Nobody reads of it before.
    await checkEarlierCalls(await find(), world, new AbortController().signal);
    return (await find()).earlierCalls;
  };

  it('is told when ModelsLab knows it', async () => {
    expect(await checked('t1')).toMatchObject([{ attempt: 1, trainingId: 't1' }]);
    expect(await newsKey()).toBe('earlier-call-1');
  });

  it.each([
    ['that ModelsLab does not know', 'forged', new TrainingApiError('rejected', 'no', { reason: 'not-found' })],
    ['that an order here has', 't2', undefined],
  ] as const)('is not told: one %s', async (_what, named, error) => {
    if (error) world.api.status = () => Promise.reject(error);
    expect((await checked(named))?.[0]).toEqual({
      attempt: 1,
      calledAt: noon,
      method: 'lora-sdxl',
      keyFingerprint: 'print1',
    });
    expect(await newsKey()).toBe('earlier-call-1');
  });
});
