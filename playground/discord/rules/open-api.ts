import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { correct } from './open-api-overlay.ts';

const bodySchema = z.looseObject({ content: z.record(z.string(), z.unknown()).optional() });
const description = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
const operation = z.looseObject({ requestBody: bodySchema.optional() });

type OpenApi = z.infer<typeof description>;

/**
 * Checks JSON bodies against Discord's own description. A route's schema is compiled when it is first met, because all of them take
 * a second. Routes that the description does not know, or that have no body, pass.
 */
export function createBodyCheck(path: string): (method: string, route: string, json: unknown) => Problem[] {
  const api = description.parse(JSON.parse(readFileSync(path, 'utf8')));
  correct(api.components.schemas);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  // Its types say otherwise, but the CommonJS module is the function itself.
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  for (const format of ['snowflake', 'nonce']) ajv.addFormat(format, true);
  ajv.addSchema(api, 'discord');
  const pointers = bodyPointers(api);
  const compiled = new Map<string, ValidateFunction>();

  return (method, route, json) => {
    const pointer = pointers.get(`${method} ${shapeOf(route)}`);
    if (pointer === undefined) return [];
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `discord#${pointer}` });
    compiled.set(pointer, validate);
    return validate(json) ? [] : telling(validate.errors ?? []).map(toProblem);
  };
}

/** Where in the description the body of each route is, by method and shape of path. */
function bodyPointers({ paths }: OpenApi): Map<string, string> {
  const pointers = new Map<string, string>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, value] of Object.entries(operations)) {
      const found = operation.safeParse(value);
      if (!found.data?.requestBody?.content?.['application/json']) continue;
      const keys = ['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'];
      pointers.set(`${method.toUpperCase()} ${shapeOf(path)}`, keys.map(escapeKey).join(''));
    }
  }
  return pointers;
}

function escapeKey(key: string): string {
  return `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
}

/** `/channels/:channel` and `/channels/{channel_id}` are one. */
function shapeOf(path: string): string {
  return path.replaceAll(/:\w+|\{\w+\}/g, '*');
}

/** Where a value fits none of several shapes, the errors furthest inside belong to the shape that was meant. */
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  const real = errors.filter(({ keyword }) => !['oneOf', 'anyOf', 'if', '$ref'].includes(keyword));
  const depth = (error: ErrorObject) => error.instancePath.split('/').length;
  const deepest = Math.max(0, ...real.map(depth));
  return real.filter((error) => depth(error) === deepest).slice(0, 8);
}

function toProblem({ instancePath, message, params }: ErrorObject): Problem {
  const path = instancePath.split('/').slice(1);
  return { path, code: 'BASE_TYPE_INVALID', message: `${message ?? 'is invalid'} ${JSON.stringify(params)}` };
}
