import type { Clock } from '../../../lib/clock.ts';
import { createBrake } from './brake.ts';

/** Where every request to Discord leaves and every answer comes in, once for each try. */
export type Border = (url: string, init: RequestInit) => Promise<Response>;

export interface BorderDeps {
  readonly clock: Pick<Clock, 'steady'>;
  /** The status of each answer; undefined when there was none. */
  readonly onAnswer: (status: number | undefined) => void;
  /** Whether it was Discord that answered: not a failure of its own, nor somebody in front of it. */
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
export function createBorder({ clock, onAnswer, onReach, onTokenLost, fetch = globalThis.fetch }: BorderDeps): Border {
  const brake = createBrake(clock);

  const ask: Border = async (url, init) => {
    try {
      const response = await fetch(url, init);
      // Others have used up what all share: that is not held against us.
      if (response.headers.get('x-ratelimit-scope') !== 'shared') brake.note(response.status);
      onAnswer(response.status);
      onReach?.(response.status < 500 && !isPage(response));
      return response;
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
    const { status } = await ask(me, { headers: { authorization }, signal: AbortSignal.timeout(10_000) });
    return status === 401;
  };

  return async (url, init) => {
    const hasToken = new Headers(init.headers).has('authorization');
    const waitMs = hasToken ? brake.waitMs() : 0;
    // Answers to members, which have tokens of their own, go on.
    if (waitMs > 0) return wait(Math.ceil(waitMs / 1000), { isForAll: false });
    const response = await ask(url, wellFormed(init));
    if (response.status === 401 && hasToken) {
      if (!(await isTokenLost(url, init).catch(() => false))) return unavailable();
      onTokenLost();
      return response;
    }
    return understood(response);
  };
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

function isJsonIn(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/json') ?? false;
}

function isPage({ status, headers }: Response): boolean {
  return [200, 403, 429].includes(status) && !isJsonIn(headers);
}

function understood(response: Response): Response {
  const { status, headers } = response;
  const isJson = isJsonIn(headers);
  if (status === 429 && isJson) return hasTime(headers) ? response : wait(quietSeconds, { isForAll: true });
  // A page instead of JSON is by whoever stands in front of Discord, and about all that comes from this address.
  if ((status === 429 || status === 403) && !isJson) {
    return wait(hasTime(headers) ? timeIn(headers) : quietSeconds, { isForAll: true });
  }
  if (status === 200 && !isJson) return unavailable();
  return response;
}

function timeIn(headers: Headers): number {
  return Number(headers.get('retry-after') ?? Number.NaN);
}

function hasTime(headers: Headers): boolean {
  return timeIn(headers) > 0;
}

/** Nothing may be asked for so long, of this kind or at all. */
function wait(seconds: number, { isForAll }: { readonly isForAll: boolean }): Response {
  const headers = { 'retry-after': String(seconds), ...(isForAll && { 'x-ratelimit-global': 'true' }) };
  return Response.json({ message: 'Wait', retry_after: seconds, global: isForAll }, { status: 429, headers });
}

function unavailable(): Response {
  return new Response(null, { status: 503 });
}
