import { Agent, buildConnector, Client, request, type Dispatcher } from 'undici';
import { createBreather } from '../../lib/breather.ts';
import { condense } from './condense.ts';
import type { Listed } from './condensed.ts';

export interface Limits {
  /** Whole free call, from the queue for a connection to the last byte of the answer. */
  readonly freeMs: number;
  /** Whole paid call. Generous: giving up turns a slow success into a question for a person. */
  readonly paidMs: number;
  readonly connectMs: number;
  /** Longest answer that is read, in decoded bytes. */
  readonly answerBytes: number;
}

export const defaultLimits: Limits = { freeMs: 20_000, paidMs: 90_000, connectMs: 10_000, answerBytes: 1_000_000 };

export interface Outgoing {
  readonly url: URL;
  /** Carries the key: it is sent, and never kept, logged or put into an error. */
  readonly body: string;
  /** What the answer lists, where it may be longer than others. */
  readonly listed?: Listed;
  /** Asked once, when the connection of a paid call stands, and right before the request leaves. When false, it never does. */
  readonly mayLeave?: MayLeave | undefined;
}

export type MayLeave = () => boolean;

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export type Exchange =
  | Answered
  /** Provably not a byte of the request left this machine. */
  | { readonly kind: 'unsent'; readonly cause: Error }
  /** Perhaps sent, and no answer that could be read to its end. */
  | { readonly kind: 'lost'; readonly cause: Error }
  /** Answered, at a length or in a form that is not read. */
  | { readonly kind: 'unread'; readonly cause: Error };

export interface Http {
  /** Over kept connections. Rejects only with the signal's reason. */
  free(outgoing: Outgoing, signal: AbortSignal): Promise<Exchange>;
  /**
   * Over a connection of its own, opened for this call and closed after it. The signal counts until that connection
   * stands: an abort before rejects with its reason, and provably nothing was sent. A request that may have left is
   * never interrupted, since its answer is the only thing that tells whether it was charged; it ends by its own limit.
   */
  paid(outgoing: Outgoing, signal: AbortSignal): Promise<Exchange>;
}

/** POSTs JSON, once: nothing here retries or follows a redirect. `dispatcher` carries the free calls. */
export function createHttp(limits: Limits, dispatcher: Dispatcher = createAgent(limits)): Http {
  return {
    async free(outgoing, signal) {
      signal.throwIfAborted();
      try {
        const total = AbortSignal.any([signal, AbortSignal.timeout(limits.freeMs)]);
        return await orAborted(post(outgoing, { dispatcher, signal: total, limits }), total);
      } catch (error) {
        signal.throwIfAborted();
        return { kind: withoutAnswer(error), cause: withoutData(error) };
      }
    },

    async paid(outgoing, signal) {
      signal.throwIfAborted();
      const line = createSingleLine(limits.connectMs, outgoing.mayLeave);
      const dispatcher = createClient(outgoing.url, line, limits);
      const beforeSending = abortedBeforeSending(line, signal);
      try {
        const total = AbortSignal.any([beforeSending.signal, AbortSignal.timeout(limits.paidMs)]);
        return await orAborted(post(outgoing, { dispatcher, signal: total, limits }), total);
      } catch (error) {
        const cause = withoutData(error);
        if (line.isOpen()) return { kind: withoutAnswer(error), cause };
        signal.throwIfAborted();
        return { kind: 'unsent', cause };
      } finally {
        beforeSending.release();
        await dispatcher.destroy();
      }
    },
  };
}

function createAgent(limits: Limits): Agent {
  return new Agent({
    connections: 16,
    allowH2: false,
    // undici keeps a connection for 4 s by default, and two status calls of one training lie 30 s apart.
    keepAliveTimeout: 120_000,
    connect: { timeout: limits.connectMs },
    headersTimeout: limits.freeMs,
    bodyTimeout: limits.freeMs,
  });
}

function createClient({ origin }: URL, line: SingleLine, limits: Limits): Client {
  // Without pipelining undici asks for `connection: close`; over HTTP/2 it could send a request again by itself.
  const timeouts = { headersTimeout: limits.paidMs, bodyTimeout: limits.paidMs };
  return new Client(origin, { ...timeouts, connect: line.connect, pipelining: 0, allowH2: false });
}

interface SingleLine {
  readonly connect: buildConnector.connector;
  /** Whether TCP (and TLS) stood at any time. Until then no request can have left. */
  isOpen(): boolean;
}

/**
 * Connects at most once. Watching the connection is the proof of "not sent": error codes are not, as ECONNRESET
 * comes out of a failed TLS handshake and out of a request that was charged. A second connection within one call
 * would be a resent request: undici rewinds its queue on some closed sockets (seen in 8.12), so it is refused here.
 */
function createSingleLine(timeout: number, mayLeave: MayLeave = () => true): SingleLine {
  const connect = buildConnector({ timeout, allowH2: false });
  let attempts = 0;
  let open = false;
  return {
    isOpen: () => open,
    connect: (options, callback) => {
      attempts += 1;
      if (attempts > 1) {
        callback(new Error('the connection was lost'), null);
        return;
      }
      connect(options, (...result) => {
        const [failure, socket] = result;
        const stands = failure === null;
        // From here on undici waits for nothing: what it is handed now leaves in this turn of the event loop.
        if (stands && !mayLeave()) {
          socket.destroy();
          callback(new Error('it may not leave any more'), null);
          return;
        }
        open ||= stands;
        callback(...result);
      });
    },
  };
}

function abortedBeforeSending(line: SingleLine, signal: AbortSignal) {
  const controller = new AbortController();
  const onAbort = () => {
    if (!line.isOpen()) controller.abort(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** undici notices an abort only once a connection stands: a call that still waits for one ends here. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    reject(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

interface Carriage {
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly limits: Limits;
}

async function post({ url, body, listed }: Outgoing, { dispatcher, signal, limits }: Carriage): Promise<Answered> {
  const response = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      // Compressed answers could be small on the wire and huge in memory.
      'accept-encoding': 'identity',
      'user-agent': 'darkroom',
    },
    body,
    dispatcher,
    signal,
  });
  const retryAfter = response.headers['retry-after'];
  return {
    kind: 'answered',
    status: response.statusCode,
    retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    text: listed
      ? await readList(response, listed, signal)
      : new TextDecoder().decode(await readBytes(response, limits.answerBytes)),
  };
}

/** An answer that came and cannot be used: the next one will be no better. */
class UnreadError extends Error {
  override readonly name = 'UnreadError';
}

function withoutAnswer(thrown: unknown): 'lost' | 'unread' {
  return thrown instanceof UnreadError ? 'unread' : 'lost';
}

/** Tens of thousands of models, each with its description and screenshots. */
const longestListBytes = 32_000_000;
/** Is read in a moment. */
const shortListBytes = 100_000;

async function readList(response: Dispatcher.ResponseData, listed: Listed, signal: AbortSignal): Promise<string> {
  const bytes = await readBytes(response, longestListBytes);
  if (bytes.length <= shortListBytes) return new TextDecoder().decode(bytes);
  return condense(bytes, listed, signal);
}

async function readBytes({ headers, body }: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Throwing out of the loop destroys the body, and with it the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new UnreadError(`the answer is longer than ${maxBytes} bytes`);
    if (isCompressed(headers['content-encoding'])) throw new UnreadError('the answer is compressed');
    chunks.push(chunk);
  }
  // All at once would hold the event loop up: memory that was never used is slow to write to.
  const whole = Buffer.allocUnsafeSlow(bytes);
  const breathe = createBreather();
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
    await breathe();
  }
  return whole;
}

function isCompressed(encoding: string | string[] | undefined): boolean {
  return encoding !== undefined && encoding !== 'identity';
}

/** Name, code and message only: undici hangs what it received onto some errors (`HTTPParserError.data`). */
function withoutData(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error('the request failed');
  const reasons = thrown instanceof AggregateError ? thrown.errors.map(withoutData) : [];
  const message = [thrown.message, ...reasons.map((reason) => reason.message)].filter((text) => text !== '').join('; ');
  const plain = new Error(message);
  plain.name = thrown.name;
  return 'code' in thrown && typeof thrown.code === 'string' ? Object.assign(plain, { code: thrown.code }) : plain;
}
