import type { FastifyInstance } from 'fastify';
import { refuse } from '../errors.ts';
import type { Upload } from '../state/upload.ts';

/** What a client sent: its JSON (that of `payload_json` for multipart) and its files by the n of `files[n]`. */
export interface Incoming {
  readonly json: unknown;
  readonly uploads: ReadonlyMap<string, Upload>;
  readonly bytes: number;
}

export const nothing: Incoming = { json: {}, uploads: new Map(), bytes: 0 };

export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    done(null, { json: parseJson(body.toString()), uploads: new Map(), bytes: body.byteLength } satisfies Incoming);
  });
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    parseMultipart(body, request.headers['content-type'] ?? '').then((incoming) => {
      done(null, incoming);
    }, done);
  });
}

async function parseMultipart(body: Buffer, contentType: string): Promise<Incoming> {
  const response = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } });
  // Not for servers on the internet, says Node; here the only client is the bot, on loopback, and the size is limited.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const form = await response.formData().catch(() => refuse('malformedJson', 'the multipart body cannot be read'));
  const uploads = new Map<string, Upload>();
  for (const [field, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(field)?.[1];
    if (index === undefined || typeof value === 'string') continue;
    uploads.set(index, { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  const payload = form.get('payload_json');
  return { json: typeof payload === 'string' ? parseJson(payload) : {}, uploads, bytes: body.byteLength };
}

function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse('malformedJson', `not JSON: ${text.slice(0, 80)}`);
  }
}
