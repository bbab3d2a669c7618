import { expect, it } from 'vitest';
import type { Job, JobIn, Phase } from '../../../../src/services/jobs/state/job.ts';
import type { MethodId } from '../../../../src/services/modelslab/methods.ts';
import { modelCard, requestToCopy } from '../../../../src/services/threads/cards/model-card.ts';
import { aJob, order, trainingId } from '../../jobs/job-builder.ts';
import { customIdsOf } from './discord-rules.ts';
import { textIn } from './review-builder.ts';

const made = (method: MethodId, change: Partial<Job['order']> = {}) =>
  aJob('ready', { order: { ...order, method, ...change } });

const ready = (change: Partial<Extract<Phase, { state: 'ready' }>>): JobIn<'ready'> =>
  aJob('ready', { phase: { state: 'ready', trainingId: trainingId('t1'), ...change } });

it('gives all that is needed to use the model: id, trigger word, base, a prompt, and how', () => {
  const text = textIn(modelCard(aJob('ready')));
  expect(text).toContain('Model id: `t1`');
  expect(text).toContain('Trigger word: `ambika0`');
  expect(text).toContain('Base: `sdxl` (SDXL)');
  expect(text).toContain('photo of ambika0 woman');
  expect(text).toMatch(/How to use it: 1\. Open modelslab\.com.*\n2\. .*\n3\. Paste the prompt.*keep `ambika0` in it/);
});

it('is added to another model as a LoRA, or chosen by itself, as its method makes it', () => {
  expect(textIn(modelCard(made('lora-sdxl')))).toMatch(/model of the kind SDXL.*as a LoRA/);
  const dreambooth = textIn(modelCard(made('dreambooth')));
  expect(dreambooth).toContain('Choose the model id above as the model.');
  expect(dreambooth).toContain('Base: `portraitplus-diffusion`');
  expect(textIn(modelCard(made('dreambooth', { baseModel: 'midjourney' })))).toContain('Base: `midjourney`');
  expect(textIn(modelCard(made('sandbox')))).not.toContain('Base:');
});

it('can be used by programs and deleted, as far as ModelsLab lets it', () => {
  expect(customIdsOf(modelCard(aJob('ready')))).toEqual(['pictures:job1', 'request:job1', 'delete:job1']);
  expect(customIdsOf(modelCard(made('flux')))).toEqual(['pictures:job1', 'request:job1']);
  expect(customIdsOf(modelCard(made('sandbox')))).toEqual([]);
});

it('gives a request that makes a picture once a key is put into it', () => {
  const { words, json } = requestToCopy(aJob('ready'));
  expect(words).toContain('POST https://modelslab.com/api/v6/images/text2img');
  expect(JSON.parse(json)).toMatchObject({
    key: 'YOUR_API_KEY',
    model_id: 'sdxl',
    lora_model: 't1',
    prompt: expect.stringContaining('ambika0'),
    samples: 1,
  });
});

it('passes the provider’s own request on where there is one', () => {
  const usage = '{"model_id":"flux","lora":"t1"}';
  expect(requestToCopy(ready({ usage })).json).toBe(usage);
  expect(requestToCopy(ready({ usage })).words).toContain('ModelsLab itself says');
});
