import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { patience } from './order.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

/** Where the program that runs now says that it is asked. */
function address(): string {
  const found = /"address":"(?<url>http:[^"]+)"/.exec(stage.program().output())?.groups?.['url'];
  if (found === undefined) throw new Error('The program names no address');
  return found;
}

const read = async (page: string) => (await fetch(new URL(page, address()))).text();

async function readiness(): Promise<{ ready: boolean; failing: string[] }> {
  return JSON.parse(await read('/readyz')) as { ready: boolean; failing: string[] };
}

/** Exit code of what the image is asked with. */
async function healthcheck(): Promise<number> {
  const dockerfile = readFileSync(fileURLToPath(new URL('../../Dockerfile', import.meta.url)), 'utf8');
  const [, list = ''] = /HEALTHCHECK[^]+?CMD (\[.+\])$/m.exec(dockerfile) ?? [];
  const [command = '', ...args] = JSON.parse(list) as string[];
  expect(command).toBe('node');
  const { port } = new URL(address());
  return promisify(execFile)(process.execPath, args, { env: { PORT: port } }).then(
    () => 0,
    (error: unknown) => (error as { code: number }).code,
  );
}

it('is ready, and counts what it does at each border, without a name of anybody', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.start();
  await order.end(/is ready/);
  expect(await readiness()).toEqual({ ready: true, failing: [] });
  expect(await healthcheck()).toBe(0);

  const metrics = await read('/metrics');
  expect(metrics).toContain('darkroom_jobs{state="ready"} 1\n');
  expect(metrics).toContain('darkroom_ledger_events_total{event="charged"} 1\n');
  expect(metrics).toContain('darkroom_photos_total{verdict="good"} 3\n');
  expect(metrics).toMatch(/^darkroom_provider_call_duration_seconds_count\{call="start",outcome="answered"\} 1$/m);
  const asked = stage.discord.requests.filter(({ status }) => status >= 200 && status < 300).length;
  const counted = Number(/^darkroom_discord_requests_total\{status="2xx"\} (\d+)$/m.exec(metrics)?.[1]);
  expect(counted).toBeGreaterThan(10);
  expect(counted).toBeLessThanOrEqual(asked);
  expect(metrics).toMatch(/^darkroom_poller_lag_seconds \d/m);
  expect(metrics).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  for (const name of [server.guild.id, server.bob.id, server.bob.name, order.thread.id, server.account.key])
    expect(metrics).not.toContain(name);
});

it('counts the provider’s failures by their kind', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  stage.modelsLab.next('lora_fine_tune', { kind: 'html', when: 'after' });
  await order.start();
  await order.end(/needs your answer/);
  const metrics = await read('/metrics');
  expect(metrics).toMatch(/_count\{call="start",outcome="ambiguous"\} 1$/m);
  expect(metrics).toContain('darkroom_ledger_events_total{event="asked"} 1\n');
});

it('is not ready while it stops, and alive', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  const { modelsLab } = stage;
  modelsLab.next('lora_fine_tune', { kind: 'late', byMs: 3000 });
  const before = modelsLab.requests.length;
  await order.start();
  await modelsLab.until(() => modelsLab.requests.slice(before).some(({ call }) => call === 'lora_fine_tune'), patience);
  const stopped = stage.program().stop();
  await expect.poll(readiness).toEqual({ ready: false, failing: ['running'] });
  expect(JSON.parse(await read('/livez'))).toEqual({ live: true });
  expect(await healthcheck()).toBe(1);
  expect(await stopped).toBe(0);
  await stage.restart('SIGTERM');
  await order.end(/is ready/);
});

it('is not ready while Discord cannot be reached, and ready again after', async () => {
  stage.discord.gateway.refuse(true);
  stage.discord.gateway.drop();
  await expect.poll(readiness).toEqual({ ready: false, failing: ['discord'] });
  stage.discord.gateway.refuse(false);
  await expect.poll(readiness).toEqual({ ready: true, failing: [] });
});
