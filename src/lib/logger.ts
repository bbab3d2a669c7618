import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { serializeError } from './error-serializer.ts';
import type { Redaction } from './redaction.ts';

/** What services log with: fields, then a lower-case sentence. */
export interface Log {
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** A level of pino's, or `silent`. */
  readonly level: string;
  /** Standard output when absent. */
  readonly destination?: DestinationStream;
  readonly secrets: Pick<Redaction, 'scrub'>;
}

/**
 * One JSON object a line. Secrets are taken out of the finished line, because pino's `redact` only knows paths: a key
 * in a message, in an error's text or in a URL passes it by.
 */
export function createLogger({ level, destination, secrets }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: serializeError },
      formatters: { level: (label) => ({ level: label }), log: (fields) => describeErrorsIn(fields) },
      hooks: { streamWrite: (line) => secrets.scrub(line) },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

const deepestSearch = 4;

/**
 * Errors are errors wherever they stand: pino would print the own fields of those that are not `err`, bodies too.
 * And bytes are photos or bodies: their number is enough.
 */
function describeErrorsIn(fields: Record<string, unknown>, depth = deepestSearch): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, describeWithin(value, depth)]));
}

function describeWithin(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((one) => describeWithin(one, depth - 1));
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return isPlain(value) ? describeErrorsIn(value, depth - 1) : serializeError(value);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
