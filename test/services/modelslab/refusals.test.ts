import { MockAgent } from 'undici';
import { describe, expect, it } from 'vitest';
import { createTrainingApi } from '../../../src/services/modelslab/client.ts';
import type { TrainingApiError } from '../../../src/services/modelslab/training-api-error.ts';
import { key, never, order, rejection, startScripted } from './loopback-provider.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

function listAnswering(status: number, body: string | object, headers: Record<string, string> = {}) {
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  dispatcher
    .get('https://modelslab.test')
    .intercept({ path: '/api/v3/finetune_list', method: 'POST' })
    .reply(status, body, { headers });
  const urls = { baseUrl: 'https://modelslab.test/api', sandboxUrl: 'https://sandbox.test/v3' };
  return createTrainingApi({ ...urls, dispatcher, clock: { now: () => now } }).list(key, never);
}

/** Every row of the refusals that the documents and the clients of the provider show. */
const refusals = [
  ['wrong key', 'key', [200, 401], { message: 'Invalid Api Key', tip: 'Get one at https://modelslab.com' }],
  ['wrong key, newer words', 'key', [200, 401], { message: 'Invalid API key' }],
  ['bad JSON or header', 'fields', [200, 400], { message: 'Invalid API Request', tip: 'Check the documents' }],
  ['missing field', 'fields', [200, 400, 422], { message: { prompt: ['The prompt field is required.'] } }],
  ['missing field, v3 spelling', 'fields', [200, 400], { messege: { prompt: ['The prompt field is required.'] } }],
  ['no money, under the name of a field', 'credit', [200, 402], { message: { error: ['Insufficient credits.'] } }],
  ['wrong key, under the name of a field', 'key', [200, 401], { messege: { key: ['Invalid API key'] } }],
  [
    'unknown id, under the name of a field',
    'not-found',
    [200, 404],
    { messege: { training_id: ['Training not found'] } },
  ],
  ['value not allowed', 'fields', [200, 400], { messege: { training_type: ['Choose one of men, women.'] } }],
  ['unknown model', 'not-found', [200, 404], { message: 'Model id not found' }],
  ['unknown model by name', 'not-found', [200, 400], { messege: 'Model not found: NAME' }],
  [
    'same request again',
    'queue-full',
    [200, 429],
    { message: 'Rate limit exceeded', tips: 'Please wait for 30 seconds' },
  ],
  [
    'queue full',
    'queue-full',
    [200, 429],
    { message: 'Rate limit exceeded. Maximum 5 queued requests allowed.', retry_after: 30 },
  ],
  ['idle model', 'not-loaded', [200, 400], { message: 'Model not loaded: F5jvdzGnYi' }],
  ['no money', 'credit', [200, 402], { message: 'Insufficient credits. Please add more credits to continue.' }],
  ['plan', 'plan', [200, 403], { message: 'This feature requires a premium subscription' }],
] as const;

const cases = refusals.flatMap(([name, reason, statuses, body]) =>
  statuses.map((status) => ({ name, reason, status, body: { status: 'error', ...body } })),
);

describe('a refusal in words', () => {
  it.each(cases)('"$name" with HTTP $status is "rejected" for reason "$reason"', async ({ status, body, reason }) => {
    const expected = { kind: 'rejected', reason, status };
    await expect(listAnswering(status, body)).rejects.toMatchObject(expected);
    const provider = await startScripted({ status, json: body });
    await expect(provider.api().start(order, key, never)).rejects.toMatchObject(expected);
  });

  it.each([401, 402, 403, 404, 429])('without words goes by HTTP %i', async (status) => {
    const reason = { 401: 'key', 402: 'credit', 403: 'plan', 404: 'not-found', 429: 'queue-full' }[status];
    await expect(listAnswering(status, { status: 'error' })).rejects.toMatchObject({ kind: 'rejected', reason });
  });

  it('tells what the provider said, the tip included, in one line', async () => {
    const body = { status: 'error', messege: { images: ['Too few.\n', 'Bad\tlink.'] }, tip: 'See <b>the docs</b>' };
    const error = (await rejection(listAnswering(200, body))) as TrainingApiError;
    expect(error.said).toBe('Too few. Bad link. See the docs');
    expect(error.message).toBe('Cannot list the models: refused with "Too few. Bad link. See the docs"');
  });

  it('has nothing to quote when nothing was said', async () => {
    await expect(listAnswering(200, { status: 'error', message: null })).rejects.toMatchObject({ said: undefined });
  });
});

describe('the time to wait', () => {
  it.each([
    ['a number', { retry_after: 30 }, {}, 30_000],
    ['a string', { retry_after: '30' }, {}, 30_000],
    ['a header in seconds', {}, { 'retry-after': '7' }, 7_000],
    ['a header with a date', {}, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
    ['a date in the past', {}, { 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    ['a sentence', { tips: 'please wait for 30 seconds and try again' }, {}, 30_000],
    ['an absurd number', { retry_after: 1e12 }, {}, 86_400_000],
    ['nonsense', { retry_after: 'soon' }, { 'retry-after': 'later' }, undefined],
    ['nothing', {}, {}, undefined],
  ])('is read from %s', async (_name, body, headers, retryAfterMs) => {
    const answer = listAnswering(429, { status: 'error', message: 'Rate limit exceeded', ...body }, headers);
    await expect(answer).rejects.toMatchObject({ kind: 'rejected', reason: 'queue-full', retryAfterMs });
  });
});

describe('the number of requests that may wait', () => {
  it.each([
    ['the sentence', 'Rate limit exceeded. Maximum 15 queued requests allowed.', 15],
    ['no sentence without it', 'Rate limit exceeded', undefined],
  ])('is read from %s', async (_name, message, queueLimit) => {
    const error = await rejection(listAnswering(429, { status: 'error', message }));
    expect(error).toMatchObject({ reason: 'queue-full', queueLimit });
  });
});

describe('a free call without a verdict is "unavailable"', () => {
  it.each([
    ['server error', 500, { status: 'error', message: 'Internal server error. Please try again.' }],
    ['service down', 503, { status: 'error', message: 'Service temporarily unavailable. Please try again later.' }],
    ['the words of a refusal', 500, { status: 'error', message: 'Invalid Api Key' }],
    ['server error with HTTP 200', 200, { status: 'error', message: 'Internal server error. Please try again.' }],
    ['a page with HTTP 200', 200, '<!doctype html><title>Just a moment...</title>'],
    ...[502, 503, 520, 521, 522, 523, 524].map((code) => [`a page with HTTP ${code}`, code, '<html></html>'] as const),
    ['a page with HTTP 404, since only the provider knows its trainings', 404, '<html>Not Found</html>'],
    ['a page with HTTP 403', 403, '<html>blocked</html>'],
    ['a list with HTTP 404', 404, '[]'],
  ] as const)('%s (%i)', async (_name, status, body) => {
    await expect(listAnswering(status, body)).rejects.toMatchObject({ kind: 'unavailable', status });
  });
});

describe('an answer of unknown shape is "malformed"', () => {
  it.each([
    ['nothing', ''],
    ['half an object', '{"status":"success","data":['],
    ['a list', '["a1"]'],
    ['a word', 'OK'],
    ['an object without its data', '{"status":"success"}'],
  ])('%s', async (_name, text) => {
    await expect(listAnswering(200, text)).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('names the field, never its value', async () => {
    const answer = listAnswering(200, { status: 'success', data: ['a1', { name: 'x' }] });
    const message = "Cannot list the models: the answer has an unknown shape at 'data.1'";
    await expect(answer).rejects.toMatchObject({ message });
  });
});
