import { REST, Routes } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mostRefusals } from '../../../../src/services/threads/rest/refusal-breaker.ts';
import { createTransport, restOptions } from '../../../../src/services/threads/rest/transport.ts';

const json =
  (status: number, body: object = {}, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers });
const page =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response('<html>1015</html>', { status, headers: { 'content-type': 'text/html', ...headers } });
const tokenRefusal = { message: '401: Unauthorized', code: 0 };
const channel = Routes.channelMessages('123456789012345678');
const other = Routes.channelMessages('223456789012345678');

/** The real REST client over a border whose network answers in turn, the last one for ever. */
function build(...answers: (() => Response)[]) {
  const asked: string[] = [];
  const statuses: (number | undefined)[] = [];
  const lost: true[] = [];
  const network = async (url: string) => {
    asked.push(new URL(url).pathname);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return Promise.resolve(answer!());
  };
  const border = createTransport({
    clock: { steady: () => 0 },
    onAnswer: (status) => statuses.push(status),
    onTokenLost: () => lost.push(true),
    fetch: network as typeof fetch,
  });
  const rest = new REST({
    ...restOptions('https://discord.example/api', border),
    retries: 0,
    globalRequestsPerSecond: 1000,
  }).setToken('token');
  return { rest, asked, statuses, lost };
}

describe('a 401', () => {
  it('is taken for the loss of the token only when the plainest question is refused as well', async () => {
    const { rest, asked, lost } = build(json(401, tokenRefusal));
    await expect(rest.get(channel)).rejects.toMatchObject({ status: 401 });
    expect(asked).toEqual([`/api/v10${channel}`, '/api/v10/users/@me']);
    expect(lost).toEqual([true]);
  });

  it.each([
    ['of a proxy', [page(401)]],
    ['of Discord’s that the plainest question does not bear out', [json(401, tokenRefusal), json(200, { id: 'me' })]],
  ])('%s leaves the client its token: the next call is made with it', async (_what, answers) => {
    const { rest, lost } = build(...answers, json(200, { id: 'm1' }));
    await expect(rest.get(channel)).rejects.toMatchObject({ status: 503 });
    await expect(rest.get(channel)).resolves.toEqual({ id: 'm1' });
    expect(lost).toEqual([]);
  });

  it.each([
    ['a page of a captive portal', page(401)],
    ['words of a proxy', json(401, { error: 'authentication required' })],
    ['a code of a proxy', json(401, { code: 401, message: 'Unauthorized' })],
    ['a code that is no number', json(401, { code: '0', message: '401: Unauthorized' })],
    [
      'broken words',
      () => new Response('{"message":"401:', { status: 401, headers: { 'content-type': 'application/json' } }),
    ],
  ])('that answers everything in words that are not Discord’s ends nothing: %s', async (_what, answer) => {
    const { rest, lost } = build(answer);
    await expect(rest.get(Routes.gatewayBot())).rejects.toMatchObject({ status: 503 });
    expect(lost).toEqual([]);
  });

  it('proves nothing while Discord cannot be asked', async () => {
    const { rest, lost } = build(json(401, tokenRefusal), () => {
      throw new TypeError('fetch failed');
    });
    await expect(rest.get(channel)).rejects.toMatchObject({ status: 503 });
    expect(lost).toEqual([]);
  });

  it('for an interaction’s own token is about that interaction alone', async () => {
    const { rest, asked, lost } = build(json(401, { code: 50_027, message: 'Invalid Webhook Token' }));
    await expect(rest.patch('/webhooks/123456789012345678/token', { auth: false })).rejects.toMatchObject({
      code: 50_027,
    });
    expect(asked).toHaveLength(1);
    expect(lost).toEqual([]);
  });
});

describe('a refusal for a while', () => {
  it.each([
    ['a 429 that names no time', json(429, { message: 'limited' })],
    ['a 429 of a page', page(429)],
    ['a 429 of a page that names an hour', page(429, { 'retry-after': '3600' })],
    ['a 403 of a page', page(403)],
    ['a global 429', json(429, {}, { 'retry-after': '60', 'x-ratelimit-global': 'true' })],
  ])('%s keeps every channel quiet without another request', async (_what, answer) => {
    const { rest, asked } = build(answer);
    for (const route of [channel, other, channel])
      await expect(rest.post(route, { body: {} })).rejects.toMatchObject({
        name: expect.stringMatching(/RateLimit/) as string,
      });
    expect(asked).toHaveLength(1);
  });

  it('says its time in words alone, for one kind of call', async () => {
    const { rest, asked } = build(
      json(429, { code: 20_016, message: 'slow mode', retry_after: 3600.5 }),
      json(200, {}),
    );
    await expect(rest.post(channel, { body: {} })).rejects.toMatchObject({ retryAfter: 3_600_550 });
    await rest.post(other, { body: {} });
    expect(asked).toHaveLength(2);
  });

  it('ends within a day, whatever is said', async () => {
    const { rest } = build(json(429, {}, { 'retry-after': '1e12' }));
    await expect(rest.post(channel, { body: {} })).rejects.toMatchObject({ retryAfter: 86_400_050 });
  });

  it('a 429 with a short time is waited for', async () => {
    const { rest, asked } = build(json(429, {}, { 'retry-after': '0.02' }), json(200, { id: 'm1' }));
    await expect(rest.post(channel, { body: {} })).resolves.toEqual({ id: 'm1' });
    expect(asked).toHaveLength(2);
  });
});

it('takes a page for no answer: what was asked for is repeated or told to have failed', async () => {
  const { rest } = build(page(200));
  await expect(rest.post(channel, { body: {} })).rejects.toMatchObject({ status: 503 });
});

it.each([
  ['a page with 404', page(404)],
  ['a page with 407', page(407)],
  ['words of a proxy with 404', json(404, { error: 'no route' })],
])('takes %s for no refusal of Discord’s', async (_what, answer) => {
  await expect(build(answer).rest.post(channel, { body: {} })).rejects.toMatchObject({ status: 503 });
});

describe('an answer that does not come', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());
  const slow = (url: string, init: RequestInit) => {
    let hasEnded = false;
    const noted: boolean[] = [];
    const never: typeof fetch = (_url, given) =>
      new Promise((_resolve, reject) => {
        given!.signal!.addEventListener('abort', () => {
          reject(new DOMException('aborted', 'AbortError'));
        });
      });
    const onReach = (isThere: boolean) => noted.push(isThere);
    const border = createTransport({
      clock: { steady: () => 0 },
      onAnswer: () => undefined,
      onReach,
      onTokenLost: () => undefined,
      fetch: never,
    });
    void border(`https://discord.example/api/v10${url}`, init).catch(() => (hasEnded = true));
    return { noted, hasEnded: () => hasEnded };
  };

  it.each([
    ['the plainest question', Routes.gateway(), {}, 5_000],
    ['a question', Routes.gatewayBot(), {}, 15_000],
    ['words', channel, { method: 'POST', body: '{}' }, 15_000],
  ])('is given up for %s before what waits for it would be late', async (_what, url, init, ms) => {
    const { noted, hasEnded } = slow(url, init);
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(noted).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect([noted, hasEnded()]).toEqual([[false], true]);
  });

  it.each([
    ['an upload', channel, { method: 'POST', body: new FormData() }],
    ['a thread', Routes.threads('123456789012345678'), { method: 'POST', body: '{}' }],
  ])('is waited for as long as the REST client does for %s', async (_what, url, init) => {
    const client = new AbortController();
    const { hasEnded } = slow(url, { ...init, signal: client.signal });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(hasEnded()).toBe(false);
    client.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(hasEnded()).toBe(true);
  });

  it('to its end is no answer', async () => {
    const endless = new ReadableStream({
      start: (stream) => {
        stream.enqueue(new TextEncoder().encode('{"id":'));
      },
    });
    const border = createTransport({
      clock: { steady: () => 0 },
      onAnswer: () => undefined,
      onTokenLost: () => undefined,
      fetch: () => Promise.resolve(new Response(endless, { headers: { 'content-type': 'application/json' } })),
    });
    const answer = expect(border(`https://discord.example/api/v10${channel}`, {})).rejects.toThrow('come to an end');
    await vi.advanceTimersByTimeAsync(15_000);
    await answer;
  });
});

it('asks nothing any more with the token long before Discord would ban the bot', async () => {
  const { rest, asked } = build(json(403, { code: 50_013, message: 'Missing Permissions' }));
  for (let call = 0; call < mostRefusals; call += 1)
    await expect(rest.post(other, { body: {} })).rejects.toMatchObject({ code: 50_013 });
  await expect(rest.post(channel, { body: {} })).rejects.toMatchObject({
    name: expect.stringMatching(/RateLimit/) as string,
  });
  expect(asked).toHaveLength(mostRefusals);
  // Members still get their answers: those have tokens of their own.
  await expect(rest.post('/webhooks/123456789012345678/token', { auth: false, body: {} })).rejects.toMatchObject({
    status: 403,
  });
});

it('tells the status of each answer, and that there was none', async () => {
  const { rest, statuses } = build(json(200), json(404, { code: 10_003, message: 'gone' }), () => {
    throw new TypeError('fetch failed');
  });
  await rest.get(channel);
  await expect(rest.get(channel)).rejects.toThrow();
  await expect(rest.get(channel)).rejects.toThrow();
  expect(statuses).toEqual([200, 404, undefined]);
});

describe('half a letter', () => {
  /** What Discord would get of a body. */
  async function sent(body: object, files: object = {}): Promise<unknown> {
    const bodies: unknown[] = [];
    const border = createTransport({
      clock: { steady: () => 0 },
      onAnswer: () => undefined,
      onTokenLost: () => undefined,
      fetch: (_url, init) => {
        const given = init?.body;
        bodies.push(given instanceof FormData ? given.get('payload_json') : given);
        return Promise.resolve(Response.json({}));
      },
    });
    const rest = new REST(restOptions('https://discord.example/api', border)).setToken('token');
    await rest.post(channel, { body, ...files });
    return JSON.parse(bodies[0] as string);
  }

  const halves = { content: 'a\ud83d b\ude00', embeds: [{ title: '\ud83d' }], '\ude00': '\\ud83d \\\\ud83d 😀' };
  const whole = { content: 'a\ufffd b\ufffd', embeds: [{ title: '\ufffd' }], '\ufffd': '\\ud83d \\\\ud83d 😀' };

  it('leaves for Discord as a sign that there was one, and whatever else looks like it as it is', async () => {
    expect(await sent(halves)).toEqual(whole);
  });

  it('leaves so with files as well', async () => {
    const files = { files: [{ name: 'a.png', data: Buffer.from('a') }] };
    expect(await sent(halves, files)).toMatchObject(whole);
  });
});
