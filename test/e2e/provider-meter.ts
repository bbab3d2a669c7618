import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pass } from 'node:timers/promises';

/** Stands before the provider, takes as long as a far one would, and counts. */
export interface ProviderMeter {
  readonly url: string;
  /** When each training was first asked about, by its id. */
  readonly askedAt: ReadonlyMap<string, number>;
  /** How many calls were open at the same time at the most. */
  mostAtOnce(): number;
  /** How many calls came within the same second at the most. */
  mostPerSecond(): number;
  close(): Promise<void>;
}

export async function startProviderMeter(behind: string, latencyMs: number): Promise<ProviderMeter> {
  const askedAt = new Map<string, number>();
  const arrivals: number[] = [];
  const open = { count: 0, most: 0 };
  const forward = async ({ url = '', headers }: IncomingMessage, body: string) => {
    const reply = await fetch(`${new URL(behind).origin}${url}`, {
      method: 'POST',
      headers: { 'content-type': headers['content-type'] ?? 'application/json' },
      body,
    });
    return { status: reply.status, body: await reply.text() };
  };
  const server = createServer((request, response) => {
    void (async () => {
      arrivals.push(performance.now());
      open.most = Math.max(open.most, (open.count += 1));
      const body = await text(request);
      const id = /\/fine_tune_status\/(?<id>\w+)$/.exec(request.url ?? '')?.groups?.['id'];
      if (id !== undefined && !askedAt.has(id)) askedAt.set(id, performance.now());
      await pass(latencyMs);
      const reply = await forward(request, body);
      open.count -= 1;
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(behind).pathname}`,
    askedAt,
    mostAtOnce: () => open.most,
    mostPerSecond: () =>
      Math.max(0, ...arrivals.map((at, index) => arrivals.slice(index).filter((other) => other < at + 1000).length)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
