import type { FastifyInstance, FastifyReply } from 'fastify';
import { discordLimits } from '../../discord/world.ts';
import { paths, type UploadAnswer, type UploadRefusal } from '../protocol.ts';
import type { Samples } from './samples.ts';
import type { Uploads } from './uploads.ts';

interface UploadRoute {
  readonly Querystring: { readonly name?: string };
  readonly Body: Buffer | undefined;
}

interface SampleRoute {
  readonly Params: { readonly id: string };
}

const longestName = 200;

/** Takes files from the page, and shows the sample photos. */
export function fileRoutes(
  app: FastifyInstance,
  { uploads, samples }: { readonly uploads: Uploads; readonly samples: Samples },
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.post<UploadRoute>(paths.files, ({ query, body }, reply) => {
    const name = query.name?.slice(-longestName);
    if (!name || !body) return refuse(reply, 400, 'A file needs a name and something in it.');
    if (body.byteLength > discordLimits.attachmentBytes) return refuse(reply, 413, tooLarge);
    return reply.code(201).send({ fileId: uploads.add({ name, bytes: body }) } satisfies UploadAnswer);
  });
  app.get<SampleRoute>('/samples/:id', ({ params }, reply) => picture(reply, samples.find(params.id)?.file.bytes));
  app.get<SampleRoute>('/samples/:id/thumbnail', ({ params }, reply) =>
    picture(reply, samples.find(params.id)?.thumbnail),
  );
  app.setErrorHandler<Error & { readonly code?: string }>((error, _request, reply) => {
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse(reply, 413, tooLarge);
    return refuse(reply, 500, `The playground itself failed: ${error.message}`);
  });
}

const tooLarge = `Discord takes files of up to ${discordLimits.attachmentBytes / 2 ** 20} MB.`;

function refuse(reply: FastifyReply, status: number, why: string): FastifyReply {
  return reply.code(status).send({ why } satisfies UploadRefusal);
}

function picture(reply: FastifyReply, bytes: Uint8Array | undefined): FastifyReply {
  if (!bytes) return refuse(reply, 404, 'There is no such photo.');
  return reply.type('image/jpeg').send(Buffer.from(bytes));
}
