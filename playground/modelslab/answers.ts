import type { RefusalName } from './faults.ts';
import type { Oddities } from './oddities.ts';

export interface Answer {
  readonly http: number;
  readonly body: unknown;
  /** JSON unless given. */
  readonly type?: string;
}

/** Thrown by whoever finds that a call cannot be done; it becomes the answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super('Refused');
    this.answer = answer;
  }
}

export function said(fields: Readonly<Record<string, unknown>>): Answer {
  return { http: 200, body: { status: 'success', ...fields } };
}

const refusals: Readonly<Record<RefusalName, Answer>> = {
  key: errorAnswer(401, {
    message: 'Invalid Api Key',
    tip: 'Check that you copied the key in full and that it has not been revoked',
  }),
  'rate-limit': errorAnswer(429, {
    message: 'Rate limit exceeded',
    tips: 'You sent the same request again, please wait for 30 seconds and try again',
  }),
  'queue-full': errorAnswer(429, {
    message: 'Rate limit exceeded. Maximum 5 queued requests allowed.',
    retry_after: 30,
  }),
  credit: errorAnswer(402, { message: 'Insufficient credits. Please add more credits to continue.' }),
  plan: errorAnswer(403, { message: 'This feature requires a premium subscription' }),
  'not-found': errorAnswer(404, { messege: 'Model id not found', code: 404 }),
};

export function refusal(name: RefusalName): Answer {
  return refusals[name];
}

export function errorAnswer(http: number, fields: Readonly<Record<string, unknown>>): Answer {
  return { http, body: { status: 'error', ...fields } };
}

export function queueFull(cap: number): Answer {
  return errorAnswer(429, {
    message: `Rate limit exceeded. Maximum ${cap} queued requests allowed.`,
    retry_after: 30,
  });
}

export function serverError(http: 500 | 503): Answer {
  const message =
    http === 500
      ? 'Internal server error. Please try again.'
      : 'Service temporarily unavailable. Please try again later.';
  return errorAnswer(http, { message });
}

export function htmlPage(http: number): Answer {
  const body = `<html>\r\n<head><title>${http} Bad Gateway</title></head>\r\n<body><center><h1>${http} Bad Gateway</h1></center><hr><center>cloudflare</center></body>\r\n</html>\r\n`;
  return { http, body, type: 'text/html' };
}

/** The same answer in the words that the oddities ask for. Trouble of the server keeps its status. */
export function asSpoken(answer: Answer, oddities: Oddities, isV3: boolean): Answer {
  const http = oddities.errors === 'http-200' && answer.http < 500 ? 200 : answer.http;
  const body = isV3 && oddities.spelling !== 'as-documented' ? respell(answer.body, oddities.spelling) : answer.body;
  return { ...answer, http, body };
}

function respell(body: unknown, spelling: 'messege' | 'message'): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const entries = Object.entries(body).map(([name, value]: [string, unknown]) =>
    name === 'messege' || name === 'message' ? [spelling, value] : [name, value],
  );
  return Object.fromEntries(entries) as unknown;
}

/** Takes every id out of an answer. */
export function withoutId(answer: Answer): Answer {
  const ids = new Set(['training_id', 'model_id', 'id', 'request_id']);
  const text = JSON.stringify(answer.body, (name, value: unknown) => (ids.has(name) ? undefined : value));
  return { ...answer, body: JSON.parse(text) as unknown };
}
