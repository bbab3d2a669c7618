import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writesTo } from './database.ts';
import { freePort } from './free-port.ts';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

const pollMs = 1000;

let stage: Stage;
/** Its request arrived, and the answer was lost. */
let unanswered: { readonly server: Server; readonly order: Order };

beforeAll(async () => {
  // The port must be known before the start, for the URL has it.
  const port = String(await freePort());
  const environment = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}/`, POLL_SECONDS: String(pollMs / 1000) };
  // Trainings stay on one stage until a test moves them on.
  stage = await startStage({ environment, oddities: { course: { stuckAt: 'training_started' }, listLagMs: 60_000 } });
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  stage.modelsLab.next('lora_fine_tune', { kind: 'drop', when: 'after' });
  await order.start();
  await order.says(/: checking/);
  unanswered = { server, order };
});
afterEach(() => stage.check());
afterAll(() => stage.close());

interface Running {
  readonly server: Server;
  readonly order: Order;
  /** Of the training. */
  readonly id: string;
  /** The address that the provider was given. */
  readonly webhook: string;
}

async function running(): Promise<Running> {
  const server = await stage.addServer();
  const order = await server.train();
  await order.start();
  await order.says(/▶ \*\*Training\*\*/);
  const [training] = server.trainings();
  return { server, order, id: training!.id, webhook: String(training!.request['webhook']) };
}

const call = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, { method: 'POST', ...init });
  return { status: answer.status, text: await answer.text() };
};

/** When the status of a training was asked for. */
function asked(id: string): number[] {
  const path = `fine_tune_status/${id}`;
  return stage.modelsLab.requests.filter((request) => request.path.endsWith(path)).map(({ at }) => at);
}

const askedMore = (id: string, than: number) => stage.modelsLab.until(() => asked(id).length > than, patience);

/** Until the long middle of a stage, in which the bot asks less often: gives when it asked last. */
async function rarelyAsked(id: string): Promise<number> {
  const gap = () => (asked(id).at(-1) ?? 0) - (asked(id).at(-2) ?? Infinity);
  await stage.modelsLab.until(() => gap() > 2 * pollMs, patience);
  return asked(id).at(-1)!;
}

describe('what the provider calls about', () => {
  it.concurrent('is seen when it says so, and not only when it would have been asked for', async () => {
    const { order, id } = await running();
    const before = await rarelyAsked(id);
    await stage.modelsLab.move(id, 'model_ready');
    await order.end(/is ready/);
    const waited = asked(id).at(-1)! - before;
    expect(waited).toBeGreaterThanOrEqual(pollMs);
    expect(waited).toBeLessThan(1.8 * pollMs);
  });

  it.concurrent(
    'proves that an order without an answer arrived: it is waited for, however long the list does not show it, and paid once',
    async () => {
      const { server, order } = unanswered;
      await order.says(/▶ \*\*Training\*\*/);
      expect(server.charges()).toHaveLength(1);
      await stage.modelsLab.move(server.trainings()[0]!.id, 'model_ready');
      await order.end(/is ready/);
    },
  );
});

describe('what anybody else calls about', () => {
  it.concurrent('a forged success only has the bot ask', async () => {
    const { order, id, webhook } = await running();
    const before = asked(id).length;
    const forged = { status: 'success', training_status: 'model_ready', logs: '', model_id: 'forged0000' };
    const headers = { 'content-type': 'application/json' };
    expect(await call(webhook, { body: JSON.stringify(forged), headers })).toEqual({ status: 204, text: '' });
    await askedMore(id, before);
    await askedMore(id, before + 1);
    expect(order.text()).not.toMatch(/is ready|forged0000/);
    await stage.modelsLab.move(id, 'model_ready');
    await order.end(/is ready/);
    expect(order.text()).not.toContain('forged0000');
  });

  it.concurrent('a call that is repeated after the end changes nothing', async () => {
    const { order, id, webhook } = await running();
    await stage.modelsLab.move(id, 'model_ready');
    await order.end(/is ready/);
    await order.says(/: ready/);
    const before = { asked: asked(id).length, text: order.text() };
    for (let time = 0; time < 3; time += 1) expect(await call(webhook)).toEqual({ status: 204, text: '' });
    // Another order's whole way passes before it is looked at again.
    const other = await running();
    expect({ asked: asked(id).length, text: order.text() }).toEqual(before);
    await stage.modelsLab.move(other.id, 'model_ready');
    await other.order.end(/is ready/);
  });

  it.concurrent('a wrong token is answered as if there were nothing, and ten megabytes are not taken', async () => {
    const { order, id, webhook } = await running();
    const nothing = await call(new URL('/nothing', webhook).href);
    expect(nothing.status).toBe(404);
    const [token, jobId] = new URL(webhook).pathname.split('/').toReversed();
    expect(token!.length).toBeGreaterThanOrEqual(22); // 128 bits.
    for (const wrong of [
      webhook.slice(0, -1),
      `${webhook}x`,
      webhook.replace(token!, jobId!),
      webhook.replace(jobId!, 'job'),
    ]) {
      expect(await call(wrong)).toEqual(nothing);
    }
    const refused = await call(webhook, { body: Buffer.alloc(10 * 1024 * 1024) }).catch(() => 'cut off');
    expect(['cut off', 413]).toContain(typeof refused === 'string' ? refused : refused.status);
    await stage.modelsLab.move(id, 'model_ready');
    await order.end(/is ready/);
    expect(stage.program().output()).not.toContain(token);
  });

  it('calls that never end are cut off, and nobody waits for them', async () => {
    const { order, id, webhook } = await running();
    const { port, pathname } = new URL(webhook);
    const head = `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 16000\r\n`;
    const slow = Array.from({ length: 300 }, (_, index) => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      // Some stop in the head, some in the body.
      socket.write(index % 2 === 0 ? head : `${head}\r\nx`);
      return once(socket.resume(), 'close');
    });
    expect(await call(webhook)).toEqual({ status: 204, text: '' });
    const alive = await fetch(new URL('/livez', webhook));
    expect(alive.status).toBe(200);
    await Promise.all(slow); // What is not cut off is open for ever.
    await stage.modelsLab.move(id, 'model_ready');
    await order.end(/is ready/);
  });

  it('ten thousand calls ask the provider no more often, write next to nothing, take no memory, and nobody waits for them', async () => {
    const { server, order, id, webhook } = await running();
    const jobId = new URL(webhook).pathname.split('/').at(-2)!;
    const body = 'x'.repeat(16_000);
    const before = { writes: writesTo(stage.folder, jobId), at: Date.now() };
    const flooding = flood([webhook, `${webhook.slice(0, -4)}xxxx`], 10_000, body);
    const { content } = await server.ask(server.bob, 'status');
    expect(content).toMatch(/“Ambika”: training/);
    expect(await flooding).toEqual({ 204: 5000, 404: 5000 });
    const seconds = (Date.now() - before.at) / 1000;
    const times = asked(id);
    const waits = times.slice(1).map((time, index) => time - times[index]!);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(pollMs);
    // Each look writes a few times: what was called, what was seen, when to look again.
    expect(writesTo(stage.folder, jobId) - before.writes).toBeLessThan(10 * (seconds + 1));
    // Garbage that is not collected yet makes some of equal floods grow, a leak all of them: half of what the bodies of one
    // would take is allowed.
    const allowed = (3000 * body.length) / 2;
    const growths: number[] = [];
    while (growths.length < 10 && !growths.some((growth) => growth < allowed)) {
      const memory = await memoryOf(stage.program().pid);
      await flood([webhook], 3000, body);
      growths.push((await memoryOf(stage.program().pid)) - memory);
    }
    expect(Math.min(...growths), growths.join(', ')).toBeLessThan(allowed);
    await stage.modelsLab.move(id, 'model_ready');
    await order.end(/is ready/);
  });
});

/** Calls these addresses in turn, fifty at a time; gives how often each status was the answer. */
async function flood(urls: readonly string[], times: number, body: string): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  let sent = 0;
  const caller = async () => {
    while (sent < times) {
      const { status } = await call(urls[sent++ % urls.length]!, { body });
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
  return counts;
}

/** Bytes that a process has in memory. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(?<kilobytes>\d+) kB$/m.exec(status)?.groups?.['kilobytes']) * 1024;
}
