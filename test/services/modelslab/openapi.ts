import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** The provider's own descriptions, which are not part of this repository. */
const folder = new URL('../../../../shared/provider/', import.meta.url);
const files = ['openapi-training.json', 'openapi-general.json'];

/** As much of an OpenAPI document as is looked at here. */
interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>;
}

interface Operation {
  readonly servers?: readonly { readonly url: string }[];
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}

interface Described {
  readonly path: RegExp;
  readonly request: ValidateFunction;
  /** By HTTP status. */
  readonly replies: ReadonlyMap<number, ValidateFunction>;
}

export interface Traffic {
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly reply: unknown;
}

export interface Description {
  /** What in these calls contradicts the provider's description; calls that it does not describe are let pass. */
  complaints(traffic: readonly Traffic[]): readonly string[];
  /** Paths among these that it describes. */
  described(paths: readonly string[]): readonly string[];
}

/** Undefined when the files are not at hand. */
export function loadDescription(): Description | undefined {
  if (!files.every((file) => existsSync(new URL(file, folder)))) return undefined;
  const operations = files.flatMap(readOperations);
  return {
    complaints: (traffic) => traffic.flatMap((call) => operations.flatMap((operation) => complain(operation, call))),
    described: (paths) => paths.filter((path) => operations.some((operation) => operation.path.test(path))),
  };
}

function complain({ path, request, replies }: Described, call: Traffic): readonly string[] {
  if (!path.test(call.path)) return [];
  const reply = replies.get(call.status);
  const checks = [
    ['request', request, withOldWord(call.request)],
    ...(reply === undefined ? [] : [['reply', reply, call.reply] as const]),
  ] as const;
  return checks.flatMap(([what, validate, value]) =>
    validate(value) ? [] : [`${call.path} ${what}: ${JSON.stringify(validate.errors)}`],
  );
}

/** The two known contradictions: `women` for the servers' `female`, and no null, which is the word for a random seed. */
function withOldWord(request: unknown): unknown {
  if (typeof request !== 'object' || request === null) return request;
  const { seed, ...rest } = request as Record<string, unknown>;
  const word = rest['training_type'] === 'female' ? { training_type: 'women' } : {};
  return { ...rest, ...word, ...(seed !== null && seed !== undefined && { seed }) };
}

function readOperations(file: string): readonly Described[] {
  const document = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Document;
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, file);
  const compile = (pointer: string) => ajv.compile({ $ref: `${file}#${pointer}` });
  return Object.entries(document.paths).flatMap(([template, { post }]) => {
    if (post === undefined) return [];
    const at = `/paths/${template.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/post`;
    const server = (post.servers ?? document.servers)[0]!.url;
    const replies = Object.entries(post.responses).map(([status, response]) => {
      const pointer = response.$ref?.slice(1) ?? `${at}/responses/${status}`;
      return [Number(status), compile(`${pointer}/content/application~1json/schema`)] as const;
    });
    return {
      path: new RegExp(`^${new URL(server).pathname}${template.replace(/\{\w+\}/g, '[^/]+')}$`),
      request: compile(`${at}/requestBody/content/application~1json/schema`),
      replies: new Map(replies),
    };
  });
}
