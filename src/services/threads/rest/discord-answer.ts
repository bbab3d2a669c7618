import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { z } from 'zod';

/** A whole answer from Discord's address, which may be a proxy's. */
export interface Answer {
  readonly response: Response;
  /** What is read of a refusal that is JSON, as Discord's are. */
  readonly refusal?: Refusal;
}

const refusalShape = z
  .object({ code: z.number(), message: z.string(), retry_after: z.number(), global: z.boolean() })
  .partial();
type Refusal = z.infer<typeof refusalShape>;

/** A wait of more than a day is nonsense. */
const longestSeconds = 24 * 60 * 60;
const times = ['retry-after', 'x-ratelimit-reset-after'];

/** How long a body may take once its head is there. */
const bodyMs = 15_000;

/**
 * Reads all of it: the REST client waits for a body for ever, and cannot be kept from that, since Node's fetch throws where
 * it cannot be caught when it is aborted while a body arrives (seen with Node 24.21).
 */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await beforeLong(response.text());
  const headers = new Headers(response.headers);
  for (const name of times) if (Number(headers.get(name)) > longestSeconds) headers.set(name, String(longestSeconds));
  const { status, statusText } = response;
  const answer = { response: new Response(text === '' ? null : text, { status, statusText, headers }) };
  if (status < 400 || status >= 500 || !isJson(response)) return answer;
  const refusal = refusalShape.safeParse(parsed(text)).data;
  return { ...answer, ...(refusal && { refusal }) };
}

async function beforeLong(text: Promise<string>): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error('Cannot read an answer of Discord: it does not come to an end'));
  }, bodyMs);
  return Promise.race([text, late]).finally(() => {
    clearTimeout(timer);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isJson({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/json') ?? false;
}

/** By a proxy, a captive portal, or anything else in front of Discord, whose own refusals are JSON and bear a code. */
export function isForeign({ response, refusal }: Answer): boolean {
  const { status } = response;
  if (status === 200 || status === 429) return !isJson(response);
  return status >= 400 && status < 500 && refusal?.code === undefined;
}

/** Whether it was Discord that answered, and was well. */
export function isWell(answer: Answer): boolean {
  const { response, refusal } = answer;
  const { status, headers } = response;
  if (status >= 500 || isForeign(answer)) return false;
  // A limit may be all that an outage lets one see, unless it is about one thing, or others have used up what all share.
  if (status === 429) return (refusal?.code ?? 0) > 0 || headers.get('x-ratelimit-scope') === 'shared';
  return !isVague(status, refusal?.code);
}

const vagueCodes: readonly unknown[] = [0, RESTJSONErrorCodes.CloudflareIsBlockingYourRequest];

/** Nothing is forbidden by it in particular: as likely as not it is trouble of Discord's. */
export function isVague(status: number, code: unknown): boolean {
  return status === 403 && vagueCodes.includes(code);
}

/** Discord's own words for a token that it does not know. */
export function isTokenRefusal({ response, refusal }: Answer): boolean {
  if (response.status !== 401) return false;
  const { code, message } = refusal ?? {};
  const isPlain = code === RESTJSONErrorCodes.GeneralError && message === '401: Unauthorized';
  return isPlain || code === RESTJSONErrorCodes.Unauthorized || code === RESTJSONErrorCodes.InvalidToken;
}
