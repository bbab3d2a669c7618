import { describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import { key, never, startScripted, type Reply } from './loopback-provider.ts';

const training = { method: 'dreambooth', trainingId: 'F5jvdzGnYi' as TrainingId } as const;
const done = { json: { status: 'success', messege: 'done', data: '' } };
const unknownId = { status: 404, json: { status: 'error', messege: 'Training not found', code: 404 } };
const unknownPath = { status: 404, text: '<html>Not Found</html>' };

describe('cancel', () => {
  async function cancelWith(...replies: readonly Reply[]) {
    const provider = await startScripted(...replies);
    const outcome = provider.api().cancel(training, key, never);
    await outcome.catch(() => undefined);
    return { outcome, paths: provider.received.map(({ path }) => path) };
  }

  it('uses the misspelled path first', async () => {
    const { outcome, paths } = await cancelWith(done);
    await expect(outcome).resolves.toBeUndefined();
    expect(paths).toEqual(['/api/v3/cancle_training/F5jvdzGnYi']);
  });

  it.each([
    ['an unknown id', unknownId],
    ['an unknown path', unknownPath],
  ])('falls back to the right spelling after %s', async (_name, first) => {
    const { outcome, paths } = await cancelWith(first, done);
    await expect(outcome).resolves.toBeUndefined();
    expect(paths).toEqual(['/api/v3/cancle_training/F5jvdzGnYi', '/api/v3/cancel_training/F5jvdzGnYi']);
  });

  it.each([
    ['both know no such training', unknownId, unknownId],
    ['the second path is unknown', unknownId, unknownPath],
    ['the first path is unknown', unknownPath, unknownId],
  ])('says that there is no such training when %s', async (_name, first, second) => {
    const { outcome } = await cancelWith(first, second);
    await expect(outcome).rejects.toMatchObject({ kind: 'rejected', reason: 'not-found' });
  });

  it('reports what the second path says when that is not 404', async () => {
    const { outcome } = await cancelWith(unknownId, { status: 503, text: '' });
    await expect(outcome).rejects.toMatchObject({ kind: 'unavailable', status: 503 });
  });

  it('does not fall back after any other refusal', async () => {
    const { outcome, paths } = await cancelWith({
      json: { status: 'error', messege: 'Training has already finished.' },
    });
    await expect(outcome).rejects.toMatchObject({ kind: 'rejected', said: 'Training has already finished.' });
    expect(paths).toHaveLength(1);
  });
});

describe('remove', () => {
  it('deletes below finetune', async () => {
    const provider = await startScripted(done);
    await provider.api().remove(training, key, never);
    expect(provider.received).toEqual([{ path: '/api/v3/finetune/delete/F5jvdzGnYi', body: { key: key.secret } }]);
  });

  it('falls back to the shorter path where the usual one is unknown', async () => {
    const provider = await startScripted(unknownPath, done);
    await provider.api().remove(training, key, never);
    expect(provider.received.map(({ path }) => path)).toEqual([
      '/api/v3/finetune/delete/F5jvdzGnYi',
      '/api/v3/delete/F5jvdzGnYi',
    ]);
  });

  it.each([
    ['both paths know no such model', [unknownId]],
    ['the shorter path is unknown', [unknownId, unknownPath]],
  ])('reports an unknown model when %s', async (_name, replies) => {
    const provider = await startScripted(...replies);
    await expect(provider.api().remove(training, key, never)).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('list', () => {
  async function listOf(data: unknown) {
    const provider = await startScripted({ json: { status: 'success', messege: 'model list', data } });
    return provider.api().list(key, never);
  }

  it.each([
    ['nothing', [], []],
    ['strings', ['a1', 'b2'], ['a1', 'b2']],
    ['numbers', [17], ['17']],
    ['objects', [{ model_id: 'a1', status: 'model_ready' }, { training_id: 'b2' }, { id: 3 }], ['a1', 'b2', '3']],
    ['both', ['a1', { model_id: 'b2' }], ['a1', 'b2']],
  ])('reads %s', async (_name, data, ids) => {
    await expect(listOf(data)).resolves.toEqual(ids);
  });

  it.each([
    ['no data', undefined],
    ['a text', 'none'],
    ['an item without an id', ['a1', { name: 'x' }]],
    ['an item that is nothing', ['a1', null]],
  ])('with %s is "malformed", because an overlooked model could be paid for twice', async (_name, data) => {
    await expect(listOf(data)).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('upload', () => {
  const png = Buffer.from('a picture');

  it('hands the picture over as a data URL and gives the link', async () => {
    const link = 'https://pub.example/generations/1.png';
    const provider = await startScripted({
      json: { status: 'success', messege: 'image uploaded', link, request_id: '1' },
    });
    await expect(provider.api().upload(png, key, never)).resolves.toBe(link);
    const image = `data:image/png;base64,${png.toString('base64')}`;
    expect(provider.received).toEqual([
      { path: '/api/v3/base64_crop', body: { key: key.secret, image, crop: 'false' } },
    ]);
  });

  it('refuses more than 5 MB before anything is sent', async () => {
    const provider = await startScripted(done);
    const upload = provider.api().upload(Buffer.alloc(5_000_001), key, never);
    await expect(upload).rejects.toMatchObject({ kind: 'rejected', reason: 'fields' });
    expect(provider.received).toEqual([]);
  });

  it.each([[undefined], [''], ['not a link'], ['javascript:alert(1)']])('does not take %j for a link', async (link) => {
    const provider = await startScripted({ json: { status: 'success', link } });
    await expect(provider.api().upload(png, key, never)).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('wallet', () => {
  it.each([
    ['a number', { balance: 43.6, currency: 'USD' }, { balance: 43.6, currency: 'USD' }],
    ['a string', { balance: '43.60', currency: 'EUR' }, { balance: 43.6, currency: 'EUR' }],
    ['a debt', { balance: '-2' }, { balance: -2, currency: 'USD' }],
  ])('reads %s', async (_name, data, wallet) => {
    const provider = await startScripted({ json: { status: 'success', data } });
    await expect(provider.api().wallet(key, never)).resolves.toEqual(wallet);
    expect(provider.received[0]?.path).toBe('/api/wallet_balance');
  });

  it.each([[{}], [{ balance: '' }], [{ balance: 'plenty' }], [null]])('does not make an amount of %j', async (data) => {
    const provider = await startScripted({ json: { status: 'success', data } });
    await expect(provider.api().wallet(key, never)).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('base models', () => {
  async function modelsOf(list: unknown) {
    const provider = await startScripted({ json: list });
    const models = await provider.api().baseModels(key, never);
    return { models, path: provider.received[0]?.path };
  }

  it('come as a bare list', async () => {
    const { models, path } = await modelsOf([
      { model_id: 'midjourney', model_name: 'Midjourney V4', status: 'model_ready', screenshots: '' },
    ]);
    expect(models).toEqual([{ id: 'midjourney', name: 'Midjourney V4' }]);
    expect(path).toBe('/api/v4/dreambooth/model_list');
  });

  it('are those that can be read, each once, under its id where it has no name', async () => {
    const { models } = await modelsOf([
      { model_id: 'a', model_name: null },
      null,
      'b',
      { model_name: 'without an id' },
      { model_id: '../x y' },
      { model_id: 7, model_name: 7 },
      { model_id: 'a', model_name: 'again' },
      { model_id: 'c', model_name: '<b>C</b>\n\u200b' },
      { model_id: 'd', model_name: '\u200b' },
    ]);
    expect(models).toEqual([
      { id: 'a', name: 'a' },
      { id: '7', name: '7' },
      { id: 'c', name: 'C' },
      { id: 'd', name: 'd' },
    ]);
  });

  const entry = { model_id: 'm', description: 'x'.repeat(10_000) };

  it('may be many megabytes', async () => {
    const many = Array.from({ length: 500 }, (_, number) => ({ ...entry, model_id: `m${number}` }));
    expect((await modelsOf(many)).models).toHaveLength(500);
  });

  it('are cut off before they fill the memory', async () => {
    const endless = `[${' '.repeat(33_000_000)}]`;
    const provider = await startScripted({ text: endless });
    await expect(provider.api().baseModels(key, never)).rejects.toMatchObject({ kind: 'malformed' });
  });

  it.each([[{}], [{ data: [] }], ['none']])('are not %j', async (list) => {
    await expect(modelsOf(list)).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('reload', () => {
  it.each(['lora-sdxl', 'lora-sd15', 'dreambooth', 'dreambooth-v2', 'flux'] as const)(
    'names the model of %s in the body, below v4',
    async (method) => {
      const provider = await startScripted({ json: { status: 'success', messege: 'Model is reloading' } });
      await provider.api().reload({ ...training, method }, key, never);
      const body = { key: key.secret, model_id: 'F5jvdzGnYi' };
      expect(provider.received).toEqual([{ path: '/api/v4/dreambooth/model_reload', body }]);
    },
  );

  it('takes "processing" for done, and reports a refusal', async () => {
    const reload = async (status: string, message: string) =>
      (await startScripted({ json: { status, message } })).api().reload(training, key, never);
    await expect(reload('processing', 'Model is loading')).resolves.toBeUndefined();
    await expect(reload('error', 'Model id not found')).rejects.toMatchObject({ reason: 'not-found' });
  });
});
