import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Clock } from '../../lib/clock.ts';
import type { Metrics } from './metrics.ts';

export interface WebDeps {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What must hold for the bot to do its work, by a name that may be shown. */
  readonly checks: Readonly<Record<string, Check>>;
  readonly pulse: Pick<Pulse, 'isAlive'>;
  readonly metrics: Pick<Metrics, 'read' | 'webhookCalled'>;
  /** Takes a call of the provider's; false when the token is wrong. */
  readonly takeHint: (jobId: string, token: string, body: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: FastifyBaseLogger;
}

export interface Web {
  /** Gives the address that was taken, such as `http://127.0.0.1:8080`. */
  listen(): Promise<string>;
  /** Ends connections that are only kept alive. */
  close(): Promise<void>;
}

/** A client that sends slower than that is cut off: connections cannot be held by sending nothing. */
const slowestRequestMs = 10_000;
/** Each takes a file descriptor, of which the database and the calls to the provider need some as well. */
const mostConnections = 500;

/**
 * `/livez`: the process answers and its loop goes round; restart it when not. `/readyz`: it can do its work, or 503 and
 * what fails. `/metrics`: figures without names.
 * `/webhook/<job>/<token>`: where the provider calls.
 */
export function createWeb({ host, port, checks, pulse, metrics, takeHint, clock, logger }: WebDeps): Web {
  const app = fastify({
    loggerInstance: logger,
    // Probes come every few seconds and say nothing.
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerError,
    bodyLimit: 16_384,
    requestTimeout: slowestRequestMs,
    http: { headersTimeout: slowestRequestMs, connectionsCheckingInterval: 1000 },
    // A probe that connected and never said a word must not hold up a stop.
    forceCloseConnections: true,
  });

  app.server.maxConnections = mostConnections;
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
  // Bodies of every kind go the same way: what was sent where does not show in the answer.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  const answerNotFound = (reply: FastifyReply) => reply.code(404).send({ error: 'not found' });
  app.setNotFoundHandler((_request, reply) => answerNotFound(reply));
  app.setErrorHandler(answerError);

  app.get('/livez', (_request, reply) => {
    const isLive = pulse.isAlive();
    return reply.code(isLive ? 200 : 503).send({ live: isLive });
  });
  app.get('/readyz', async (_request, reply) => {
    const failing = await findFailing(checks, clock);
    return reply.code(failing.length === 0 ? 200 : 503).send({ ready: failing.length === 0, failing });
  });

  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.read();
    return reply.type(contentType).send(text);
  });

  app.post<{ Params: { jobId: string; token: string } }>('/webhook/:jobId/:token', async ({ params, body }, reply) => {
    const isTaken = await takeHint(params.jobId, params.token, typeof body === 'string' ? body : '');
    metrics.webhookCalled(isTaken);
    return isTaken ? reply.code(204).send() : answerNotFound(reply);
  });

  return {
    listen: () => app.listen({ host, port }),
    close: () => app.close(),
  };
}

/** What went wrong is for the log. Who sent something unacceptable learns only that. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error({ err: error }, 'cannot answer a web request');
  void reply.code(status).send({ error: status >= 500 ? 'internal error' : 'bad request' });
}

/** Whether the program's loop goes round: one that hangs answers the web, and does nothing else any more. */
export interface Pulse {
  beat(): void;
  isAlive(): boolean;
}

/** The loop rests for 5 seconds at the most, and waits half a minute for a locked database. */
const longestSilenceMs = 90_000;

/** Before the first beat the program is starting, which ends by itself. `now` never goes back, even when the clock is set. */
export function createPulse(now: () => number): Pulse {
  let lastAt: number | undefined;
  return {
    beat: () => {
      lastAt = now();
    },
    isAlive: () => lastAt === undefined || now() - lastAt < longestSilenceMs,
  };
}

/** Whether something holds. A rejection means that it does not. */
export type Check = () => Promise<boolean> | boolean;

/** Orchestrators give up on a probe after a few seconds and learn nothing from it: a check that hangs has failed. */
const longestCheckMs = 2_000;

/** Names of the checks that do not hold. They run side by side; never rejects. */
export async function findFailing(
  checks: Readonly<Record<string, Check>>,
  clock: Pick<Clock, 'sleep'>,
): Promise<string[]> {
  const ended = new AbortController();
  const tooLate = clock.sleep(longestCheckMs, ended.signal).then(() => false);
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, holds: await Promise.race([holds(check), tooLate]) })),
  );
  ended.abort();
  return results.filter((result) => !result.holds).map(({ name }) => name);
}

async function holds(check: Check): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}
