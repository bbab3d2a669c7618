import { Routes } from 'discord-api-types/v10';
import type { Clock } from '../../../lib/clock.ts';
import { isForeign, isJson, isTokenRefusal, isWell, readAnswer, type Answer } from './discord-answer.ts';
import type { RESTOptions } from './discord-rest.ts';
import { createRefusalBreaker } from './refusal-breaker.ts';

/** Where every request to Discord leaves and every answer comes in, once for each try. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

export interface TransportDeps {
  readonly clock: Pick<Clock, 'steady'>;
  /** The status of each answer; undefined when there was none. */
  readonly onAnswer: (status: number | undefined) => void;
  /** Whether it was Discord that answered, and was well: not a failure of its own, nor somebody in front of it. */
  readonly onReach?: (isThere: boolean) => void;
  /** Discord does not accept the token any more: whatever is asked with it is refused. */
  readonly onTokenLost: () => void;
  readonly fetch?: typeof globalThis.fetch;
}

/** How long Discord is left alone when a refusal does not say. */
const quietSeconds = 60;

/**
 * The REST client takes answers for what they say they are. What it would take wrongly is put into words that it knows:
 * it repeats a 429 that names no time at once and for ever, forgets the token after any 401, and takes a page of a proxy
 * for the answer that was asked for (seen in @discordjs/rest 2.6.3).
 */
export function createTransport({
  clock,
  onAnswer,
  onReach,
  onTokenLost,
  fetch = globalThis.fetch,
}: TransportDeps): Transport {
  const brake = createRefusalBreaker(clock);

  const ask = async (url: string, init: RequestInit): Promise<Answer> => {
    try {
      const answer = await readAnswer(await inTime(fetch, url, init));
      const { status, headers } = answer.response;
      // Others have used up what all share: that is not held against us.
      if (headers.get('x-ratelimit-scope') !== 'shared') brake.note(status);
      onAnswer(status);
      onReach?.(isWell(answer));
      return answer;
    } catch (error) {
      onAnswer(undefined);
      onReach?.(false);
      throw error;
    }
  };

  /** A proxy in between may say 401 as well: the token is lost when the plainest question is refused too. */
  const isTokenLost = async (url: string, { headers }: RequestInit) => {
    const me = url.replace(/(\/v\d+)\/.*$/, '$1/users/@me');
    const authorization = new Headers(headers).get('authorization') ?? '';
    return isTokenRefusal(await ask(me, { headers: { authorization } }));
  };

  return async (url, init) => {
    const hasToken = new Headers(init.headers).has('authorization');
    const waitMs = hasToken ? brake.waitMs() : 0;
    // Answers to members, which have tokens of their own, go on.
    if (waitMs > 0) return wait(Math.ceil(waitMs / 1000), { isForAll: false });
    const answer = await ask(url, wellFormed(init));
    if (answer.response.status === 401 && hasToken) {
      if (!isTokenRefusal(answer) || !(await isTokenLost(url, init).catch(() => false))) return unavailable();
      onTokenLost();
      return answer.response;
    }
    return understood(answer);
  };
}

/** Gives up when the head of the answer does not come in time, or the signal aborts until then. */
async function inTime(fetch: typeof globalThis.fetch, url: string, init: RequestInit): Promise<Response> {
  const giving = new AbortController();
  const giveUp = () => {
    giving.abort();
  };
  const limitMs = longestMs(url, init);
  const timer = limitMs === undefined ? undefined : setTimeout(giveUp, limitMs);
  init.signal?.addEventListener('abort', giveUp);
  try {
    init.signal?.throwIfAborted();
    return await fetch(url, { ...init, signal: giving.signal });
  } finally {
    clearTimeout(timer);
    init.signal?.removeEventListener('abort', giveUp);
  }
}

/**
 * What waits for a lost answer cannot go on when Discord is back. Uploads take their time, and a thread, which bears no nonce,
 * would be opened twice: for those the time that the REST client gives has to do.
 */
function longestMs(url: string, { method = 'GET', body }: RequestInit): number | undefined {
  const { pathname } = new URL(url);
  if (pathname.endsWith(Routes.gateway())) return 5_000;
  const isMessage = /\/messages(\/\d+)?$/.test(pathname) && !(body instanceof FormData);
  return method.toUpperCase() === 'GET' || isMessage ? 15_000 : undefined;
}

/** The last net: Discord refuses all of a message for half a letter in it. */
function wellFormed(init: RequestInit): RequestInit {
  const { body } = init;
  if (typeof body === 'string') return { ...init, body: withoutHalves(body) };
  const form = body instanceof FormData ? body : undefined;
  const payload = form?.get('payload_json');
  if (typeof payload === 'string') form?.set('payload_json', withoutHalves(payload));
  return init;
}

/** JSON writes half a surrogate pair as an escape, and a whole one never. */
function withoutHalves(json: string): string {
  return json.replaceAll(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/gi, (escape, half?: string) => (half ? '\\ufffd' : escape));
}

function understood(answer: Answer): Response {
  const { response, refusal } = answer;
  const { status, headers } = response;
  const said = [Number(headers.get('retry-after')), refusal?.retry_after ?? 0];
  const seconds = said.find((one) => one > 0);
  if (status === 429 && isJson(response)) {
    if (seconds === undefined) return wait(quietSeconds, { isForAll: true });
    return seconds === said[0] ? response : wait(seconds, { isForAll: refusal?.global ?? false });
  }
  // A page instead of JSON comes from something in front of Discord, and is about all requests from this address.
  if ((status === 429 || status === 403) && !isJson(response)) return wait(seconds ?? quietSeconds, { isForAll: true });
  return isForeign(answer) ? unavailable() : response;
}

/** Nothing may be asked for so long, of this kind or at all. */
function wait(seconds: number, { isForAll }: { readonly isForAll: boolean }): Response {
  const headers = { 'retry-after': String(seconds), ...(isForAll && { 'x-ratelimit-global': 'true' }) };
  return Response.json({ message: 'Wait', retry_after: seconds, global: isForAll }, { status: 429, headers });
}

function unavailable(): Response {
  return new Response(null, { status: 503 });
}

/** A wait of this length is worth it; a longer one is reported, and the call made again later. */
const longestWaitMs = 15_000;

/** How every REST call to Discord is made. Nothing waits long for a rate limit to end. */
export function restOptions(apiUrl: string, border: Transport): Partial<RESTOptions> {
  return {
    api: apiUrl,
    // Uploads count into the time limit: ten crops on a slow line take a while.
    timeout: 60_000,
    // discord.js brings undici 6 and builds uploads with the global FormData. As soon as another undici is loaded its own
    // request refuses those (seen with undici 8 on Node 24.21); the global fetch takes them. The cast bridges the two
    // copies of undici's types: one fetch standard, described twice.
    makeRequest: border as unknown as RESTOptions['makeRequest'],
    rejectOnRateLimit: ({ retryAfter }) => retryAfter > longestWaitMs,
  };
}
