import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createTrainingApi, type TrainingApiDeps } from '../../../src/services/modelslab/client.ts';
import type { ApiKey, TrainingApi, TrainingRequest } from '../../../src/services/modelslab/training-api.ts';

export const secret = 'Zq7Vt2XbLw9RkD4mYs8HcN1fJg6PaE3u';
export const key: ApiKey = { secret, fingerprint: 'f1' };
export const never = new AbortController().signal;

export const order: TrainingRequest = {
  method: 'lora-sdxl',
  subject: 'man',
  trigger: 'ambika0',
  images: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `https://photos.example/${number}.png`),
};

export interface Received {
  readonly path: string;
  readonly body: unknown;
}

type Handler = (response: ServerResponse, request: IncomingMessage, index: number) => void;

export interface LoopbackProvider {
  readonly url: string;
  readonly server: Server;
  readonly received: readonly Received[];
  /** How many connections were opened in all. */
  connections(): number;
  /** Resolves when the next request has been read to its end. */
  nextRequest(): Promise<void>;
  api(deps?: Partial<TrainingApiDeps>): TrainingApi;
}

/** A real server on a free port; `handle` answers each request after its body has arrived. */
export async function startProvider(handle: Handler): Promise<LoopbackProvider> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      received.push({ path: request.url ?? '', body: JSON.parse(body) });
      server.emit('received');
      handle(response, request, received.length - 1);
    });
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    server,
    received,
    connections: () => connections,
    nextRequest: async () => {
      await once(server, 'received');
    },
    api: (deps) => createTrainingApi({ baseUrl: `${url}/api`, sandboxUrl: `${url}/api/sandbox/v3`, ...deps }),
  };
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A provider that gives these replies in turn, and the last one for ever after. */
export function startScripted(...replies: readonly Reply[]): Promise<LoopbackProvider> {
  return startProvider((response, _request, index) => {
    const { status = 200, json, text = JSON.stringify(json), headers } = replies[index] ?? replies.at(-1)!;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it resolved');
    },
    (error: unknown) => error,
  );
}
