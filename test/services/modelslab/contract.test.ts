import sharp from 'sharp';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startModelsLab } from '../../../playground/modelslab/modelslab.ts';
import type { ModelsLabOptions } from '../../../playground/modelslab/modelslab.ts';
import type { TrainingId } from '../../../src/lib/ids.ts';
import { createTrainingApi } from '../../../src/services/modelslab/client.ts';
import type { TrainingApiError } from '../../../src/services/modelslab/errors.ts';
import type { MethodId } from '../../../src/services/modelslab/methods.ts';
import type { ApiKey } from '../../../src/services/modelslab/training-api.ts';
import { never, order, rejection, startProvider } from './loopback-provider.ts';
import { loadDescription } from './openapi.ts';
import type { Traffic } from './openapi.ts';

type Oddities = NonNullable<ModelsLabOptions['oddities']>;

let png: Buffer;
beforeAll(async () => {
  png = await sharp({ create: { width: 512, height: 512, channels: 3, background: '#865' } })
    .png()
    .toBuffer();
});

/** The stand-in, an account on it, and our client before it. */
async function startLab(oddities: Oddities = {}, clock?: ModelsLabOptions['clock']) {
  const lab = await startModelsLab({ trainingMs: 40, oddities, ...(clock && { clock }) });
  onTestFinished(() => lab.close());
  const key: ApiKey = { secret: lab.addAccount({ plan: 'premium' }).key, fingerprint: 'f1' };
  const api = createTrainingApi({ baseUrl: lab.url, sandboxUrl: lab.sandboxUrl, limits: { paidMs: 2_000 } });
  const settled = (id: TrainingId) =>
    lab.until(() => lab.trainings.find((training) => training.id === id)?.ending !== undefined, { withinMs: 10_000 });
  return { lab, key, api, settled };
}

type Lab = Awaited<ReturnType<typeof startLab>>;

/** Every call once, in the order of a member's day. */
async function walkThrough({ lab, api, key, settled }: Lab) {
  const images = await Promise.all([1, 2, 3].map(() => api.upload(png, key, never)));
  const start = (method: MethodId) => api.start({ ...order, subject: 'woman', method, images }, key, never);
  const ids = {
    'lora-sdxl': await start('lora-sdxl'),
    'lora-sd15': await start('lora-sd15'),
    dreambooth: await start('dreambooth'),
    sandbox: await start('sandbox'),
  };
  const { balance } = await api.wallet(key, never);
  const listed = await api.list(key, never);
  await settled(ids['lora-sdxl']);
  const ready = await api.status({ method: 'lora-sdxl', trainingId: ids['lora-sdxl'] }, key, never);
  await settled(ids.sandbox);
  const sandbox = await api.status({ method: 'sandbox', trainingId: ids.sandbox }, key, never);
  lab.oddities.course.stuckAt = 'training_started';
  const cancelled = { method: 'dreambooth', trainingId: await start('dreambooth') } as const;
  await api.cancel(cancelled, key, never);
  await api.remove({ method: 'lora-sd15', trainingId: ids['lora-sd15'] }, key, never);
  const left = await api.list(key, never);
  return { ids, balance, listed, ready, sandbox, cancelled, left };
}

const oddDays: readonly (readonly [string, Oddities])[] = [
  ['as documented', {}],
  ['all texts in messege', { spelling: 'messege' }],
  ['all texts in message', { spelling: 'message' }],
  ['refusals with HTTP 200', { errors: 'http-200' }],
  ['log by newlines', { log: 'newline' }],
  ['log of a worker', { log: 'worker' }],
  ['list of objects', { list: 'objects' }],
  ['list of both', { list: 'mixed' }],
  ['only female', { women: 'female' }],
  ['the id in model_id', { idField: 'model_id' }],
  ['the id in both', { idField: 'both', idLength: 25 }],
  ['the stage in model_training_status', { stageField: 'model_training_status' }],
  ['the stage in training_status', { stageField: 'training_status' }],
  ['cancelling by the right spelling only', { cancelPath: 'cancel_training' }],
  [
    'stages queued, skipped, unknown and backwards',
    {
      course: {
        queued: true,
        skipped: ['deploying_model'],
        unknownAfter: 'training_started',
        backwardsAfter: 'training_success',
      },
    },
  ],
];

describe('every call, on a day with', () => {
  it.each(oddDays)('%s', async (_name, oddities) => {
    const lab = await startLab(oddities);
    const { ids, balance, listed, ready, sandbox, cancelled, left } = await walkThrough(lab);
    expect(balance).toBe(20);
    expect(new Set(listed)).toEqual(new Set([ids['lora-sdxl'], ids['lora-sd15'], ids.dreambooth]));
    expect(ready).toMatchObject({ stage: 'model_ready', verdict: 'ready', sampleUrl: expect.stringMatching(/^http/) });
    expect(ready.log.length).toBeGreaterThanOrEqual(5);
    expect(ready.log.at(-1)).toBe('Model loaded successfully');
    expect(sandbox.verdict).toBe('ready');
    await expect(lab.api.status(cancelled, lab.key, never)).resolves.toMatchObject({ verdict: 'cancelled' });
    expect(left).not.toContain(ids['lora-sd15']);
  });
});

describe('a training that fails', () => {
  const still = { now: () => 0, sleep: () => Promise.resolve() };

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
  const unknown = { method: 'lora-sdxl', trainingId: 'nobody' as TrainingId } as const;

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

const description = loadDescription();

if (description === undefined) console.warn("The provider's OpenAPI files are not at hand: requests are not checked.");

it.runIf(description !== undefined)("every call is as the provider's own description has it", async () => {
  const { lab, key } = await startLab({ cancelPath: 'both' });
  const traffic: Traffic[] = [];
  const recorder = await startProvider((response, _request, index) => {
    const { path, body } = recorder.received[index]!;
    void forward(`${new URL(lab.url).origin}${path}`, body).then(({ status, text }) => {
      if (text.startsWith('{')) traffic.push({ path, request: body, status, reply: JSON.parse(text) });
      response.writeHead(status).end(text);
    });
  });
  const api = recorder.api();
  const settled = (id: TrainingId) =>
    lab.until(() => lab.trainings.some((training) => training.id === id && training.ending), { withinMs: 10_000 });
  await walkThrough({ lab, key, api, settled });
  await rejection(api.cancel({ method: 'lora-sdxl', trainingId: 'nobody' as TrainingId }, key, never));
  expect(description!.complaints(traffic)).toEqual([]);
  expect(new Set(description!.described(traffic.map(({ path }) => path.replace(/\/\w{10}$/, '/id'))))).toEqual(
    new Set([
      '/api/v3/base64_crop',
      '/api/v3/lora_fine_tune',
      '/api/v3/finetune_list',
      '/api/v3/fine_tune_status/id',
      '/api/v3/finetune/delete/id',
      '/api/v3/cancel_training/nobody',
      '/api/wallet_balance',
    ]),
  );
});

async function forward(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}
