import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { createRedaction } from '../../../src/lib/redaction.ts';
import { createMetrics, type Metrics } from '../../../src/services/web/metrics.ts';
import { createWeb, type Web } from '../../../src/services/web/web.ts';

const path = '/webhook/job1/token1';
const tenMegabytes = 10 * 1024 * 1024;

let web: Web;
let url: string;
let taken: string[];
let log: string[];
let metrics: Metrics;
let takeHint: (jobId: string, token: string) => Promise<boolean>;

beforeEach(async () => {
  taken = [];
  log = [];
  takeHint = (jobId, token) => {
    if (jobId !== 'job1' || token !== 'token1') return Promise.resolve(false);
    taken.push(jobId);
    return Promise.resolve(true);
  };
  const destination = { write: (line: string) => void log.push(line) };
  const logger = createLogger({ level: 'trace', secrets: createRedaction(), destination });
  const taking = (jobId: string, token: string) => takeHint(jobId, token);
  metrics = createMetrics();
  const pulse = { isAlive: () => true };
  const place = { host: '127.0.0.1', port: 0 };
  web = createWeb({ ...place, checks: {}, pulse, metrics, takeHint: taking, clock: systemClock, logger });
  url = await web.listen();
});

afterEach(() => web.close());

const post = (where: string, init: RequestInit = {}) => fetch(`${url}${where}`, { method: 'POST', ...init });

/** All that can be told apart from outside; the date is when, not what. */
async function seen(answer: Response) {
  const headers = [...answer.headers].filter(([name]) => name !== 'date');
  return { status: answer.status, headers, body: await answer.text() };
}

describe('a call with the right token', () => {
  const bodies: readonly [string, RequestInit][] = [
    ['the provider’s JSON', { body: '{"training_status":"x"}', headers: { 'content-type': 'application/json' } }],
    ['broken JSON', { body: '{"training_status":', headers: { 'content-type': 'application/json' } }],
    ['a poisoned object', { body: '{"__proto__":{"a":1}}', headers: { 'content-type': 'application/json' } }],
    ['a form', { body: new URLSearchParams({ status: 'success' }) }],
    ['bytes of no known kind', { body: new Uint8Array(64), headers: { 'content-type': 'x/y; z' } }],
    ['nothing', {}],
  ];

  it.each(bodies)('is taken without a word, whatever the body is: %s', async (_what, init) => {
    const answer = await post(path, init);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(taken).toEqual(['job1']);
  });

  it('is taken on its own path only: neither longer nor with another method', async () => {
    for (const other of [`${path}/`, `${path}/x`, '/webhook/job1', '/webhook', '/webhook/job1/', '/webhook//token1']) {
      expect((await post(other)).status, other).toBe(404);
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect((await post(path, { method })).status, method).toBe(404);
    }
    expect(taken).toEqual([]);
  });
});

describe('a body larger than any that is expected', () => {
  const head = { method: 'POST', headers: { 'content-type': 'application/json' } };

  it('is refused by its announced length: none of it has to be sent', async () => {
    const call = request(`${url}${path}`, { ...head, headers: { ...head.headers, 'content-length': tenMegabytes } });
    call.on('error', () => undefined); // Being cut off is right as well.
    call.flushHeaders();
    const [answer] = (await once(call, 'response')) as [{ statusCode: number }];
    expect(answer.statusCode).toBe(413);
    expect(taken).toEqual([]);
    call.destroy();
  });

  it('is refused once too much of it has come when its length is not announced', async () => {
    const call = request(`${url}${path}`, head);
    const ended = once(call, 'close');
    const answered = once(call, 'response') as Promise<[{ statusCode: number }]>;
    call.on('error', () => undefined);
    for (let sent = 0; sent <= 17_000; sent += 1000) call.write('x'.repeat(1000));
    const [{ statusCode }] = await answered;
    expect(statusCode).toBe(413);
    expect(taken).toEqual([]);
    call.destroy();
    await ended;
  });

  it('is refused the same way with a wrong token, and where there is nothing', async () => {
    const body = 'x'.repeat(17_000);
    const answers = await Promise.all([path, '/webhook/job1/token2', '/nothing'].map((where) => post(where, { body })));
    const [right, ...others] = await Promise.all(answers.map(seen));
    expect(right!.status).toBe(413);
    for (const other of others) expect(other).toEqual(right);
  });
});

describe('a call with a wrong token', () => {
  it.each([
    ['/webhook/job1/token2'],
    ['/webhook/job2/token1'],
    [`/webhook/job1/${'t'.repeat(100)}`],
    ['/webhook/job1/token1%20'],
    ['/webhook/..%2F..%2Fetc/passwd'],
  ])('is answered as a path that is not there: %s', async (where) => {
    for (const init of [{}, { body: '{}', headers: { 'content-type': 'application/json' } }, { body: 'x' }]) {
      expect(await seen(await post(where, init))).toEqual(await seen(await post('/nothing', init)));
    }
    expect(taken).toEqual([]);
  });
});

describe('the log', () => {
  it('says nothing of calls, right or wrong', async () => {
    const before = log.length;
    await post(path, { body: 'said' });
    await post('/webhook/job1/token2');
    await post(path, { body: 'x'.repeat(17_000) });
    expect(log.slice(before)).toEqual([]);
  });

  it('tells that a call could not be stored, without its path', async () => {
    takeHint = () => Promise.reject(new Error('database is locked'));
    const answer = await post(path);
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'internal error' }]);
    const lines = log.filter((line) => line.includes('database is locked'));
    expect(lines).toHaveLength(1);
    expect(log.join('')).not.toMatch(/token1|webhook\/job1/);
  });
});

it('counts what comes, by whether it was taken', async () => {
  await post('/webhook/job1/token1');
  await post('/webhook/job1/other');
  await post('/webhook/job2/token1');
  expect((await metrics.read()).text).toMatch(/outcome="taken"} 1\n[^]*outcome="refused"} 2\n/);
});
