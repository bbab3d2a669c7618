import sharp from 'sharp';
import { expect, onTestFinished } from 'vitest';
import { startModelsLab, type ModelsLab, type ModelsLabOptions } from '../../../playground/modelslab/modelslab.ts';
import type { TrainingId } from '../../../src/lib/ids.ts';
import { createTrainingApi } from '../../../src/services/modelslab/client.ts';
import { methodIds, type MethodId } from '../../../src/services/modelslab/methods.ts';
import type {
  ApiKey,
  BaseModel,
  Pictures,
  TrainingApi,
  TrainingRef,
  TrainingRequest,
  TrainingStatus,
} from '../../../src/services/modelslab/training-api.ts';
import type { Traffic } from './description.ts';
import { never, order, startProvider } from './loopback-provider.ts';

export type Oddities = NonNullable<ModelsLabOptions['oddities']>;

export interface Lab {
  readonly lab: ModelsLab;
  readonly key: ApiKey;
  readonly api: TrainingApi;
  readonly settled: (id: TrainingId) => Promise<void>;
}

/** US dollars that the account begins with: whatever is billed by the hour on a slow machine. */
export const wealth = 1000;

/** The stand-in, an account on it, and our client before it. */
export async function startLab(oddities: Oddities = {}, clock?: ModelsLabOptions['clock']): Promise<Lab> {
  const lab = await startModelsLab({ trainingMs: 40, oddities, ...(clock && { clock }) });
  onTestFinished(() => lab.close());
  const key: ApiKey = { secret: lab.addAccount({ plan: 'premium', balance: wealth }).key, fingerprint: 'f1' };
  const api = createTrainingApi({ baseUrl: lab.url, sandboxUrl: lab.sandboxUrl, limits: { paidMs: 2_000 } });
  const ending = (id: TrainingId) => lab.trainings.find((training) => training.id === id)?.ending;
  return { lab, key, api, settled: (id) => lab.until(() => ending(id) !== undefined) };
}

/** The same with all traffic between the two written down. */
export async function startRecordedLab(
  oddities: Oddities = {},
): Promise<Lab & { readonly traffic: readonly Traffic[] }> {
  const open = await startLab(oddities);
  const traffic: Traffic[] = [];
  const recorder = await startProvider((response, _request, index) => {
    const { path, body } = recorder.received[index]!;
    void forward(`${new URL(open.lab.url).origin}${path}`, body).then(({ status, text }) => {
      if (text.startsWith('{')) traffic.push({ path, request: body, status, reply: JSON.parse(text) });
      response.writeHead(status).end(text);
    });
  });
  return { ...open, api: recorder.api(), traffic };
}

async function forward(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

/** What is chosen beyond the method, so that each setting is sent by somebody. */
const choices: Readonly<Record<MethodId, Partial<TrainingRequest>>> = {
  'lora-sdxl': { subject: 'woman', network: 'lycoris', negativePrompt: 'blurry', wandbKey: 'a-key-of-wandb-0123' },
  'lora-sd15': { subject: 'couple', seed: 7, steps: 20 },
  dreambooth: { baseModel: 'midjourney', webhook: 'https://bot.example/hook' },
  'dreambooth-v2': { subject: 'object', unetRate: '2e-0', unetSteps: 900, textEncoderSteps: 0 },
  sandbox: { subject: 'style' },
  flux: { steps: 1200 },
};

export async function uploadThree({ api, key }: Lab): Promise<readonly string[]> {
  const square = { width: 512, height: 512, channels: 3, background: '#865' } as const;
  const png = await sharp({ create: square }).png().toBuffer();
  return Promise.all([1, 2, 3].map(() => api.upload(png, key, never)));
}

/** What was seen on the way. */
export interface Walk {
  /** One of each method, in their order. */
  readonly models: readonly TrainingRef[];
  readonly statuses: readonly TrainingStatus[];
  readonly listed: readonly TrainingId[];
  readonly balance: number;
  readonly paid: number;
  readonly drawn: readonly Pictures[];
  readonly idle: Awaited<ReturnType<typeof wake>>;
  /** Of one cancelled, one stopped from here, one stopped there, and one that failed. */
  readonly ends: readonly TrainingStatus[];
  readonly left: readonly TrainingId[];
  readonly bases: readonly BaseModel[];
}

/** Every call once at least, in the order of a member's weeks. */
export async function walkThrough(open: Lab): Promise<Walk> {
  const { lab, api, key, settled } = open;
  const images = await uploadThree(open);
  const start = (method: MethodId) => api.start({ ...order, ...choices[method], method, images }, key, never);
  const at = async (method: MethodId): Promise<TrainingRef> => ({ method, trainingId: await start(method) });
  const models: TrainingRef[] = [];
  for (const method of methodIds) models.push(await at(method));
  for (const { trainingId } of models) await settled(trainingId);
  const listed = await api.list(key, never);
  const statuses = await Promise.all(models.map((model) => api.status(model, key, never)));
  const { balance } = await api.wallet(key, never);
  const paid = lab.ledger.reduce((sum, { amount }) => sum + amount, 0);

  const idOf = (method: MethodId) => models.find((model) => model.method === method)!;
  const drawn: Pictures[] = [];
  for (const method of ['dreambooth', 'flux'] as const) {
    drawn.push(await draw({ ...open, model: idOf(method) }));
  }
  const idle = await wake({ ...open, model: idOf('lora-sd15') });

  lab.oddities.course.stuckAt = 'training_started';
  const cancelled = await at('dreambooth');
  await api.cancel(cancelled, key, never);
  const stoppedHere = await at('flux');
  await api.cancel(stoppedHere, key, never);
  const stoppedThere = await at('flux');
  lab.stop(stoppedThere.trainingId);
  const failed = await at('flux');
  lab.fail(failed.trainingId, 'Out of memory');
  await api.remove(idOf('lora-sd15'), key, never);
  const left = await api.list(key, never);
  const ends = await Promise.all(
    [cancelled, stoppedHere, stoppedThere, failed].map((training) => api.status(training, key, never)),
  );
  const bases = await api.baseModels(key, never);
  return { models, listed, statuses, balance, paid, drawn, idle, ends, left, bases };
}

type WithModel = Lab & { readonly model: TrainingRef };

/** Pictures of a model, fetched until it is clear what became of them. */
export async function draw({ api, key, model }: WithModel): Promise<Pictures> {
  let pictures = await api.draw({ ...model, prompt: 'photo of ambika0', count: 1 }, key, never);
  for (let looks = 0; pictures.state === 'in-the-making' && looks < 1000; looks += 1) {
    pictures = await api.fetchPictures(pictures.requestId, key, never);
  }
  return pictures;
}

/** What a model says that nobody has used for a week, and then when it is loaded again. */
async function wake({ lab, api, key, model }: WithModel) {
  lab.idle(model.trainingId);
  const asleep = await api.status(model, key, never);
  const refused = await api.draw({ ...model, prompt: 'x', count: 1 }, key, never).catch((error: unknown) => error);
  await api.reload(model, key, never);
  let awake = await api.status(model, key, never);
  for (let looks = 0; awake.verdict !== 'ready' && looks < 1000; looks += 1) {
    awake = await api.status(model, key, never);
  }
  expect(await api.draw({ ...model, prompt: 'x', count: 1 }, key, never)).toHaveProperty('state');
  return { asleep, refused, awake };
}
