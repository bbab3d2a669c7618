import type { FastifyReply } from 'fastify';

import { htmlPage, refusal, serverError, withoutId } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Clock } from './clock.ts';
import type { Fault } from './faults.ts';

/** What the fault makes of the answer; `answer` is undefined when the call was not carried out. */
export function spoil(fault: Fault, answer: Answer | undefined): Answer {
  switch (fault.kind) {
    case 'html':
      return htmlPage(fault.status ?? 502);
    case 'server-error':
      return serverError(fault.status ?? 500);
    case 'refuse':
      return refusal(fault.why);
    case 'says':
      return { http: fault.status ?? 200, body: fault.body };
    case 'no-id':
      return withoutId(answer ?? serverError(500));
    case 'drop':
    case 'silence':
    case 'late':
    case 'held':
    case 'slow-drip':
      return answer ?? serverError(500);
  }
}

export interface Delivery {
  readonly answer: Answer;
  readonly fault: Fault | undefined;
  readonly clock: Clock;
}

/** Sends the answer, or does to the connection what the fault says. */
export async function deliver(
  reply: FastifyReply,
  { answer, fault, clock }: Delivery,
  signal: AbortSignal,
): Promise<FastifyReply> {
  if (fault?.kind === 'drop') {
    reply.raw.socket?.resetAndDestroy();
    return reply.hijack();
  }
  if (fault?.kind === 'silence') return reply.hijack();
  if (fault?.kind === 'late') await clock.sleep(fault.byMs, signal);
  if (fault?.kind === 'held') await fault.until;
  const payload = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const type = answer.type ?? 'application/json';
  if (fault?.kind === 'slow-drip') {
    await drip(reply.hijack(), { type, payload, http: answer.http, overMs: fault.overMs, clock }, signal);
    return reply;
  }
  return reply.status(answer.http).type(type).send(payload);
}

interface Drip {
  readonly type: string;
  readonly payload: string;
  readonly http: number;
  readonly overMs: number;
  readonly clock: Clock;
}

async function drip({ raw }: FastifyReply, { type, payload, http, overMs, clock }: Drip, signal: AbortSignal) {
  const bytes = Buffer.from(payload);
  raw.writeHead(http, { 'content-type': type, 'content-length': bytes.length });
  for (const byte of bytes) {
    await clock.sleep(overMs / bytes.length, signal);
    if (raw.destroyed) return;
    raw.write(Buffer.of(byte));
  }
  raw.end();
}
