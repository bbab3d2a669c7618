import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** The provider's own descriptions, which are not part of this repository. */
const folder = new URL('../../../../shared/provider/', import.meta.url);
const files = ['openapi-training.json', 'openapi-general.json', 'openapi-text2img.json'];

/** Where a call is described under another path than the one that the servers know. */
const otherNames: readonly (readonly [RegExp, string])[] = [
  [/\/cancle_training\//, '/cancel_training/'],
  [/\/v6\/images\/fetch\/.+/, '/v6/images/fetch'],
  [/\/v4\/dreambooth\/model_reload$/, '/v6/images/model_reload'],
];

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
  readonly name: string;
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

export interface Complaint {
  /** `/finetune_list reply`. */
  readonly where: string;
  readonly what: string;
}

export interface Description {
  /** What in these calls contradicts the provider's description; calls that it does not describe are let pass. */
  complaints(traffic: readonly Traffic[]): readonly Complaint[];
  /** The described calls among these, by their paths in the description. */
  described(traffic: readonly Traffic[]): ReadonlySet<string>;
}

/** Undefined when the files are not at hand. */
export function loadDescription(): Description | undefined {
  if (!files.every((file) => existsSync(new URL(file, folder)))) return undefined;
  const operations = files.flatMap(readOperations);
  const describing = ({ path }: Traffic) => operations.filter((operation) => operation.path.test(describedPath(path)));
  return {
    complaints: (traffic) =>
      traffic.flatMap((call) => describing(call).flatMap((operation) => complain(operation, call))),
    described: (traffic) => new Set(traffic.flatMap(describing).map(({ name }) => name)),
  };
}

function describedPath(path: string): string {
  return otherNames.reduce((name, [known, described]) => name.replace(known, described), path);
}

function complain({ name, request, replies }: Described, call: Traffic): readonly Complaint[] {
  const reply = replies.get(call.status);
  const checks = [
    ['request', request, asDescribed(call.request)],
    ...(reply === undefined ? [] : [['reply', reply, asDescribed(call.reply)] as const]),
  ] as const;
  return checks.flatMap(([side, validate, value]) =>
    validate(value) ? [] : [{ where: `${name} ${side}`, what: JSON.stringify(validate.errors) }],
  );
}

/**
 * The three known contradictions, put right: `women` for what the servers call `female`, null for a random seed, and
 * errors about fields, which are objects.
 */
function asDescribed(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const entries = Object.entries(body).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'training_type' && value === 'female') return [[name, 'women']];
    if (name === 'seed' && value === null) return [];
    const isAboutFields = /^mess[ae]ge$/.test(name) && typeof value === 'object' && value !== null;
    return [[name, isAboutFields ? JSON.stringify(value) : value]];
  });
  return Object.fromEntries(entries) as unknown;
}

function readOperations(file: string): readonly Described[] {
  const document = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
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
      name: template,
      path: new RegExp(`^${new URL(server).pathname}${template.replace(/\{\w+\}/g, '[^/]+')}$`),
      request: compile(`${at}/requestBody/content/application~1json/schema`),
      replies: new Map(replies),
    };
  });
}
