import { describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import { key, never, order, startScripted, type Reply } from './loopback-provider.ts';

const id = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
const training = { method: 'flux', trainingId: id as TrainingId } as const;

describe('starting at the newer trainer', () => {
  const start = async (json: object) => {
    const provider = await startScripted({ json: { status: 'success', message: 'training_started', ...json } });
    return provider.api().start({ ...order, method: 'flux' }, key, never);
  };

  it.each([
    ['training_id', { training_id: id }],
    ['id', { id }],
    ['request_id', { request_id: id }],
    ['data.id', { data: { id, status: 'training_started' } }],
    ['training_id before all others', { training_id: id, id: 7, request_id: 8, data: { id: 9 } }],
    ['data.id before a number of the request', { id: 7, request_id: 8, data: { id } }],
    ['id, as data is nothing', { id, data: null }],
  ])('reads the id from %s', async (_name, json) => {
    await expect(start(json)).resolves.toBe(id);
  });

  it('without any id is "ambiguous"', async () => {
    await expect(start({ data: { status: 'training_started' } })).rejects.toMatchObject({ kind: 'ambiguous' });
  });

  it('does not take the words of v3 for an id', async () => {
    await expect(start({ model_id: 'flux' })).rejects.toMatchObject({ kind: 'ambiguous' });
  });
});

it('each call goes to its path, with the id in the path or in the body', async () => {
  const provider = await startScripted({ json: { status: 'success', message: 'training_started', id } });
  const api = provider.api();
  await api.start({ ...order, method: 'flux' }, key, never);
  await api.status(training, key, never);
  await api.cancel(training, key, never);
  expect(provider.received).toMatchObject([
    { path: '/api/v6/trainer/train', body: { key: key.secret, trainer_id: 'flux_lora_trainer' } },
    { path: `/api/v6/trainer/status/${id}`, body: { key: key.secret } },
    { path: '/api/v6/trainer/stop', body: { key: key.secret, training_id: id } },
  ]);
});

it.each(['flux', 'sandbox'] as const)('deleting a model of %s is refused before anything is sent', async (method) => {
  const provider = await startScripted({ json: { status: 'success' } });
  await expect(provider.api().remove({ ...training, method }, key, never)).rejects.toMatchObject({ kind: 'rejected' });
  expect(provider.received).toEqual([]);
});

async function statusOf(reply: Reply) {
  const provider = await startScripted(reply);
  return provider.api().status(training, key, never);
}

const said = (status: string, data: object = {}) => ({
  json: { status: 'success', message: status, data: { id, status, ...data } },
});

describe('the status at the newer trainer', () => {
  it.each(['training_started', 'queued', 'a_stage_of_next_year', 'training_failed', 'cancelled', 'model_ready'])(
    'of "%s" is "running", because only its own words end a training',
    async (word) => {
      await expect(statusOf(said(word))).resolves.toEqual({ stage: word, verdict: 'running', log: [] });
    },
  );

  it('is read from data before message, and from message where data says nothing', async () => {
    const both = { json: { status: 'success', message: 'training status', data: { status: 'training_cancelled' } } };
    await expect(statusOf(both)).resolves.toMatchObject({ verdict: 'failed' });
    const alone = { json: { status: 'success', message: 'training_completed', data: null } };
    await expect(statusOf(alone)).resolves.toMatchObject({ verdict: 'over' });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a word', 'ready'],
    ['deploying', { status: 'deploying' }],
    ['failed', { status: 'failed', error: 'no GPU' }],
    ['not available', { status: 'not_available' }],
    ['ready, almost', { status: 'not_ready' }],
  ])('of "training_completed" is "over" while its inference is %s', async (_name, inference) => {
    const status = await statusOf(said('training_completed', { inference }));
    expect(status).toEqual({ stage: 'training_completed', verdict: 'over', log: [] });
  });

  it('of "training_completed" is "ready" once its inference is, with the request that uses it', async () => {
    const request = { model_id: 'flux', lora_model: id };
    const status = await statusOf(said('training_completed', { inference: { status: 'ready', request } }));
    expect(status).toEqual({
      stage: 'model_ready',
      verdict: 'ready',
      log: [],
      usage: JSON.stringify(request, undefined, 2),
    });
  });

  it('is "ready" without a request as well', async () => {
    const status = await statusOf(said('training_completed', { inference: { status: 'Ready' } }));
    expect(status).toEqual({ stage: 'model_ready', verdict: 'ready', log: [] });
  });

  it.each([
    ['a sentence', 'Out of memory', ['Out of memory']],
    [
      'lines, of which the last says why',
      'Traceback:\n  File "a.py"\nCUDA: out of memory',
      ['Traceback:', 'File "a.py"', 'CUDA: out of memory'],
    ],
    ['an object', { error: 'Out of memory' }, ['Out of memory']],
    ['nothing', null, ['The provider gave no reason']],
    ['an error with its traceback', { error: { message: 'Out of memory' }, traceback: 'line 1' }, ['Out of memory']],
    ['markup', '<b>Out</b> of memory', ['Out of memory']],
  ])('of "training_cancelled" is "failed" with %s as its reason', async (_name, response_dump, log) => {
    const status = await statusOf(said('training_cancelled', { response_dump }));
    expect(status).toEqual({ stage: 'training_failed', verdict: 'failed', log });
  });

  it('told as an error is the end of the training all the same', async () => {
    const data = { status: 'training_cancelled', response_dump: 'Out of memory' };
    const status = await statusOf({ status: 400, json: { status: 'error', message: 'training_cancelled', data } });
    expect(status).toMatchObject({ verdict: 'failed', log: ['Out of memory'] });
  });

  it.each([
    ['an unknown id', { status: 404, json: { status: 'error', message: 'Training request not found.' } }, 'not-found'],
    ['a wrong key', { json: { status: 'error', message: 'Invalid API key' } }, 'key'],
    ['a closed account', { json: { status: 'error', message: 'Your subscription was cancelled' } }, 'plan'],
  ])('for %s says nothing about the training', async (_name, reply, reason) => {
    await expect(statusOf(reply)).rejects.toMatchObject({ kind: 'rejected', reason });
  });

  it('without any word is "malformed"', async () => {
    await expect(statusOf({ json: { status: 'success', data: {} } })).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('the words of one dialect', () => {
  it.each([
    ['lora-sdxl', 'cancelled'],
    ['flux', 'failed'],
  ] as const)('have their own meaning: for %s, "training_cancelled" is "%s"', async (method, verdict) => {
    const provider = await startScripted(said('training_cancelled'));
    const status = provider.api().status({ ...training, method }, key, never);
    await expect(status).resolves.toMatchObject({ verdict });
  });

  it('do not end a training of the other: "training_completed" of v3 is one more stage', async () => {
    const provider = await startScripted(said('training_completed', { inference: { status: 'ready' } }));
    const status = provider.api().status({ ...training, method: 'lora-sdxl' }, key, never);
    await expect(status).resolves.toMatchObject({ verdict: 'running' });
  });
});
