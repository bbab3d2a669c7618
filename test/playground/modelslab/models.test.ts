import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { openLab, trainingMs, uploadSquare } from './lab.ts';
import type { OpenLab } from './lab.ts';

async function readyModel({ train, finish }: OpenLab): Promise<string> {
  const id = await train();
  await finish(id);
  return id;
}

describe('pictures from a model', () => {
  it('are processing first and are pictures when they are fetched later', async () => {
    const open = await openLab();
    const order = { model_id: 'sdxl', lora_model: await readyModel(open), prompt: 'zkw man', samples: 2, width: 768 };
    const { body } = await open.post('/v6/images/text2img', order);
    expect(body).toMatchObject({ status: 'processing', output: [] });
    open.clock.advance(trainingMs / 10);
    const later = await open.post(body.fetch_result as string);
    expect(later.body).toMatchObject({ status: 'success', id: body.id });
    expect(later.body.output).toHaveLength(2);
    const picture = await fetch(later.body.output[1] as string);
    const metadata = await sharp(await picture.arrayBuffer()).metadata();
    expect(metadata).toMatchObject({ width: 768, height: 512, format: 'png' });
  });

  it('say "" for no output yet when told, and come at once when told', async () => {
    const { lab, post } = await openLab({ oddities: { processingOutput: 'string' } });
    const order = { model_id: 'sdxl', prompt: 'a house' };
    expect((await post('/v6/images/text2img', order)).body.output).toBe('');
    lab.oddities.pictures = 'at-once';
    expect((await post('/v6/images/text2img', order)).body).toMatchObject({ status: 'success' });
  });

  it('are not made of models that are unknown or not ready', async () => {
    const { train, post } = await openLab();
    const draw = (lora: string) => post('/v6/images/text2img', { model_id: 'sdxl', lora_model: lora, prompt: 'x' });
    expect((await draw('nobody')).body.message).toBe('Model not found: nobody');
    expect((await draw(await train())).body.message).toContain('Model not loaded');
  });

  it('have sides that are multiples of 8, up to 1024', async () => {
    const { post } = await openLab();
    const { body } = await post('/v6/images/text2img', { model_id: 'sdxl', prompt: 'x', width: 1025, height: 513 });
    expect(Object.keys(body.message as object)).toEqual(['width', 'height']);
  });

  it('can be asked for again after an idle model is reloaded, which its status tells', async () => {
    const open = await openLab();
    const id = await readyModel(open);
    const stage = async (): Promise<unknown> => (await open.post(`/v3/fine_tune_status/${id}`)).body.messege;
    const { body } = await open.post('/v4/dreambooth/model_reload', { model_id: id });
    expect(body).toMatchObject({ status: 'success', messege: 'Model is reloading' });
    expect(await stage()).toBe('deploying_model');
    open.clock.advance(trainingMs / 10);
    expect(await stage()).toBe('model_ready');
  });

  it('are not made of a model that nobody used for a week, until it is loaded again', async () => {
    const open = await openLab();
    const id = await readyModel(open);
    const draw = async (): Promise<unknown> => {
      const { body } = await open.post('/v6/images/text2img', { model_id: 'sdxl', lora_model: id, prompt: 'x' });
      return body.status === 'error' ? body.message : body.status;
    };
    const stage = async (): Promise<unknown> => (await open.post(`/v3/fine_tune_status/${id}`)).body.messege;
    const week = 7 * 24 * 3_600_000;
    open.clock.advance(week);
    expect(await draw()).toBe('processing');
    open.clock.advance(week + 1);
    expect([await draw(), await stage()]).toEqual([`Model not loaded: ${id}`, 'model_unloaded']);
    await open.post('/v4/dreambooth/model_reload', { model_id: id });
    expect(await draw()).toBe(`Model not loaded: ${id}`);
    open.clock.advance(trainingMs / 10);
    expect([await stage(), await draw()]).toEqual(['model_ready', 'processing']);
    open.lab.idle(id);
    expect(await stage()).toBe('model_unloaded');
  });

  it('fail when told, with their links nowhere, or have them in another field', async () => {
    const open = await openLab({ oddities: { pictures: 'failed' } });
    const order = { model_id: 'sdxl', prompt: 'a house' };
    const { body } = await open.post('/v6/images/text2img', order);
    open.clock.advance(trainingMs / 10);
    expect((await open.post(body.fetch_result as string)).body).toMatchObject({ status: 'failed', output: '' });
    Object.assign(open.lab.oddities, { pictures: 'at-once', pictureLinks: 'proxy_links' });
    const other = await open.post('/v6/images/text2img', order);
    expect(other.body).toMatchObject({ output: [], proxy_links: [expect.stringMatching(/^http/)] });
  });

  it('can be made with a list of base models that is megabytes long, when told', async () => {
    const { post } = await openLab({ oddities: { baseModels: 'many' } });
    const { text, body } = await post('/v4/dreambooth/model_list');
    expect(text.length).toBeGreaterThan(3_000_000);
    expect(body).toContain(null);
  });

  it('can use public base models, which come as a bare list', async () => {
    const { post } = await openLab();
    const { body } = await post('/v4/dreambooth/model_list');
    expect(body).toContainEqual(expect.objectContaining({ model_id: 'midjourney', status: 'model_ready' }));
  });
});

describe('the newer trainer', () => {
  async function trainFlux({ post }: OpenLab, changes: object = {}): Promise<string> {
    const images = await Promise.all([1, 2, 3].map((shade) => uploadSquare(post, shade)));
    const order = { trainer_id: 'flux_lora_trainer', images, trigger_word: 'zkw', training_steps: 1000, ...changes };
    return (await post('/v6/trainer/train', order)).body.training_id as string;
  }

  it('completes, gets ready for use, and is billed by the hour', async () => {
    const open = await openLab();
    const id = await trainFlux(open);
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(open.lab.ledger).toEqual([]);
    await open.finish(id);
    const { body } = await open.post(`/v6/trainer/status/${id}`);
    expect(body).toMatchObject({ message: 'training_completed', data: { id, inference: { status: 'ready' } } });
    expect(open.lab.ledger).toMatchObject([{ trainingId: id, amount: 1 }]);
  });

  it('says "completed" after a stop, which ends the billing, and cannot be stopped twice', async () => {
    const open = await openLab();
    const id = await trainFlux(open);
    open.clock.advance(trainingMs / 100);
    const stop = await open.post('/v6/trainer/stop', { training_id: id });
    expect(stop.body).toEqual({ status: 'success', message: 'training stopped' });
    const { body } = await open.post(`/v6/trainer/status/${id}`);
    expect(body.data).toMatchObject({ status: 'training_completed', inference: { status: 'not_available' } });
    expect(open.lab.ledger).toMatchObject([{ amount: 0.01 }]);
    const again = await open.post('/v6/trainer/stop', { training_id: id });
    expect(again.body.message).toBe('Training has already finished.');
  });

  it.each([
    ['never', 'deploying'],
    ['failed', 'failed'],
  ] as const)('never gets its result ready when told (%s)', async (inference, status) => {
    const open = await openLab({ oddities: { inference } });
    const id = await trainFlux(open);
    await open.finish(id);
    const { body } = await open.post(`/v6/trainer/status/${id}`);
    expect(body).toMatchObject({ message: 'training_completed', data: { inference: { status } } });
  });

  it('is stopped from outside in the same words, and draws with its result as others do', async () => {
    const open = await openLab();
    const stopped = await trainFlux(open);
    open.lab.stop(stopped);
    const { body } = await open.post(`/v6/trainer/status/${stopped}`);
    expect(body.data).toMatchObject({ status: 'training_completed', inference: { status: 'not_available' } });
    const ready = await trainFlux(open);
    await open.finish(ready);
    const draw = (lora_model: string) =>
      open.post('/v6/images/text2img', { model_id: 'flux', lora_model, prompt: 'x' });
    expect((await draw(ready)).body.status).toBe('processing');
    expect((await draw(stopped)).body.message).toContain('Model not loaded');
  });

  it('says "cancelled" when it failed, with the reason beside', async () => {
    const open = await openLab();
    const id = await trainFlux(open);
    open.lab.fail(id, 'Out of memory');
    const { body } = await open.post(`/v6/trainer/status/${id}`);
    expect(body.data).toMatchObject({ status: 'training_cancelled', response_dump: 'Out of memory' });
  });

  it('does not know the ids of v3', async () => {
    const { train, post } = await openLab();
    const { body } = await post(`/v6/trainer/status/${await train()}`);
    expect(body.message).toBe('Training request not found.');
  });

  it.each(['id', 'request_id', 'data.id'] as const)('gives its id as %s when told', async (trainerIdField) => {
    const open = await openLab({ oddities: { trainerIdField } });
    const images = ['http://127.0.0.1:1/a.png'];
    const order = { trainer_id: 'flux_lora_trainer', images, trigger_word: 'zkw' };
    const { body } = await open.post('/v6/trainer/train', order);
    const id = trainerIdField === 'data.id' ? body.data.id : body[trainerIdField];
    expect(id).toBe(open.lab.trainings[0]!.id);
  });
});
