import type { FastifyInstance } from 'fastify';

/** Where the gateway is, and how often one may still identify. */
export function gatewayRoutes(app: FastifyInstance, url: () => string): void {
  app.get('/gateway', () => ({ url: url() }));
  app.get('/gateway/bot', () => ({
    url: url(),
    shards: 1,
    session_start_limit: { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 },
  }));
}
