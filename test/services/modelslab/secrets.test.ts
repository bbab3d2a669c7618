import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { TrainingId } from '../../../src/lib/ids.ts';
import {
  key,
  never,
  order,
  rejection,
  secret,
  startProvider,
  startScripted,
  type LoopbackProvider,
} from './loopback-provider.ts';

const training = { method: 'lora-sdxl', trainingId: 'F5jvdzGnYi' as TrainingId } as const;

/** All that a log, a debugger or a careless template could print of an error. */
function everythingIn(error: unknown): string {
  const { message, stack = '' } = error as Error;
  const json = JSON.stringify(error, Object.getOwnPropertyNames(error));
  return [json, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true }), message, stack].join('\n');
}

/** What each of the calls rejects with; some answers are good enough for a cancel. */
async function errorsOf(provider: LoopbackProvider): Promise<readonly unknown[]> {
  const api = provider.api();
  const outcomes = await Promise.allSettled([
    api.start(order, key, never),
    api.status(training, key, never),
    api.cancel(training, key, never),
    api.list(key, never),
    api.wallet(key, never),
    api.upload(Buffer.from('x'), key, never),
  ]);
  const errors = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(errors.length).toBeGreaterThanOrEqual(4);
  return errors;
}

const base64 = Buffer.from(secret).toString('base64');
const echoes = [
  secret,
  secret.toLowerCase(),
  secret.toUpperCase(),
  base64,
  `<i>${secret.slice(0, 10)}</i>${secret}`,
  `${secret.slice(0, 16)}\u200b${secret.slice(16)}`,
  `${secret.slice(0, 20)}…`,
  `https://modelslab.com/api?key=${secret}`,
  encodeURIComponent(secret),
];

function expectNoKey(text: string) {
  const lower = text.toLowerCase();
  for (let start = 0; start + 12 <= secret.length; start += 1) {
    expect(lower).not.toContain(secret.slice(start, start + 12).toLowerCase());
  }
  expect(text).not.toContain(base64);
}

describe('the key is in no error', () => {
  it.each(echoes)('when a refusal says %j', async (echo) => {
    const message = `Invalid Api Key: ${echo} is unknown`;
    for (const status of [200, 401, 500]) {
      const provider = await startScripted({ status, json: { status: 'error', message, tip: echo, key: secret } });
      for (const error of await errorsOf(provider)) expectNoKey(everythingIn(error));
    }
  });

  it.each([
    ['a page', `<html><body>POST {"key":"${secret}"}</body></html>`],
    ['half an answer', `{"status":"error","message":"${secret}`],
    ['an object of unknown shape', JSON.stringify({ status: 'success', [secret]: secret, data: { [secret]: secret } })],
    ['fields named so', JSON.stringify({ status: 'error', messege: { [secret]: [`${secret} is wrong`] } })],
  ])('when it stands in %s', async (_name, text) => {
    const provider = await startScripted({ text });
    for (const error of await errorsOf(provider)) expectNoKey(everythingIn(error));
  });

  it('when the answer is no HTTP, where undici hangs the received bytes onto its error', async () => {
    const provider = await startProvider((response) => {
      response.socket?.end(`${secret}\r\n\r\n`);
    });
    for (const error of await errorsOf(provider)) expectNoKey(everythingIn(error));
  });

  it('when the connection breaks', async () => {
    const provider = await startProvider((response) => {
      response.socket?.resetAndDestroy();
    });
    for (const error of await errorsOf(provider)) expectNoKey(everythingIn(error));
  });
});

describe('the key is in no status', () => {
  it.each(echoes)('when stage and log say %j', async (echo) => {
    const json = { status: 'success', messege: `stage of ${echo}`, data: `Step:1 ${echo} /n ${echo}` };
    const provider = await startScripted({ json });
    expectNoKey(JSON.stringify(await provider.api().status(training, key, never)));
  });

  it.each(echoes)('when a failure says %j', async (echo) => {
    const json = { status: 'error', messege: `Training Failed: no access for ${echo}` };
    const provider = await startScripted({ json });
    const status = await provider.api().status(training, key, never);
    expect(status.verdict).toBe('failed');
    expectNoKey(JSON.stringify(status));
  });
});

it('the key of Weights & Biases is in no error of the start that carries it', async () => {
  const wandbKey = 'local-wB3kQ8vN5tY1rM7pXz';
  for (const status of [200, 500]) {
    const provider = await startScripted({ status, json: { status: 'error', message: `No login with ${wandbKey}` } });
    const error = await rejection(provider.api().start({ ...order, wandbKey }, key, never));
    expect(provider.received[0]?.body).toMatchObject({ wandb_key: wandbKey });
    expect(everythingIn(error)).toContain('No login with [key]');
    expect(everythingIn(error)).not.toContain(wandbKey);
  }
});

it('the key travels in the body alone, never in a URL or a header', async () => {
  const seen: string[] = [];
  const provider = await startProvider((response, request) => {
    seen.push(JSON.stringify([request.url, request.headers]));
    response.end('{}');
  });
  await errorsOf(provider);
  expect(seen).toHaveLength(6);
  expectNoKey(seen.join('\n'));
});
