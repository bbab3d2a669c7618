import { describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import { key, never, startScripted, type Reply } from './loopback-provider.ts';

const training = { method: 'lora-sdxl', trainingId: 'F5jvdzGnYi' as TrainingId } as const;

async function statusOf(reply: Reply) {
  const provider = await startScripted(reply);
  return provider.api().status(training, key, never);
}

const said = (messege: string, rest: object = {}) => ({ json: { status: 'success', messege, data: '', ...rest } });
const refused = (messege: unknown, rest: object = {}) => ({ json: { status: 'error', messege, ...rest } });

describe('the call', () => {
  it('goes to the host of the method', async () => {
    const provider = await startScripted(said('training_started'));
    await provider.api().status(training, key, never);
    await provider.api().status({ ...training, method: 'sandbox' }, key, never);
    expect(provider.received.map(({ path }) => path)).toEqual([
      '/api/v3/fine_tune_status/F5jvdzGnYi',
      '/api/sandbox/v3/fine_tune_status/F5jvdzGnYi',
    ]);
  });

  it('escapes an id, since it comes from outside', async () => {
    const provider = await startScripted(said('training_started'));
    await provider.api().status({ ...training, trainingId: 'a/../b?c' as TrainingId }, key, never);
    expect(provider.received[0]?.path).toBe('/api/v3/fine_tune_status/a%2F..%2Fb%3Fc');
  });
});

describe('an answer about another training', () => {
  it.each(['training_id', 'model_id'])('as its %s says is of an unknown shape, whatever it tells', async (name) => {
    await expect(statusOf(said('model_ready', { [name]: 'other' }))).rejects.toMatchObject({ kind: 'malformed' });
    await expect(statusOf(refused('training_failed', { [name]: 'other' }))).rejects.toMatchObject({ kind: 'rejected' });
    expect((await statusOf(said('model_ready', { [name]: 'F5jvdzGnYi' }))).verdict).toBe('ready');
  });
});

describe('the stage', () => {
  it.each([
    ['model_training_status', { model_training_status: 'training_success', training_status: 'a', messege: 'b' }],
    ['training_status', { training_status: 'training_success', messege: 'b', message: 'c' }],
    ['messege', { messege: 'training_success', message: 'c' }],
    ['message', { message: 'training_success' }],
    ['the first that is not empty', { model_training_status: '', training_status: null, messege: 'training_success' }],
    ['the first that is a word', { messege: { a: ['b'] }, message: 'training_success' }],
    ['another spelling', { messege: 'Training Success' }],
  ])('is read from %s', async (_name, names) => {
    const status = await statusOf({ json: { status: 'success', ...names } });
    expect(status).toMatchObject({ stage: 'training_success', verdict: 'running' });
  });

  it('missing altogether makes the answer "malformed"', async () => {
    await expect(statusOf({ json: { status: 'success', data: 'x' } })).rejects.toMatchObject({ kind: 'malformed' });
  });
});

describe('the verdict', () => {
  it.each([
    'queued',
    'deploying_gpu',
    'training_started',
    'training_success',
    'trained_model_compressing',
    'trained_model_uploading',
    'trained_model_uploaded',
    'deploying_model',
    'a_stage_of_next_year',
    'model_ready_soon',
    'training_failed_over_to_another_gpu',
  ])('of "%s" is "running"', async (stage) => {
    await expect(statusOf(said(stage))).resolves.toMatchObject({ stage, verdict: 'running' });
  });

  it('of "model_ready" is "ready", whatever the log says', async () => {
    const status = await statusOf(
      said('model_ready', { data: 'Training Failed: first try /n Model loaded successfully' }),
    );
    expect(status.verdict).toBe('ready');
  });

  it.each(['cancelled', 'training_cancelled', 'canceled', 'Training Cancelled', 'training_stopped'])(
    'of "%s" is "cancelled"',
    async (stage) => {
      await expect(statusOf(said(stage))).resolves.toMatchObject({ verdict: 'cancelled' });
    },
  );

  it.each([
    ['the stage', said('training_failed', { data: 'Training Failed:  Valid image links less than 3' })],
    ['the stage alone, as a sentence', said('Training Failed:  Valid image links less than 3')],
    [
      'the last entry of the log',
      said('training_started', { data: 'Step:1 /n Training Failed: Valid image links less than 3' }),
    ],
    ['a refusal with HTTP 200', refused('Training Failed:  Valid image links less than 3')],
    ['a refusal with a stage', refused('training_failed', { data: 'Training Failed: Valid image links less than 3' })],
    [
      'a status "failed"',
      { json: { status: 'failed', messege: 'training_failed', data: 'Valid image links less than 3' } },
    ],
    [
      'a worker',
      said('training_failed', { data: '1. [Training model] | Time Elapsed : 31 | Valid image links less than 3' }),
    ],
    ['a worker, refusing', refused('1. [Training model] | Time Elapsed : 31 | Valid image links less than 3')],
  ])('is "failed" with the reason as last line, told by %s', async (_name, reply) => {
    const status = await statusOf(reply);
    expect(status.verdict).toBe('failed');
    expect(status.log.at(-1)).toBe('Valid image links less than 3');
  });

  it.each([
    ['nothing', ''],
    ['progress only', 'Step:1 Training Started, 5 Steps to go : ETA : 30 minutes'],
    ['an estimate only', 'it will take upto 25 minutes.'],
    ['the failure without a reason', 'Training Failed:'],
  ])('is "failed" without a reason where the log holds %s', async (_name, data) => {
    const status = await statusOf(said('training_failed', { data }));
    expect(status).toMatchObject({ verdict: 'failed', stage: 'training_failed' });
    expect(status.log.at(-1)).toBe('The provider gave no reason');
  });
});

it('a training that failed of a server error is "failed", unlike a status call that did', async () => {
  const training = await statusOf(refused('Training Failed: Internal server error. Please try again.'));
  expect(training.verdict).toBe('failed');
  const call = statusOf(refused('Internal server error. Please try again.'));
  await expect(call).rejects.toMatchObject({ kind: 'unavailable' });
});

describe('a refused status call', () => {
  it.each([
    ['an unknown id', { status: 404, ...refused('Training request not found', { code: 404 }) }, 'not-found'],
    ['an unknown id with HTTP 200', refused('Model id not found'), 'not-found'],
    ['a wrong key', refused('Invalid Api Key'), 'key'],
    ['a closed account', refused('Your subscription was cancelled'), 'plan'],
    ['a failed request, which is no failed training', refused('Failed to fetch the status'), 'other'],
    ['fields', refused({ key: ['The key field is required.'] }), 'fields'],
  ])('for %s says nothing about the training', async (_name, reply, reason) => {
    await expect(statusOf(reply)).rejects.toMatchObject({ kind: 'rejected', reason });
  });
});

describe('the log', () => {
  const lines = [
    'Step:1 Training Started, 5 Steps to go : ETA : 30 minutes',
    'Step:2 Training Done, 4 More Steps to go : ETA : 15 minutes | Time Elapsed : 12.0 seconds',
    'Model loaded successfully',
  ];

  it.each([
    ['" /n "', ` /n ${lines[0]} /n ${lines[1]} /n  /n ${lines[2]}`],
    ['newlines', lines.join('\n')],
    ['escaped newlines', lines.join('\\n')],
    ['carriage returns', lines.join('\r\n\r\n')],
    ['an array', lines],
  ])('joined by %s has one entry a line', async (_name, data) => {
    const status = await statusOf(said('training_success', { data }));
    expect(status.log).toEqual(lines);
  });

  it.each([[null], [undefined], [7], ['']])('is empty where data is %j', async (data) => {
    const status = await statusOf({ json: { status: 'success', messege: 'deploying_gpu', data } });
    expect(status.log).toEqual([]);
  });

  it('is cleaned and cut to its last 200 entries', async () => {
    const data = Array.from({ length: 300 }, (_, number) => `<b>${number}</b>`).join('\n');
    const status = await statusOf(said('training_started', { data }));
    expect(status.log).toHaveLength(200);
    expect(status.log.at(-1)).toBe('299');
  });
});

describe('the sample picture', () => {
  it.each([
    ['a link', 'https://pub.example/1.png', 'https://pub.example/1.png'],
    ['the first of several', ['https://pub.example/1.png', 'https://pub.example/2.png'], 'https://pub.example/1.png'],
    ['nothing', null, undefined],
    ['no link', 'none', undefined],
    ['a link that is no http', 'file:///etc/passwd', undefined],
    ['a link that holds the key', `https://pub.example/1.png?key=${key.secret}`, undefined],
  ])('is %s', async (_name, test_image, sampleUrl) => {
    const status = await statusOf(said('model_ready', { test_image }));
    expect(status.sampleUrl).toBe(sampleUrl);
  });
});
