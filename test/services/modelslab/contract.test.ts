import { describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import type { TrainingApiError } from '../../../src/services/modelslab/training-api-error.ts';
import type { ApiKey } from '../../../src/services/modelslab/training-api.ts';
import { draw, startLab, startRecordedLab, uploadThree, walkThrough, wealth, type Oddities } from './contract-lab.ts';
import { complaints, describedAmong } from './description.ts';
import { never, order, rejection } from './loopback-provider.ts';

interface OddDay {
  readonly name: string;
  readonly oddities: Oddities;
  /** What the provider's descriptions say otherwise: that is what is odd about the day. */
  readonly against?: string;
}

/** What is odd about a day is independent of each other: where one day fails, look at what the failing call has to do with. */
const oddDays: readonly OddDay[] = [
  { name: 'nothing odd', oddities: {} },
  {
    name: 'texts in messege, refusals with HTTP 200, a list of objects, ids in model_id',
    oddities: {
      spelling: 'messege',
      errors: 'http-200',
      log: 'newline',
      list: 'objects',
      women: 'female',
      idField: 'model_id',
      trainerIdField: 'id',
      stageField: 'model_training_status',
      cancelPath: 'cancel_training',
      pictures: 'at-once',
    },
    against: '/finetune_list reply',
  },
  {
    name: 'texts in message, the log of a worker, a list of both, long ids in both fields',
    oddities: {
      spelling: 'message',
      log: 'worker',
      list: 'mixed',
      women: 'women',
      idField: 'both',
      idLength: 25,
      trainerIdField: 'request_id',
      stageField: 'training_status',
      cancelPath: 'both',
      cancelled: 'cancelled',
      pictureLinks: 'proxy_links',
    },
    against: '/finetune_list reply',
  },
  {
    name: 'the id within data, the stage in two fields, no output yet as a text',
    oddities: { trainerIdField: 'data.id', stageField: 'both', processingOutput: 'string' },
    against: '/text2img reply',
  },
  {
    name: 'no sample pictures, and thousands of base models, some of them damaged',
    oddities: { testImage: false, baseModels: 'many' },
  },
  {
    name: 'stages queued, skipped, unknown and backwards',
    oddities: {
      course: {
        queued: true,
        skipped: ['deploying_model'],
        unknownAfter: 'training_started',
        backwardsAfter: 'training_success',
      },
    },
  },
];

describe('every call, on a day with', () => {
  it.each(oddDays)('$name', async ({ oddities, against }) => {
    const open = await startRecordedLab(oddities);
    const seen = await walkThrough(open);
    const ids = seen.models.map(({ trainingId }) => trainingId);
    const [sdxl, sd15, , , , flux] = seen.statuses;

    expect(seen.listed.toSorted()).toEqual(ids.slice(0, 4).toSorted());
    expect(seen.left).not.toContain(ids[1]);
    expect(seen.paid).toBeGreaterThan(8);
    expect(seen.balance).toBeCloseTo(wealth - seen.paid, 4);
    expect(seen.statuses.map(({ stage, verdict }) => [stage, verdict])).toEqual(
      ids.map(() => ['model_ready', 'ready']),
    );
    expect(sdxl?.log.length).toBeGreaterThanOrEqual(5);
    expect(sdxl?.log.at(-1)).toBe('Model loaded successfully');
    expect(sd15?.sampleUrl).toEqual(oddities.testImage === false ? undefined : expect.stringMatching(/^http/));
    expect(JSON.parse(flux!.usage!)).toMatchObject({ body: { model_id: 'flux', lora_model: ids[5] } });

    for (const pictures of seen.drawn) {
      expect(pictures).toEqual({ state: 'made', links: [expect.stringMatching(/^http/)] });
    }
    expect(seen.idle.asleep.verdict).toBe('running');
    expect(seen.idle.refused).toMatchObject({ kind: 'rejected', reason: 'not-loaded' });
    expect(seen.idle.awake.verdict).toBe('ready');

    expect(seen.ends.map(({ verdict }) => verdict)).toEqual(['cancelled', 'over', 'over', 'failed']);
    expect(seen.ends[3]?.log).toEqual(['Out of memory']);
    expect(seen.bases).toContainEqual({ id: 'midjourney', name: 'Midjourney V4' });
    expect(new Set(seen.bases.map(({ id }) => id)).size).toBe(seen.bases.length);

    const found = complaints(open.traffic);
    const isOdd = ({ where }: { where: string }) => against !== undefined && sameReply(where, against);
    expect(found.filter((complaint) => !isOdd(complaint))).toEqual([]);
    if (against) expect(found.map(({ where }) => where)).toContain(against);
  });
});

/** What is odd about pictures shows in the answer to an order and to its fetching, whichever comes first. */
function sameReply(where: string, against: string): boolean {
  return where === against || (against === '/text2img reply' && where === '/fetch reply');
}

describe("the provider's own description", () => {
  it('tells of these calls, in success and refusal, and nothing contradicts it', async () => {
    const open = await startRecordedLab({ cancelPath: 'both' });
    await walkThrough(open);
    await refuseEverything(open);
    expect(complaints(open.traffic)).toEqual([]);
    expect(describedAmong(open.traffic)).toEqual(
      new Set([
        '/base64_crop',
        '/lora_fine_tune',
        '/fine_tune_status/{training_id}',
        '/cancel_training/{training_id}',
        '/delete/{training_id}',
        '/finetune_list',
        '/wallet_balance',
        '/text2img',
        '/fetch',
        '/model_reload',
      ]),
    );
  });

  it.each([
    ['/lora_fine_tune request', '/api/v3/lora_fine_tune', { request: { max_train_steps: 18 } }],
    ['/finetune_list reply', '/api/v3/finetune_list', { reply: { status: 'success', data: [{ model_id: 'x' }] } }],
    ['/fetch request', '/api/v6/images/fetch/7', { request: { key: 'k' } }],
    ['/cancel_training/{training_id} reply', '/api/v3/cancle_training/x', { reply: { status: 'done' } }],
  ])('finds out a wrong %s', (where, path, wrong) => {
    const call = { path, status: 200, request: { key: 'k', request_id: '7' }, reply: { status: 'success' } };
    const wheres = complaints([{ ...call, ...wrong }]).map((complaint) => complaint.where);
    expect(wheres).toEqual([where]);
  });
});

const unknown = { method: 'lora-sdxl', trainingId: 'nobody' as TrainingId } as const;

/** Each described call once with a wrong key, and with something in it that nobody knows. */
async function refuseEverything({ lab, api, key }: Awaited<ReturnType<typeof startRecordedLab>>): Promise<void> {
  const wrong: ApiKey = { secret: 'not-a-key-of-anybody', fingerprint: 'f3' };
  const poor: ApiKey = { secret: lab.addAccount({ balance: 0.5 }).key, fingerprint: 'f4' };
  for (const asker of [wrong, key]) {
    const calls = [
      api.upload(Buffer.from('no picture'), asker, never),
      api.status(unknown, asker, never),
      api.cancel(unknown, asker, never),
      api.remove(unknown, asker, never),
      api.draw({ ...unknown, prompt: 'x', count: 1 }, asker, never),
      api.fetchPictures('0', asker, never),
      api.reload(unknown, asker, never),
    ];
    for (const error of await Promise.all(calls.map(rejection))) expect(error).toMatchObject({ kind: 'rejected' });
  }
  for (const asker of [wrong, poor]) await rejection(api.start(order, asker, never));
  await rejection(api.list(wrong, never));
  await rejection(api.wallet(wrong, never));
}

/** Nobody waits for anything, and it is always the same moment. */
const still = { now: () => 0, steady: () => 0, sleep: () => Promise.resolve() };

describe('a training at the newer trainer whose result never gets ready', () => {
  it.each(['never', 'failed'] as const)('is over, and stays so, on a day with inference %s', async (inference) => {
    const open = await startLab({ inference });
    const { api, key, settled } = open;
    const trainingId = await api.start({ ...order, method: 'flux', images: await uploadThree(open) }, key, never);
    await settled(trainingId);
    await expect(api.status({ method: 'flux', trainingId }, key, never)).resolves.toEqual({
      stage: 'training_completed',
      verdict: 'over',
      log: [],
    });
  });
});

it('pictures that fail are told as such, in the provider’s words', async () => {
  const open = await startLab({ pictures: 'failed' });
  const model = { method: 'dreambooth', trainingId: 'midjourney' as TrainingId } as const;
  await expect(draw({ ...open, model })).resolves.toEqual({
    state: 'failed',
    said: 'The pictures could not be generated, please try again',
  });
});

it.each([
  ['pay-as-you-go', 5],
  ['standard', 10],
  ['premium', 15],
] as const)('a full queue names the limit of the plan: %s has %i', async (plan, queueLimit) => {
  const { lab, api } = await startLab({ course: { stuckAt: 'deploying_gpu' } });
  const key: ApiKey = { secret: lab.addAccount({ plan, balance: 100 }).key, fingerprint: 'f2' };
  for (let count = 0; count < queueLimit; count += 1) await api.start(order, key, never);
  await expect(api.start(order, key, never)).rejects.toMatchObject({ reason: 'queue-full', queueLimit });
});

describe('a training that fails', () => {
  it.each([
    ['as documented', {}],
    ['told as a refusal', { failedStatus: 'error' }],
    ['told as a refusal in message', { failedStatus: 'error', spelling: 'message', errors: 'http-200' }],
    ['in the words of a worker', { log: 'worker' }],
    ['told in model_training_status', { stageField: 'model_training_status', failedStatus: 'error' }],
  ] satisfies [string, Oddities][])('ends in its reason, %s', async (_name, oddities) => {
    const { api, key, settled } = await startLab(oddities, still);
    const trainingId = await api.start({ ...order, images: ['http://127.0.0.1:9/1.png'] }, key, never);
    await settled(trainingId);
    const status = await api.status({ method: order.method, trainingId }, key, never);
    expect(status.verdict).toBe('failed');
    expect(status.log.at(-1)).toBe('Valid image links less than 3');
  });
});

describe('a refusal by the provider', () => {
  it.each([['http-4xx'], ['http-200']] as const)('has its reason, told as %s', async (errors) => {
    const { api, key, lab } = await startLab({ errors, queueCap: 1 });
    const poor: ApiKey = { secret: lab.addAccount({ balance: 0.5 }).key, fingerprint: 'f2' };
    const wrong: ApiKey = { secret: 'not-a-key-of-anybody', fingerprint: 'f3' };
    const reasonOf = async (call: Promise<unknown>) => ((await rejection(call)) as TrainingApiError).reason;
    expect(await reasonOf(api.list(wrong, never))).toBe('key');
    expect(await reasonOf(api.start(order, poor, never))).toBe('credit');
    expect(await reasonOf(api.start({ ...order, trigger: '', images: [] }, key, never))).toBe('fields');
    expect(await reasonOf(api.start({ ...order, method: 'dreambooth', baseModel: 'no' }, key, never))).toBe(
      'not-found',
    );
    expect(await reasonOf(api.status(unknown, key, never))).toBe('not-found');
    expect(await reasonOf(api.cancel(unknown, key, never))).toBe('not-found');
    expect(await reasonOf(api.remove(unknown, key, never))).toBe('not-found');
    lab.oddities.course.stuckAt = 'deploying_gpu';
    await api.start(order, key, never);
    expect(await rejection(api.start(order, key, never))).toMatchObject({ reason: 'queue-full', retryAfterMs: 30_000 });
    lab.oddities.premiumOnly = ['lora_fine_tune'];
    expect(await reasonOf(api.start(order, poor, never))).toBe('plan');
  });
});

describe('a start that goes wrong', () => {
  it.each([
    [{ kind: 'drop' }, 'ambiguous', 0],
    [{ kind: 'drop', when: 'after' }, 'ambiguous', 1],
    [{ kind: 'silence', when: 'after' }, 'ambiguous', 1],
    [{ kind: 'html' }, 'ambiguous', 0],
    [{ kind: 'html', when: 'after', status: 524 }, 'ambiguous', 1],
    [{ kind: 'html', when: 'after', status: 200 }, 'ambiguous', 1],
    [{ kind: 'server-error', when: 'after' }, 'ambiguous', 1],
    [{ kind: 'says', when: 'after', body: { status: 'success' } }, 'ambiguous', 1],
    [{ kind: 'says', when: 'after', body: [] }, 'ambiguous', 1],
    [{ kind: 'no-id' }, 'ambiguous', 1],
    [{ kind: 'refuse', why: 'queue-full' }, 'rejected', 0],
    [{ kind: 'refuse', why: 'credit' }, 'rejected', 0],
    [{ kind: 'html', status: 403 }, 'rejected', 0],
  ] as const)('%j is "%s" after %i charges', async (fault, kind, charges) => {
    const { api, key, lab } = await startLab();
    lab.next('lora_fine_tune', fault);
    await expect(api.start(order, key, never)).rejects.toMatchObject({ kind });
    expect(lab.ledger).toHaveLength(charges);
    expect(lab.requests.filter(({ call }) => call === 'lora_fine_tune')).toHaveLength(1);
  });

  it.each([
    { kind: 'late', byMs: 200 },
    { kind: 'slow-drip', overMs: 300 },
  ] as const)('%j is waited for', async (fault) => {
    const { api, key, lab } = await startLab();
    lab.next('lora_fine_tune', fault);
    const id = await api.start(order, key, never);
    expect(lab.trainings.map((training) => training.id)).toEqual([id]);
  });
});
