import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

const drawnSeed: unknown = expect.stringMatching(/^\d{1,10}$/);

/** What the provider receives, in its own spelling, besides pictures and key. */
const cases = [
  {
    options: { method: 'lora-sdxl', subject: 'woman' },
    kind: 'lora',
    size: 1024,
    usd: 1,
    fields: {
      base_model_type: 'sdxl',
      lora_type: 'lora',
      training_type: 'female',
      max_train_steps: '10',
      seed: drawnSeed,
    },
  },
  {
    options: { method: 'lora-sd15', subject: 'object', steps: 25, seed: 99 },
    kind: 'lora',
    size: 512,
    usd: 1,
    fields: { base_model_type: 'normal', training_type: 'null', max_train_steps: '25', seed: '99' },
  },
  {
    options: { method: 'dreambooth', subject: 'couple', base_model: 'midjourney', trigger: 'pair7' },
    kind: 'dreambooth',
    size: 512,
    usd: 3,
    fields: {
      base_model_id: 'midjourney',
      training_type: 'couple',
      max_train_steps: '600',
      instance_prompt: 'photo of pair7 couple',
      class_prompt: 'photo of a couple',
    },
  },
  {
    options: { method: 'dreambooth-v2', subject: 'man' },
    kind: 'dreambooth-v2',
    size: 512,
    usd: 3,
    fields: { learning_rate_unet: '1e-6', steps_unet: '1500', steps_text_encoder: '350', seed: drawnSeed },
  },
  {
    options: { method: 'sandbox', subject: 'style' },
    kind: 'sandbox',
    size: 512,
    usd: 0,
    fields: { training_type: 'null', instance_prompt: 'picture in ambika0 style' },
  },
] as const;

describe.concurrent.each(cases)('$options.method', ({ options, kind, size, usd, fields }) => {
  it.concurrent('sends what the provider wants, and nothing else is billed', async () => {
    const server = await stage.addServer();
    const order = await server.train(options);
    await order.start();
    await order.end(/is ready/);
    const [training] = server.trainings();
    expect(training).toMatchObject({ method: kind, badLinks: [], request: fields });
    expect(training?.images.map(({ width, height }) => [width, height])).toEqual([
      [size, size],
      [size, size],
      [size, size],
    ]);
    expect(server.charges().map(({ amount }) => amount)).toEqual(usd === 0 ? [] : [usd]);
  });
});

it('trains at the newer trainer, which bills by the hour, until its result can be used', async () => {
  const server = await stage.addServer();
  const order = await server.train({ method: 'flux', trigger: 'zkw' });
  await order.start();
  await order.end(/is ready/);
  const fields = { trainer_id: 'flux_lora_trainer', trigger_word: 'zkw', training_steps: 1000, resolution: 1024 };
  expect(server.trainings()).toMatchObject([{ method: 'trainer', badLinks: [], request: fields }]);
  expect(server.charges()).toHaveLength(1);
});
