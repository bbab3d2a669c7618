import { expect, it } from 'vitest';
import { silentLog } from '../../../../src/lib/logger.ts';
import { createReachability, runReachability } from '../../../../src/services/threads/rest/reachability.ts';
import { createTransport } from '../../../../src/services/threads/rest/transport.ts';

it('tells once that Discord came back, at the start as after each time that it was away', () => {
  const reach = createReachability();
  expect([reach.isAway(), reach.takeBack()]).toEqual([true, false]);
  reach.note(true);
  expect([reach.isAway(), reach.takeBack(), reach.takeBack()]).toEqual([false, true, false]);
  reach.note(true);
  expect(reach.takeBack()).toBe(false);
  reach.note(false);
  expect([reach.isAway(), reach.takeBack()]).toEqual([true, false]);
  reach.note(true);
  expect(reach.takeBack()).toBe(true);
});

it.each([
  ['an answer', Response.json({}), true],
  ['nothing to say', new Response(null, { status: 204 }), true],
  ['a refusal', Response.json({ code: 50_013 }, { status: 403 }), true],
  ['a refusal that names nothing', Response.json({ code: 0 }, { status: 403 }), false],
  ['a refusal that is not Discord’s', Response.json({ error: 'login' }, { status: 404 }), false],
  ['a rate limit, which an outage may be made of', Response.json({}, { status: 429 }), false],
  ['a limit on one thing', Response.json({ code: 20_016 }, { status: 429 }), true],
  ['a limit that all share', Response.json({}, { status: 429, headers: { 'x-ratelimit-scope': 'shared' } }), true],
  ['trouble of its own', Response.json({}, { status: 500 }), false],
  ['a page with 200', new Response('<html>'), false],
  ['a page with 429', new Response('<html>', { status: 429 }), false],
  ['no answer at all', new Error('fetch failed'), false],
])('knows from %s whether Discord is there', async (_what, answer, isThere) => {
  const noted: boolean[] = [];
  const border = createTransport({
    clock: { steady: () => 0 },
    onAnswer: () => undefined,
    onReach: (there) => noted.push(there),
    onTokenLost: () => undefined,
    fetch: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
  });
  await border('https://discord.example/api/v10/users/@me', {}).catch(() => undefined);
  expect(noted).toEqual([isThere]);
});

it('calls once more a while after Discord came back, for what was under way then and failed', async () => {
  const reach = createReachability();
  const stopping = new AbortController();
  const called: number[] = [];
  let now = 0;
  const rest = {
    get: () => {
      reach.note(true);
      return Promise.resolve({});
    },
  };
  const sleep = (ms: number) => {
    now += ms;
    if (now > 200_000) stopping.abort();
    return Promise.resolve();
  };
  const onBack = () => Promise.resolve(void called.push(now));
  await runReachability({ reach, rest, clock: { steady: () => now, sleep }, onBack, log: silentLog }, stopping.signal);
  expect(called).toEqual([0, 30_000]);
});

it('asks while Discord is away, and calls at once when it is back, but not again and again where it comes and goes', async () => {
  const reach = createReachability();
  const stopping = new AbortController();
  const asked: number[] = [];
  const called: number[] = [];
  let now = 0;
  const rest = {
    get: () => {
      asked.push(now);
      reach.note(now >= 9_000);
      return now >= 9_000 ? Promise.resolve({}) : Promise.reject(new Error('fetch failed'));
    },
  };
  const sleep = (ms: number) => {
    now += ms;
    if (now > 9_000) reach.note(false); // Each other call fails.
    if (now > 60_000) stopping.abort();
    return Promise.resolve();
  };
  const onBack = () => {
    called.push(now);
    return called.length === 1 ? Promise.resolve() : Promise.reject(new Error('disk full'));
  };
  const warned: string[] = [];
  const log = { ...silentLog, warn: (_fields: object, text: string) => void warned.push(text) };
  await runReachability({ reach, rest, clock: { steady: () => now, sleep }, onBack, log }, stopping.signal);
  expect(asked.slice(0, 4)).toEqual([0, 3000, 6000, 9000]);
  expect(called).toEqual([9000, 39_000]);
  expect(warned).toHaveLength(1);
});
