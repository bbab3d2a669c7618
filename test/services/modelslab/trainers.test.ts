import { describe, expect, it } from 'vitest';
import { methods, type MethodId } from '../../../src/services/modelslab/methods.ts';
import { valueOf } from '../../../src/services/modelslab/settings.ts';
import { trainers } from '../../../src/services/modelslab/trainers.ts';
import { order } from './loopback-provider.ts';

const fieldsOf = (request: Partial<typeof order>) => {
  const whole = { ...order, ...request };
  return trainers[whole.method].fields(whole);
};

describe('the fields of an order', () => {
  it('for a LoRA are complete, with every default written out', () => {
    expect(fieldsOf({ method: 'lora-sdxl' })).toEqual({
      instance_prompt: 'photo of ambika0 man',
      class_prompt: 'photo of a man',
      base_model_type: 'sdxl',
      lora_type: 'lora',
      negative_prompt: expect.stringContaining('lowres'),
      images: order.images,
      crop: 'false',
      training_type: 'men',
      max_train_steps: '16',
      seed: null,
      webhook: null,
    });
  });

  it('for SD 1.5 name the other base', () => {
    expect(fieldsOf({ method: 'lora-sd15' })).toMatchObject({ base_model_type: 'normal' });
  });

  it('for Dreambooth name the base model, the usual one unless another was chosen', () => {
    expect(fieldsOf({ method: 'dreambooth' })).toMatchObject({ base_model_id: 'portraitplus-diffusion' });
    expect(fieldsOf({ method: 'dreambooth', baseModel: 'midjourney' })).toMatchObject({ base_model_id: 'midjourney' });
  });

  it('for the sandbox name no base model, which it does not know', () => {
    expect(fieldsOf({ method: 'sandbox', baseModel: 'midjourney' })).not.toHaveProperty('base_model_id');
  });

  it('for a LoRA name the kind of network, and a key of Weights & Biases only where there is one', () => {
    expect(fieldsOf({ network: 'lycoris', negativePrompt: 'blurry', wandbKey: 'w1' })).toMatchObject({
      lora_type: 'lycoris',
      negative_prompt: 'blurry',
      wandb_key: 'w1',
    });
    expect(fieldsOf({})).not.toHaveProperty('wandb_key');
  });

  it('for Dreambooth v2 have both rates and both numbers of steps as strings, and no other steps', () => {
    const usual = fieldsOf({ method: 'dreambooth-v2', wandbKey: 'w1' });
    expect(usual).toEqual({
      instance_prompt: 'photo of ambika0 man',
      class_prompt: 'photo of a man',
      base_model_id: 'portraitplus-diffusion',
      images: order.images,
      crop: 'false',
      training_type: 'men',
      learning_rate_unet: '1e-6',
      steps_unet: '1500',
      learning_rate_text_encoder: '1e-6',
      steps_text_encoder: '350',
      seed: null,
      webhook: null,
    });
    const chosen = { unetRate: '2e-0', unetSteps: 7, textEncoderRate: '6e-10', textEncoderSteps: 9 };
    expect(fieldsOf({ method: 'dreambooth-v2', ...chosen })).toMatchObject({
      learning_rate_unet: '2e-0',
      steps_unet: '7',
      learning_rate_text_encoder: '6e-10',
      steps_text_encoder: '9',
    });
  });

  it('for Flux are those of the newer trainer, numbers as numbers, and publish nothing', () => {
    expect(fieldsOf({ method: 'flux', steps: 1200, seed: 7, wandbKey: 'w1', webhook: 'https://bot.example' })).toEqual({
      trainer_id: 'flux_lora_trainer',
      trigger_word: 'ambika0',
      images: order.images,
      training_steps: 1200,
      resolution: 1024,
    });
  });

  it('carry what was asked for, as strings', () => {
    expect(fieldsOf({ steps: 20, seed: 7, webhook: 'https://bot.example/hook' })).toMatchObject({
      max_train_steps: '20',
      seed: '7',
      webhook: 'https://bot.example/hook',
    });
  });

  it.each([
    ['man', 'photo of ambika0 man', 'photo of a man', 'men'],
    ['woman', 'photo of ambika0 woman', 'photo of a woman', 'female'],
    ['couple', 'photo of ambika0 couple', 'photo of a couple', 'couple'],
    ['object', 'photo of ambika0 object', 'photo of an object', 'null'],
    ['style', 'picture in ambika0 style', 'picture in any style', 'null'],
  ] as const)('word a %s so that the trigger means it', (subject, instance_prompt, class_prompt, training_type) => {
    expect(fieldsOf({ subject })).toMatchObject({ instance_prompt, class_prompt, training_type });
  });
});

describe('the number of steps', () => {
  it.each([
    ['lora-sdxl', 3, undefined, 10],
    ['lora-sdxl', 10, undefined, 20],
    ['lora-sdxl', 40, undefined, 50],
    ['lora-sdxl', 10, 5, 10],
    ['lora-sdxl', 10, 2000, 50],
    ['dreambooth', 8, undefined, 1600],
    ['dreambooth', 20, undefined, 2000],
    ['dreambooth', 8, 300, 300],
    ['sandbox', 3, undefined, 600],
  ] satisfies [MethodId, number, number | undefined, number][])(
    'gives %s with %i photos and %s steps asked for %i steps',
    (method, photos, asked, steps) => {
      const given = { chosen: { steps: asked }, photoCount: photos };
      expect(valueOf(methods[method], 'steps', given)).toBe(steps);
    },
  );
});
