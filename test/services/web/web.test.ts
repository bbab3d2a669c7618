import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { createRedaction } from '../../../src/lib/redaction.ts';
import { createMetrics } from '../../../src/services/web/metrics.ts';
import { createWeb, findFailing, type Check, type Web } from '../../../src/services/web/web.ts';

const running: Web[] = [];

afterEach(async () => {
  for (const web of running.splice(0)) await web.close();
});

interface Started {
  readonly url: string;
  readonly web: Web;
  readonly log: string[];
}

let isAlive = true;

async function start(checks: Record<string, Check> = {}, port = 0): Promise<Started> {
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = createLogger({ level: 'info', secrets: createRedaction(), destination });
  const web = createWeb({
    host: '127.0.0.1',
    port,
    checks,
    takeHint: () => Promise.resolve(false),
    clock: systemClock,
    pulse: { isAlive: () => isAlive },
    metrics: createMetrics(),
    logger,
  });
  running.push(web);
  return { url: await web.listen(), web, log };
}

describe('createWeb', () => {
  it('takes a free port for 0 and tells which', async () => {
    const { url } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('rejects when the port is taken', async () => {
    const { url } = await start();
    await expect(start({}, Number(new URL(url).port))).rejects.toThrow(/EADDRINUSE/);
  });

  it('is alive while it is not ready, for a restart would not help', async () => {
    const { url } = await start({ database: () => false });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });

  it('is not alive when the loop hangs, though the web is answered: then a restart helps', async () => {
    const { url } = await start();
    isAlive = false;
    const answer = await fetch(`${url}/livez`);
    isAlive = true;
    expect([answer.status, await answer.json()]).toEqual([503, { live: false }]);
  });

  it('shows figures in the format of Prometheus', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
  });

  it('is ready when every check holds, asked anew each time', async () => {
    let connected = true;
    const { url } = await start({ discord: () => connected, database: () => Promise.resolve(true) });
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(ready.headers.get('cache-control')).toBe('no-store');
    expect(await ready.json()).toEqual({ ready: true, failing: [] });

    connected = false;
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: false, failing: ['discord'] });
  });

  it('names the checks that fail, and nothing of why', async () => {
    const { url } = await start({
      discord: () => true,
      database: () => Promise.reject(new Error('SQLITE_FULL at /var/data')),
      disk: () => {
        throw new Error('no space at /var/data');
      },
    });
    const answer = await (await fetch(`${url}/readyz`)).text();
    expect(JSON.parse(answer)).toEqual({ ready: false, failing: ['database', 'disk'] });
    expect(answer).not.toContain('/var/data');
  });

  it('tells nothing about itself to who asks for something else', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/secret?key=abc`);
    expect([answer.status, await answer.json()]).toEqual([404, { error: 'not found' }]);
    const malformed = await fetch(`${url}/%ff`);
    expect(malformed.status).toBe(400);
    expect(await malformed.text()).not.toContain('%ff');
  });

  it('reads no body that is larger than any it expects', async () => {
    const { url } = await start();
    const body = JSON.stringify({ text: 'x'.repeat(17_000) });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/livez`, { method: 'POST', body, headers });
    expect([answer.status, await answer.json()]).toEqual([413, { error: 'bad request' }]);
  });

  it('does not fill the log with the probes of an orchestrator', async () => {
    const { url, log } = await start({ database: () => false });
    const before = log.length;
    await fetch(`${url}/livez`);
    await fetch(`${url}/readyz`);
    await fetch(`${url}/other`);
    expect(log.slice(before)).toEqual([]);
  });

  it('closes although a client keeps its connection open', async () => {
    const { url, web } = await start();
    await new Promise((resolve, reject) => {
      const probe = request(`${url}/livez`, { headers: { connection: 'keep-alive' } }, (answer) => {
        answer.resume().on('end', resolve);
      });
      probe.on('error', reject).end();
    });
    await web.close();
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});

it('closes although somebody connected and never said a word', async () => {
  const { url, web } = await start();
  const silent = connect(Number(new URL(url).port), '127.0.0.1');
  silent.on('error', () => undefined); // Being cut off is what is waited for.
  const isCutOff = once(silent, 'close');
  await once(silent, 'connect');
  await web.close();
  await isCutOff;
});

describe('findFailing', () => {
  it('counts a check that hangs as failed, because whoever asks does not wait', async () => {
    const sleeps: number[] = [];
    const clock = { sleep: (ms: number) => Promise.resolve(void sleeps.push(ms)) };
    const checks = { database: () => new Promise<boolean>(() => undefined) };
    expect(await findFailing(checks, clock)).toEqual(['database']);
    expect(sleeps).toEqual([2_000]);
  });

  it('leaves no timer behind', async () => {
    let left: AbortSignal | undefined;
    const clock = {
      sleep: (_ms: number, signal: AbortSignal) => {
        left = signal;
        return new Promise<void>(() => undefined);
      },
    };
    expect(await findFailing({ discord: () => true }, clock)).toEqual([]);
    expect(left?.aborted).toBe(true);
  });
});
