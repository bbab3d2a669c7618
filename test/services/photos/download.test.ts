import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/lib/clock.ts';
import { createDownloader } from '../../../src/services/photos/download.ts';
import { startCdn } from './cdn.ts';

const never = new AbortController().signal;
const limits = { fileBytes: 1000, downloadMs: 20_000 };

interface Attempt {
  readonly listener: RequestListener;
  readonly path?: string;
  readonly sizeBytes?: number;
  readonly downloadMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** Sleeps in no time, and knows for how long. */
function hastyClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  const steady = () => slept.reduce((sum, ms) => sum + ms, 0);
  return { slept, now: steady, steady, sleep: async (ms) => Promise.resolve(void slept.push(ms)) };
}

async function download({ listener, path = '/a.jpg', sizeBytes = 10, downloadMs, signal = never, clock }: Attempt) {
  await using cdn = await startCdn(listener);
  const downloader = createDownloader(
    [cdn.origin],
    { ...limits, ...(downloadMs !== undefined && { downloadMs }) },
    clock ?? hastyClock(),
  );
  try {
    return await downloader.download({ url: cdn.origin + path, name: 'a.jpg', sizeBytes }, signal);
  } finally {
    await downloader.close();
  }
}

const refusedAs = (reason: string) => ({ name: 'PhotoRefusal', reason: expect.stringContaining(reason) });

describe('download', () => {
  it('hands over the bytes and asks for them uncompressed', async () => {
    let accepted: unknown;
    const listener: RequestListener = (request, response) => {
      accepted = request.headers['accept-encoding'];
      response.end('bytes of a photo');
    };
    expect(String(await download({ listener }))).toBe('bytes of a photo');
    expect(accepted).toBe('identity');
  });

  it.each([
    ['another host', (origin: string) => origin.replace('127.0.0.1', '127.0.0.2')],
    ['another port', (origin: string) => `${origin}1`],
    ['user information', (origin: string) => origin.replace('//', '//user:password@')],
    ['an allowed origin as user information', (origin: string) => `${origin}@127.0.0.2`],
    ['another scheme', (origin: string) => origin.replace('http', 'https')],
    ['a file', () => 'file:///etc/passwd'],
    ['no address at all', () => 'photo'],
  ])('asks nobody when the address has %s', async (_, change) => {
    let asked = 0;
    await using cdn = await startCdn((_request, response) => {
      asked++;
      response.end();
    });
    const downloader = createDownloader([cdn.origin], limits);
    const source = { url: change(cdn.origin), name: 'a', sizeBytes: 1 };
    await expect(downloader.download(source, never)).rejects.toMatchObject(refusedAs('attach the photo itself'));
    expect(asked).toBe(0);
    await downloader.close();
  });

  it('does not follow a redirect', async () => {
    const paths: unknown[] = [];
    const listener: RequestListener = (request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/private' }).end();
    };
    await expect(download({ listener })).rejects.toMatchObject(refusedAs('302'));
    expect(paths).toEqual(['/a.jpg']);
  });

  it.each([403, 404])('says that the link has expired on status %d', async (status) => {
    const listener: RequestListener = (_, response) => response.writeHead(status).end();
    await expect(download({ listener })).rejects.toMatchObject(refusedAs('expired: attach the photo again'));
  });

  it('refuses by the claimed size before asking', async () => {
    let asked = 0;
    const listener: RequestListener = (_, response) => {
      asked++;
      response.end();
    };
    await expect(download({ listener, sizeBytes: 1001 })).rejects.toMatchObject(refusedAs('too large'));
    expect(asked).toBe(0);
  });

  it('counts the bytes that come, because a claimed size may be a lie', async () => {
    const listener: RequestListener = (_, response) => {
      response.write(Buffer.alloc(600));
      response.end(Buffer.alloc(600));
    };
    await expect(download({ listener })).rejects.toMatchObject(refusedAs('too large'));
  });

  it('refuses a compressed body, which could unpack to any size', async () => {
    const listener: RequestListener = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1e6)));
    await expect(download({ listener })).rejects.toMatchObject(refusedAs('a form that I do not take'));
  });

  it('gives up a slow drip when the total time is over', async () => {
    const listener: RequestListener = (_, response) => {
      const drip = setInterval(() => response.write('.'), 5);
      response.on('close', () => {
        clearInterval(drip);
      });
    };
    await expect(download({ listener, downloadMs: 150 })).rejects.toMatchObject(refusedAs('took too long'));
  });

  it('asks again when the connection breaks or the server fails, later each time, and then gives up', async () => {
    let asked = 0;
    const listener: RequestListener = (_, response) => {
      asked++;
      if (asked === 1) response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy());
      else response.end('whole');
    };
    expect(String(await download({ listener }))).toBe('whole');
    asked = 0;
    const failing: RequestListener = (_, response) => {
      asked++;
      response.writeHead(503).end();
    };
    const clock = hastyClock();
    await expect(download({ listener: failing, clock })).rejects.toMatchObject(refusedAs('broke off: attach it again'));
    expect(asked).toBe(4);
    expect(clock.slept).toEqual([500, 1000, 2000]);
  });

  it.each([
    [429, '1.5', 1500],
    [503, '3', 3000],
    [429, 'Wed, 21 Oct 2026 07:28:00 GMT', 500],
    [429, undefined, 500],
  ])('comes again after %d with retry-after %s', async (status, retryAfter, waitMs) => {
    let asked = 0;
    const clock = hastyClock();
    const listener: RequestListener = (_, response) => {
      asked++;
      if (asked === 1) response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
      else response.end('whole');
    };
    expect(String(await download({ listener, clock }))).toBe('whole');
    expect(clock.slept).toEqual([waitMs]);
  });

  it('says at once that Discord is busy when it would be for longer than the download may take, or goes on to be', async () => {
    const clock = hastyClock();
    const busyFor = (seconds: number): RequestListener => {
      return (_, response) => response.writeHead(429, { 'retry-after': String(seconds) }).end();
    };
    const refused = refusedAs('Discord had too much to do to hand it out: wait a few minutes');
    await expect(download({ listener: busyFor(20), clock })).rejects.toMatchObject(refused);
    expect(clock.slept).toEqual([]);
    await expect(download({ listener: busyFor(1), clock })).rejects.toMatchObject(refused);
    expect(clock.slept).toEqual([1000, 1000, 1000]);
  });

  it("rejects with the signal's own reason, because an abort is not the photo's fault", async () => {
    const controller = new AbortController();
    const listener: RequestListener = () => {
      controller.abort(new Error('discarded'));
    };
    await expect(download({ listener, signal: controller.signal })).rejects.toThrow('discarded');
  });
});
