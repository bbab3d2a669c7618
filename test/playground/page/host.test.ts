import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startHost, type Host } from '../../../playground/page/host/host.ts';
import { openPage } from './open-page.ts';

let host: Host;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.close());

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The path goes out as it is, without what `fetch` would tidy up. */
function send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Got> {
  const { hostname, port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(pieces).toString(),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const own = () => ({ origin: host.url });
const evil = 'http://elsewhere.example';
const small = new Uint8Array([1, 2, 3]);

describe('the host', () => {
  it('listens on loopback alone', () => {
    expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('refuses to answer under another name, to which a page from elsewhere could lead itself', async () => {
    const port = new URL(host.url).port;
    expect((await send('/protocol.ts', { headers: { host: `elsewhere.example:${port}` } })).status).toBe(403);
    expect((await send('/protocol.ts', { headers: { host: `localhost:${port}` } })).status).toBe(200);
  });

  it.each([undefined, evil, 'null'])('takes no file from a page with the origin %s', async (origin) => {
    const headers: Record<string, string> = origin === undefined ? {} : { origin };
    expect((await send('/files?name=a.jpg', { method: 'POST', headers, body: small })).status).toBe(403);
  });

  it.each([undefined, evil, 'null'])('opens no connection for a page with the origin %s', async (origin) => {
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}/live`, { ...(origin !== undefined && { origin }) });
    const status = await new Promise((resolve) => {
      socket.on('open', () => {
        resolve(101);
      });
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
      });
      socket.on('error', () => undefined);
    });
    expect(status).toBe(403);
  });

  it('opens no connection under another name, even when the page says that it was served there', async () => {
    const name = `elsewhere.example:${new URL(host.url).port}`;
    const headers = { host: name, origin: `http://${name}`, connection: 'upgrade', upgrade: 'websocket' };
    const key = { 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    expect((await send('/live', { headers: { ...headers, ...key } })).status).toBe(403);
  });

  it.each([
    '/browser/../host/host.ts',
    '/browser/%2e%2e/host/host.ts',
    '/browser/..%2fhost%2fhost.ts',
    '/browser/..%5chost%5chost.ts',
    '/..%2f..%2f..%2fpackage.json',
    '/%2fetc%2fpasswd',
    '/host/host.ts',
    '/browser/%00',
    '/lib/preact/package.json',
    '/lib/..%2fpackage.json',
    '/lib/vitest/vitest.mjs',
  ])('gives away nothing of this machine at %s', async (path) => {
    const { status, text } = await send(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain('import');
    expect(text).not.toContain('root:');
  });

  it('serves TypeScript as the script that is left without the types', async () => {
    const { status, headers, text } = await send('/protocol.ts');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(text).toContain('export const paths');
    expect(text).not.toContain('interface');
  });

  it('serves a page whose every file is there, and names its import map in the policy', async () => {
    const { headers, text } = await send('/');
    const map = /<script type="importmap">(.*?)<\/script>/s.exec(text)![1]!;
    const { imports } = JSON.parse(map) as { readonly imports: Readonly<Record<string, string>> };
    const named = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    for (const path of [...named, ...Object.values(imports)])
      expect([path, (await send(path)).status]).toEqual([path, 200]);
    const hash = createHash('sha256').update(map).digest('base64');
    expect(headers['content-security-policy']).toContain(`script-src 'self' 'sha256-${hash}';`);
  });

  it('lets nothing be kept, sniffed or shown within another page', async () => {
    const { headers } = await send('/protocol.ts');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });

  it('takes a file up to Discord’s limit, of whatever type', async () => {
    const headers = own();
    for (const type of ['image/jpeg', 'application/json', 'application/zip', undefined]) {
      const typed = { ...headers, ...(type && { 'content-type': type }) };
      const { status, text } = await send('/files?name=a.jpg', { method: 'POST', headers: typed, body: small });
      expect([type, status, text]).toEqual([type, 201, expect.stringContaining('fileId')]);
    }
    const body = new Uint8Array(20 * 1024 * 1024);
    expect((await send('/files?name=a.zip', { method: 'POST', headers, body })).status).toBe(201);
  });

  it('refuses a larger file, an empty one and one without a name, and says why', async () => {
    const headers = own();
    const large = new Uint8Array(20 * 1024 * 1024 + 1);
    const refused = [
      await send('/files?name=a.zip', { method: 'POST', headers, body: large }),
      await send('/files?name=a.zip', { method: 'POST', headers }),
      await send('/files', { method: 'POST', headers, body: small }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([413, 400, 400]);
    expect(JSON.parse(refused[0]!.text)).toEqual({ why: 'Discord takes files of up to 20 MB.' });
  });

  it('draws photos for those who have none, and shows them small', async () => {
    await host.samplesDrawn;
    const page = await openPage(host);
    const { samples } = await page.until('the photos', () => !page.panel().samples.isDrawing && page.panel());
    expect(samples.photos.length).toBeGreaterThanOrEqual(8);
    const [first] = samples.photos;
    const whole = await send(first!.url);
    const thumbnail = await send(first!.thumbnailUrl);
    expect(whole.headers).toMatchObject({ 'content-type': 'image/jpeg', 'content-length': String(first!.bytes) });
    expect(Number(thumbnail.headers['content-length'])).toBeLessThan(20_000);
  });

  it('ends a connection that speaks another language', async () => {
    const socket = new WebSocket(`${host.url.replace('http', 'ws')}/live`, { origin: host.url });
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'rule', ask: 1 }));
    });
    const code = await new Promise((resolve) => socket.on('close', resolve));
    expect(code).toBe(1008);
  });
});
