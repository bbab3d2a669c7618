import type { FastifyInstance } from 'fastify';
import type { Links } from '../links.ts';
import type { Attachment } from '../state/message.ts';
import type { World } from '../world.ts';

interface FileRoute {
  readonly Params: { readonly id: string };
  readonly Querystring: Readonly<Record<string, string | undefined>>;
}

/** Serves attachments by signed link, until the link has run out or the message is gone. */
export function cdnRoutes(app: FastifyInstance, world: World, links: Links): void {
  for (const folder of ['attachments', 'ephemeral-attachments']) {
    app.get<FileRoute>(`/${folder}/:place/:id/:name`, (request, reply) => {
      const attachment = findAttachment(world, request.params.id);
      const path = request.url.replace(/\?.*$/, '');
      if (!attachment || !links.isGood(path, request.query)) {
        return reply.code(404).type('text/plain').send('This content is no longer available.');
      }
      return reply
        .type(attachment.contentType ?? 'application/octet-stream')
        .header('cache-control', 'public, max-age=31536000')
        .send(Buffer.from(attachment.bytes));
    });
  }
}

function findAttachment(world: World, id: string): Attachment | undefined {
  const sent = [...world.messages.values()].flat().filter(({ isDeleted }) => !isDeleted);
  const shown = sent.flatMap(({ attachments, forwarded }) => [
    ...attachments,
    ...(forwarded?.version.attachments ?? []),
  ]);
  const files = [...shown, ...world.looseFiles];
  return files.find((attachment) => attachment.id === id);
}
