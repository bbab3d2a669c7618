import type { FastifyInstance } from 'fastify';
import type { World } from '../world.ts';

/** Where the gateway is, and how often one may still identify. */
export function gatewayRoutes(app: FastifyInstance, world: World, url: () => string): void {
  app.get('/gateway', () => ({ url: url() }));
  app.get('/gateway/bot', () => ({
    url: url(),
    shards: 1,
    session_start_limit: { total: 1000, max_concurrency: 1, ...world.sessionStarts },
  }));
}
