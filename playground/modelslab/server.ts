import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { asSpoken, errorAnswer, Refusal } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Call } from './call.ts';
import { deliver, spoil } from './delivery.ts';
import { letsThrough } from './faults.ts';
import type { Faults } from './faults.ts';
import type { Gate } from './gate.ts';
import type { CallName } from './call-names.ts';
import type { Provider } from './provider.ts';
import { noSuchPath } from './training-calls.ts';

/** A request as it is remembered: never its body, which holds the key. */
export interface RequestEntry {
  readonly at: number;
  readonly call: CallName | 'unknown';
  readonly path: string;
  /** HTTP status of the answer; `dropped` when there was none. */
  readonly outcome: number | 'dropped';
}

export interface ServerParts {
  readonly calls: readonly Call[];
  readonly provider: Provider;
  readonly faults: Faults;
  readonly gate: Gate;
  readonly requests: RequestEntry[];
}

const largestBodyBytes = 16 * 1024 * 1024;

export function createServer(parts: ServerParts): FastifyInstance {
  const server = fastify({ bodyLimit: largestBodyBytes, forceCloseConnections: true });
  // Bodies are parsed by hand, because the provider has its own words for one that is not JSON.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  for (const call of parts.calls) {
    server.post(`/api${call.path}`, (request, reply) => handle(call, { request, reply }, parts));
  }
  server.get<{ Params: { name: string } }>('/generations/:name', ({ params }, reply) => {
    const file = parts.provider.files.find(params.name);
    return file === undefined ? reply.status(404).send() : reply.type(file.type).send(file.bytes);
  });
  server.setNotFoundHandler((request, reply) => {
    note(parts, { call: 'unknown', path: request.url, outcome: 404 });
    return reply.status(404).type('text/html').send(noSuchPath.body);
  });
  return server;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function handle(call: Call, { request, reply }: Exchange, parts: ServerParts): Promise<FastifyReply> {
  const { provider, faults } = parts;
  const fault = faults.take(call.name);
  const proper = letsThrough(fault) ? await perform(call, request, parts) : undefined;
  const given = fault === undefined ? (proper ?? noSuchPath) : spoil(fault, proper);
  const answer = given === noSuchPath ? given : asSpoken(given, provider.oddities, call.isV3);
  const isLost = fault?.kind === 'drop' || fault?.kind === 'silence';
  note(parts, { call: call.name, path: request.url, outcome: isLost ? 'dropped' : answer.http });
  return deliver(reply, { answer, fault, clock: provider.clock }, provider.signal);
}

async function perform(call: Call, request: FastifyRequest, { provider, gate }: ServerParts): Promise<Answer> {
  try {
    const { key, ...fields } = parseBody(request);
    const ask = { account: provider.accounts.get(key), fields, id: idIn(request.params) };
    gate.pass(call, ask);
    return await call.answer(ask, provider);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function parseBody(request: FastifyRequest): Record<string, unknown> {
  const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
  const body = isJson ? parseJson(request.body) : undefined;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw new Refusal(
    errorAnswer(400, { message: 'Invalid API Request', tip: 'Make sure that the body and its content type are JSON' }),
  );
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function idIn(params: unknown): string {
  const isNamed = typeof params === 'object' && params !== null && 'id' in params;
  return isNamed && typeof params.id === 'string' ? params.id : '';
}

function note({ provider, requests }: ServerParts, entry: Omit<RequestEntry, 'at'>): void {
  requests.push({ at: provider.clock.now(), ...entry });
  provider.journal.emit({ type: 'request', ...entry });
}
