import { Agent, request, type Dispatcher } from 'undici';
import type { PhotoSource } from './photo.ts';
import { PhotoRefusal, tooLarge } from './refusal.ts';

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

/** The photo may well be there, but nothing came of asking for it: worth a second try. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Photos come from nowhere but `origins`: not by a typed address, not by a redirect. */
export function createDownloader(origins: readonly string[], limits: DownloadLimits): Downloader {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  const dispatcher = new Agent({ connections: 4, headersTimeout: limits.downloadMs, bodyTimeout: limits.downloadMs });
  return {
    download: async (source, signal) => {
      const url = checkUrl(source.url, allowed);
      if (source.sizeBytes > limits.fileBytes) throw tooLarge(source.sizeBytes, limits.fileBytes);
      const limited = AbortSignal.any([signal, AbortSignal.timeout(limits.downloadMs)]);
      try {
        return await fetchTwice({ url, dispatcher, limits }, limited);
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
}

/** A download costs nothing, so one broken connection is nobody's chore. */
async function fetchTwice(fetch: Fetch, signal: AbortSignal): Promise<Buffer> {
  try {
    return await fetchOnce(fetch, signal);
  } catch (error) {
    if (error instanceof PhotoRefusal || signal.aborted) throw error;
    return await fetchOnce(fetch, signal);
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
  if (statusCode >= 500) throw new NoAnswer(`Cannot download the photo: status ${statusCode}`);
  if (statusCode === 403 || statusCode === 404) throw new PhotoRefusal('its link has expired: attach the photo again');
  if (statusCode !== 200) throw new PhotoRefusal(`Discord did not hand it out (${statusCode}): attach the photo again`);
  // A compressed body may unpack to a thousand times its size. We asked for none, and pictures gain nothing by it.
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new PhotoRefusal('it arrived in a form that I do not take: attach the photo again');
  const claimed = Number(headers['content-length'] ?? 0);
  if (claimed > limits.fileBytes) throw tooLarge(claimed, limits.fileBytes);
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
  return Buffer.concat(chunks, size);
}

function refusalOf(error: unknown, isOutOfTime: boolean): PhotoRefusal {
  if (error instanceof PhotoRefusal) return error;
  const reason = isOutOfTime
    ? 'its download took too long: attach it again'
    : 'its download broke off: attach it again';
  return new PhotoRefusal(reason, { cause: error });
}
