import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
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
}

async function download({ listener, path = '/a.jpg', sizeBytes = 10, downloadMs, signal = never }: Attempt) {
  await using cdn = await startCdn(listener);
  const downloader = createDownloader([cdn.origin], { ...limits, ...(downloadMs !== undefined && { downloadMs }) });
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

  it('asks once more when the connection breaks or the server fails', async () => {
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
    await expect(download({ listener: failing })).rejects.toMatchObject(refusedAs('broke off: attach it again'));
    expect(asked).toBe(2);
  });

  it("rejects with the signal's own reason, because an abort is not the photo's fault", async () => {
    const controller = new AbortController();
    const listener: RequestListener = () => {
      controller.abort(new Error('discarded'));
    };
    await expect(download({ listener, signal: controller.signal })).rejects.toThrow('discarded');
  });
});
