import { parseJson, readEnvelope, type Envelope } from './envelope.ts';
import type { Answered, Exchange } from './http.ts';
import { queueLimit, refusalReason, retryAfterMs } from './refusal.ts';
import { cleanText, withoutSecrets } from './sanitize.ts';
import { findTrace } from './trace.ts';
import { TrainingApiError, type TrainingApiErrorKind } from './training-api-error.ts';

/** What it takes to judge an exchange. */
export interface Asked {
  /** Completes "Cannot …": `start the training`. */
  readonly doing: string;
  readonly paid: boolean;
  /** The fields of the request: an answer that repeats what stands in them names nothing. */
  readonly sent: unknown;
  /** None of them may be in anything that is made of the answer. */
  readonly secrets: readonly string[];
  /** Epoch ms. */
  readonly now: number;
}

/** Not refused. Its call's schema says whether it is the answer that was expected. */
interface Accepted {
  readonly kind: 'accepted';
  readonly body: unknown;
}

/** Says no, in the provider's own words. */
export interface Refused {
  readonly kind: 'refused';
  readonly body: unknown;
  readonly error: TrainingApiError;
}

export type Answer = Accepted | Refused;

/**
 * Makes an answer of an exchange, or throws what it amounts to.
 *
 *                                   paid          free
 *   not sent                        unavailable   unavailable
 *   no answer, or cut               ambiguous     unavailable
 *   too long, or compressed         ambiguous     malformed
 *   5xx, 408, 499; "server error"   ambiguous     unavailable    whatever the body says
 *   429                             rejected      rejected
 *   a refusal in JSON, 200 or 4xx   rejected      rejected       returned, since a status call reads failures in it
 *   4xx page                        rejected      unavailable    see isRefusedInFront
 *   other page                      ambiguous     unavailable
 *   other that is no JSON object    ambiguous     malformed
 *
 * A refusal that names an id, or links to what was made, contradicts itself: to a paid call it is ambiguous.
 */
export function judge(exchange: Exchange, asked: Asked): Answer {
  if (exchange.kind !== 'answered') throw noAnswer(exchange, asked);
  const body = parseJson(exchange.text);
  const envelope = readEnvelope(body);
  if (envelope?.status === 'success') return { kind: 'accepted', body: envelope.body };
  if (isFault(exchange.status, envelope)) throw fault(exchange, envelope, asked);
  // The list of base models comes bare. Whether a call's answer may be a list is for its schema to say.
  if (Array.isArray(body) && exchange.status < 300) return { kind: 'accepted', body };
  if (envelope === undefined) throw notAnObject(exchange, asked);
  if (exchange.status < 400 && !isNo(envelope)) return { kind: 'accepted', body: envelope.body };
  return { kind: 'refused', body: envelope.body, error: refusal(exchange, envelope, asked) };
}

/** The answer has not the shape of its call. `where` names fields, never values. */
export function unknownShape({ doing, paid }: Asked, where: string, cause?: Error): TrainingApiError {
  const kind = paid ? 'ambiguous' : 'malformed';
  const place = where === '' ? '' : ` at '${where}'`;
  return new TrainingApiError(kind, `Cannot ${doing}: the answer has an unknown shape${place}`, { cause });
}

function noAnswer({ kind, cause }: Exclude<Exchange, Answered>, asked: Asked): TrainingApiError {
  cause.message = withoutSecrets(cause.message, asked.secrets);
  if (kind === 'unread') return unknownShape(asked, '', cause);
  const what = kind === 'unsent' ? 'no connection' : 'no answer';
  const verdict = kind === 'unsent' ? 'unavailable' : noVerdict(asked);
  return new TrainingApiError(verdict, `Cannot ${asked.doing}: ${what}`, { cause });
}

/** A success or a refusal is a verdict; after anything else a paid call may have been charged. */
function noVerdict({ paid }: Asked): TrainingApiErrorKind {
  return paid ? 'ambiguous' : 'unavailable';
}

/**
 * The server did not get as far as a verdict, even if it found words for it. Older servers send these words with HTTP 200.
 * 408 and 499 are what a gateway says that gave up waiting, perhaps after it had passed the request on.
 */
function isFault(status: number, envelope: Envelope | undefined): boolean {
  const admitted = envelope?.texts.some((text) =>
    /^(internal server error|service temporarily unavailable)/i.test(text),
  );
  return status >= 500 || status === 408 || status === 499 || admitted === true;
}

const noWord = /^(?:error|fail(?:ed|ure)?|false|unsuccess\w*|denied|rejected|refused|invalid|[45]\d\d)$/;

function isNo({ status = '', isUnsuccessful }: Envelope): boolean {
  return isUnsuccessful || noWord.test(status);
}

function fault(answered: Answered, envelope: Envelope | undefined, asked: Asked): TrainingApiError {
  const message = `Cannot ${asked.doing}: the provider's server failed with HTTP ${answered.status}`;
  return new TrainingApiError(noVerdict(asked), message, details(answered, envelope, asked));
}

function notAnObject(answered: Answered, asked: Asked): TrainingApiError {
  if (answered.status === 429 || (asked.paid && isRefusedInFront(answered))) return refusal(answered, undefined, asked);
  if (answered.status < 300 && !answered.text.trimStart().startsWith('<')) return unknownShape(asked, '');
  const message = `Cannot ${asked.doing}: the answer with HTTP ${answered.status} is a page`;
  return new TrainingApiError(noVerdict(asked), message, { status: answered.status });
}

/**
 * A 4xx page comes from a proxy or firewall that refused by itself (400, 403, 413, 429) or from a server that
 * does not know the path (404): in either case the request was not carried out, so nothing was charged. The codes that
 * stand for a gateway's lost patience have been sorted out as faults. For a free call such a page is no verdict
 * about the training: a 404 of a proxy must not end a job.
 */
function isRefusedInFront({ status }: Answered): boolean {
  return status >= 400 && status < 500;
}

function refusal(answered: Answered, envelope: Envelope | undefined, asked: Asked): TrainingApiError {
  const reason = envelope === undefined && answered.status !== 429 ? 'other' : refusalReason(answered.status, envelope);
  const known = details(answered, envelope, asked);
  const why = known.said === undefined ? `HTTP ${answered.status}` : `"${known.said}"`;
  const refused = `Cannot ${asked.doing}: refused with ${why}`;
  return known.trace === undefined
    ? new TrainingApiError('rejected', refused, { ...known, reason })
    : new TrainingApiError(noVerdict(asked), `${refused}, and yet it names what it would have made`, known);
}

function namesIn(sent: unknown): readonly string[] {
  return typeof sent === 'object' && sent !== null ? Object.keys(sent) : [];
}

function details(answered: Answered, envelope: Envelope | undefined, { paid, sent, secrets, now }: Asked) {
  const said = cleanText(envelope?.texts.join(' ') ?? '', secrets);
  const trace = paid ? findTrace(answered.text, { sent, secrets }) : undefined;
  const isSecret = trace?.id !== undefined && withoutSecrets(trace.id, secrets) !== trace.id;
  const wait = retryAfterMs(answered, envelope, now);
  const limit = queueLimit(envelope);
  return {
    status: answered.status,
    ...(said !== '' && { said }),
    ...(envelope && { fields: namesIn(sent).filter(envelope.isAbout) }),
    ...(trace && { trace: isSecret ? {} : trace }),
    ...(wait !== undefined && { retryAfterMs: wait }),
    ...(limit !== undefined && { queueLimit: limit }),
  };
}
