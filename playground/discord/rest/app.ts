import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import { DiscordRefusal, errorTree, refusals, refuse, refuseInvalid } from '../errors.ts';
import type { FaultHooks } from '../faults.ts';
import type { RequestEntry } from '../requests.ts';
import { describedProblems } from '../rules/described-body.ts';
import { isFaultless } from '../violations.ts';
import type { World } from '../world.ts';
import { recordViolation } from '../world.ts';
import type { Incoming } from './body.ts';
import { acceptBodies } from './body.ts';

export interface RestDeps {
  readonly world: World;
  readonly faults: FaultHooks;
  readonly requests: RequestEntry[];
}

const retryAfterSeconds = 60;

/** The server without its routes: bodies, the bot's token, faults, the log, and refusals in Discord's words. */
export function createApp(deps: RestDeps): FastifyInstance {
  const { world, faults } = deps;
  const app = fastify({
    // Bodies above Discord's limit are read to their end and refused then: cut off, the client would see a broken pipe and no code.
    bodyLimit: 4 * world.limits.requestBytes,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // Interaction tokens are long.
    routerOptions: { maxParamLength: 1000 },
  });
  acceptBodies(app);
  app.addHook('onRequest', (request, reply) => faults.before(request, reply));
  app.addHook('onRequest', (request, _reply, done) => {
    demandToken(request, world.botToken);
    done();
  });
  app.addHook<{ Body: Incoming | undefined }>('preHandler', (request, _reply, done) => {
    if ((request.body?.bytes ?? 0) > world.limits.requestBytes) refuse('tooLarge', 'the whole request is too large');
    if (request.body) refuseInvalid(describedProblems(request.method, routeOf(request), request.body.json));
    done();
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const replaced = await faults.after(request, reply, payload);
    if (isApi(request)) log(deps, request, reply, replaced);
    return replaced;
  });
  app.setErrorHandler((error, request, reply) => answerError(deps, { error, request, reply }));
  app.setNotFoundHandler((request) =>
    refuse('unknownRoute', `the stand-in does not know ${request.method} ${request.url}`),
  );
  return app;
}

function isApi(request: FastifyRequest): boolean {
  return request.url.startsWith('/api/');
}

/** `/channels/:channel/messages`: the route as declared, without `/api/vN`. */
export function routeOf(request: FastifyRequest): string {
  return (request.routeOptions.url ?? request.url).replace(/^\/api\/[^/]+/, '');
}

/** Answers to interactions carry their own token in the path; everything else is for the bot alone. */
function demandToken(request: FastifyRequest, botToken: string): void {
  if (!isApi(request) || request.is404) return;
  const route = routeOf(request);
  if (route === '/gateway' || route.startsWith('/interactions/') || route.startsWith('/webhooks/')) return;
  if (request.headers.authorization !== `Bot ${botToken}`) refuse('unauthorized', 'the bot token is missing or wrong');
}

function log({ world, requests }: RestDeps, request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const limit = { limit: '50', remaining: '49', 'reset-after': '1.000', bucket: routeOf(request).slice(0, 32) };
  for (const [name, value] of Object.entries(limit)) reply.header(`x-ratelimit-${name}`, value);
  reply.header('x-ratelimit-reset', (Date.now() / 1000 + 1).toFixed(3));
  const entry: RequestEntry = {
    at: world.clock.now(),
    method: request.method,
    path: request.url.replace(/^\/api\/[^/]+/, '').replace(/\?.*$/, ''),
    route: routeOf(request),
    status: reply.statusCode,
    code: reply.statusCode >= 400 ? codeIn(payload) : undefined,
    bodyBytes: Number(request.headers['content-length'] ?? 0),
  };
  requests.push(entry);
  world.changes.record({ type: 'request', request: entry });
}

function codeIn(payload: unknown): number | undefined {
  const found = typeof payload === 'string' ? /"code":(\d+)/.exec(payload)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

interface Failure {
  readonly error: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function answerError(deps: RestDeps, { error, request, reply }: Failure): FastifyReply {
  const refusal = asRefusal(error);
  // A bot that was killed in the middle of a request has done nothing wrong, and reads no answer.
  if (request.raw.errored?.message === 'aborted') return reply.hijack();
  if (!refusal) return answerBug(deps, { error, request, reply });
  const [status, code, message] = refusals[refusal.refusal];
  const isOurDoing = isFaultless(code) || deps.faults.wasHit(request);
  const where = `${request.method} ${request.url}`;
  if (!isOurDoing) recordViolation(deps.world, { code, status, where, detail: refusal.message });
  const tree = refusal.problems.length > 0 && { errors: errorTree(refusal.problems) };
  const wait = status === 429 && { retry_after: retryAfterSeconds, global: false };
  if (wait) reply.header('retry-after', retryAfterSeconds).header('x-ratelimit-scope', 'shared');
  return reply.code(status).send({ message, code, ...tree, ...wait });
}

function asRefusal(error: unknown): DiscordRefusal | undefined {
  if (error instanceof DiscordRefusal) return error;
  const isTooLarge = error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  return isTooLarge ? new DiscordRefusal('tooLarge', 'the whole request is too large') : undefined;
}

/** A fault of the stand-in itself must not pass for one of the bot's: it is told aloud and fails the tests. */
function answerBug({ world }: RestDeps, { error, request, reply }: Failure): FastifyReply {
  const detail = `the stand-in itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  recordViolation(world, { code: 0, status: 500, where: `${request.method} ${request.url}`, detail });
  return reply.code(500).send({ message: '500: Internal Server Error', code: 0 });
}
