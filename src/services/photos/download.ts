import { Agent, request, type Dispatcher } from 'undici';
import { backoffMs } from '../../lib/backoff.ts';
import { createBreather } from '../../lib/breather.ts';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { PhotoRefusal, tooLarge } from './photo-refusal.ts';
import type { PhotoSource } from './photo.ts';

export interface DownloadLimits {
  readonly fileBytes: number;
  /** For the whole file: limits between two chunks never end a slow drip. */
  readonly downloadMs: number;
}

export interface Downloader {
  /** The bytes of an attachment. Rejects with `PhotoRefusal`, or with the signal's reason. */
  download(source: PhotoSource, signal: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

/** The photo may well be there, but nothing came of asking for it: worth another try. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly status: number | undefined;
  /** What the server asks to be left alone for. */
  readonly waitMs: number | undefined;

  constructor(message: string, answer?: { readonly status: number; readonly waitMs: number | undefined }) {
    super(message);
    this.status = answer?.status;
    this.waitMs = answer?.waitMs;
  }
}

/** With the waits in between, a few seconds where the server names no time. */
const mostTries = 4;
const retry = { baseMs: 500, maxMs: 8000 };

/** Photos come from nowhere but `origins`: not by a typed address, not by a redirect. */
export function createDownloader(
  origins: readonly string[],
  limits: DownloadLimits,
  clock: Clock = systemClock,
): Downloader {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  const dispatcher = new Agent({ connections: 4, headersTimeout: limits.downloadMs, bodyTimeout: limits.downloadMs });
  return {
    download: async (source, signal) => {
      const url = checkUrl(source.url, allowed);
      if (source.sizeBytes > limits.fileBytes) throw tooLarge(source.sizeBytes, limits.fileBytes);
      const limited = AbortSignal.any([signal, AbortSignal.timeout(limits.downloadMs)]);
      try {
        return await fetchPatiently({ url, dispatcher, limits, clock }, limited);
      } catch (error) {
        signal.throwIfAborted();
        throw refusalOf(error, limited.aborted);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function checkUrl(text: string, allowed: ReadonlySet<string>): URL {
  const url = URL.parse(text);
  if (url !== null && allowed.has(url.origin) && url.username === '' && url.password === '') return url;
  throw new PhotoRefusal('not a file attached in Discord: attach the photo itself');
}

interface Fetch {
  readonly url: URL;
  readonly dispatcher: Dispatcher;
  readonly limits: DownloadLimits;
  readonly clock: Clock;
}

/** A download costs nothing, so after a broken connection or a busy server it is simply tried again. */
async function fetchPatiently(fetch: Fetch, signal: AbortSignal): Promise<Buffer> {
  const { clock, limits } = fetch;
  const until = clock.steady() + limits.downloadMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await fetchOnce(fetch, signal);
    } catch (error) {
      if (error instanceof PhotoRefusal || signal.aborted || tries === mostTries) throw error;
      const waitMs = (error instanceof NoAnswer ? error.waitMs : undefined) ?? backoffMs(retry, tries, () => 0);
      // A wait longer than the whole download may take is reported at once.
      if (clock.steady() + waitMs >= until) throw error;
      await clock.sleep(waitMs, signal);
      signal.throwIfAborted();
    }
  }
}

async function fetchOnce({ url, dispatcher, limits }: Fetch, signal: AbortSignal): Promise<Buffer> {
  const response = await request(url, { dispatcher, signal, headers: { 'accept-encoding': 'identity' } });
  try {
    checkResponse(response, limits);
    return await readBody(response.body, limits);
  } catch (error) {
    response.body.on('error', () => undefined).destroy();
    throw error;
  }
}

function checkResponse({ statusCode, headers }: Dispatcher.ResponseData, limits: DownloadLimits): void {
  if (statusCode === 429 || statusCode >= 500) {
    const waitMs = waitIn(headers['retry-after']);
    throw new NoAnswer(`Cannot download the photo: status ${statusCode}`, { status: statusCode, waitMs });
  }
  if (statusCode === 403 || statusCode === 404) throw new PhotoRefusal('its link has expired: attach the photo again');
  if (statusCode !== 200) throw new PhotoRefusal(`Discord did not hand it out (${statusCode}): attach the photo again`);
  // A compressed body may unpack to a thousand times its size. We asked for none, and pictures gain nothing by it.
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new PhotoRefusal('it arrived in a form that I do not take: attach the photo again');
  const claimed = Number(headers['content-length'] ?? 0);
  if (claimed > limits.fileBytes) throw tooLarge(claimed, limits.fileBytes);
}

/** In seconds, with a fraction as Discord writes them, or not at all: a date would be read by a clock that people set. */
function waitIn(retryAfter: string | string[] | undefined): number | undefined {
  const ms = Number(retryAfter ?? Number.NaN) * 1000;
  return ms > 0 ? ms : undefined;
}

async function readBody(body: AsyncIterable<unknown>, limits: DownloadLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw new NoAnswer('Cannot download the photo: the body is no bytes');
    size += chunk.length;
    if (size > limits.fileBytes) throw tooLarge(size, limits.fileBytes);
    chunks.push(chunk);
  }
  return joined(chunks, size);
}

/** A hundred megabytes at once would hold everything else up. */
async function joined(chunks: readonly Buffer[], size: number): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(size);
  const breathe = createBreather();
  let at = 0;
  for (const chunk of chunks) {
    await breathe();
    at += chunk.copy(whole, at);
  }
  return whole;
}

const busy = 'Discord had too much to do to hand it out: wait a few minutes, then attach it again';

function refusalOf(error: unknown, isOutOfTime: boolean): PhotoRefusal {
  if (error instanceof PhotoRefusal) return error;
  if (error instanceof NoAnswer && error.status === 429) return new PhotoRefusal(busy, { cause: error });
  const reason = isOutOfTime
    ? 'its download took too long: attach it again'
    : 'its download broke off: attach it again';
  return new PhotoRefusal(reason, { cause: error });
}
