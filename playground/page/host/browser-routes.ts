import type { FastifyInstance } from 'fastify';
import { inlineScriptHashes, readBrowserFile } from './browser-files.ts';

/** Serves the page's own files. `policyFor` takes what marks the scripts that stand in the page itself. */
export function browserRoutes(app: FastifyInstance, policyFor: (scripts: readonly string[]) => string): void {
  app.get<{ Params: { '*': string } }>('/*', async ({ params }, reply) => {
    const file = await readBrowserFile(`/${params['*']}`);
    if (!file) return reply.code(404).type('text/plain').send('There is nothing here.');
    if (file.contentType.startsWith('text/html')) {
      reply.header('content-security-policy', policyFor(inlineScriptHashes(file.body.toString())));
    }
    return reply.type(file.contentType).send(file.body);
  });
}
