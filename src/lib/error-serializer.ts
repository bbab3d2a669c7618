import { truncate } from './text.ts';

/**
 * The only fields of an error that are logged. Libraries hang requests, answers and bodies on theirs, with keys and
 * people's texts in them, so what is not named here stays out.
 */
const loggedFields = [
  'code',
  'errcode',
  'status',
  'statusCode',
  'kind',
  'reason',
  'said',
  'method',
  'path',
  'url',
] as const;

const longestCauseChain = 5;
const longestTextLength = 2_000;
const longestStackLength = 6_000;

export type SerializedError = Readonly<Record<string, unknown>>;

/** An error as it may be logged; anything else as it is. */
export function serializeError(thrown: unknown): unknown {
  return thrown instanceof Error ? describe(thrown, longestCauseChain) : thrown;
}

function describe(error: Error, depth: number): SerializedError {
  return {
    type: error.name,
    message: truncate(error.message, longestTextLength),
    ...fieldsOf(error),
    stack: error.stack === undefined ? undefined : truncate(error.stack, longestStackLength),
    ...(error.cause !== undefined && { cause: describeCause(error.cause, depth - 1) }),
    ...(error instanceof AggregateError && { errors: error.errors.map((one) => describeCause(one, depth - 1)) }),
  };
}

function describeCause(cause: unknown, depth: number): unknown {
  if (depth === 0) return '…';
  return cause instanceof Error ? describe(cause, depth) : truncate(String(cause), longestTextLength);
}

function fieldsOf(error: Error): Record<string, string | number> {
  const fields: Record<string, string | number> = {};
  for (const name of loggedFields) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'number') fields[name] = value;
    if (typeof value === 'string') fields[name] = truncate(withoutQuery(name, value), longestTextLength);
  }
  return fields;
}

/** A query may hold the signature that makes an attachment's link work. */
function withoutQuery(name: string, value: string): string {
  return name === 'url' || name === 'path' ? value.replace(/[?#].*$/s, '') : value;
}
