import type { Envelope } from './envelope.ts';
import type { Answered } from './http.ts';
import type { RefusalReason } from './training-api-error.ts';

/**
 * What a refusal is about. Words first: the same refusal comes as HTTP 200 or as 4xx, as a text or under the name of a
 * field, but its words stay. The order matters where a text has the words of two ("Add credits to use this API key").
 */
export function refusalReason(status: number, said: Envelope | undefined): RefusalReason {
  const text = said?.texts.join(' ') ?? '';
  const byWords = reasonsByWords.find(([words]) => words.test(text))?.[1];
  return byWords ?? (said?.isAboutFields === true ? 'fields' : (reasonsByStatus[status] ?? 'other'));
}

const reasonsByWords: readonly (readonly [RegExp, RefusalReason])[] = [
  [/rate limit|too many requests|queued requests|queue (is )?full/i, 'queue-full'],
  [/model (is )?(not loaded|idle|unloaded|(re)?loading)/i, 'not-loaded'],
  [/credits?\b|insufficient (balance|funds)|\bwallet\b|payment/i, 'credit'],
  [/invalid api request|field is required|\bmust be\b|is invalid/i, 'fields'],
  [/api[ _]?key|unauthori[sz]ed|unauthenticated/i, 'key'],
  [/subscription|\bplan\b|upgrade/i, 'plan'],
  [/not found|does not exist/i, 'not-found'],
];

const reasonsByStatus: Readonly<Record<number, RefusalReason>> = {
  400: 'fields',
  401: 'key',
  402: 'credit',
  403: 'plan',
  404: 'not-found',
  422: 'fields',
  429: 'queue-full',
};

/** How many requests the plan of an account lets wait at a time, where a refusal names it. */
export function queueLimit(said: Envelope | undefined): number | undefined {
  const digits = /\bmaximum (?:of )?(\d{1,4}) queued requests/i.exec(said?.texts.join(' ') ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const longestWaitMs = 24 * 3_600_000;

/** How long the provider asks to wait: by field, by header (seconds or a date), or in a sentence. */
export function retryAfterMs(answered: Answered, said: Envelope | undefined, now: number): number | undefined {
  const inWords = /wait (?:for )?(\d+) ?s(?:ec|\b)/i.exec(said?.texts.join(' ') ?? '')?.[1];
  const seconds = said?.retryAfterSeconds ?? headerSeconds(answered.retryAfter, now) ?? inWords;
  const ms = Number(seconds ?? Number.NaN) * 1000;
  return Number.isFinite(ms) ? Math.min(longestWaitMs, Math.max(0, ms)) : undefined;
}

function headerSeconds(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : seconds;
}
