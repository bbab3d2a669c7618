import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { refuseInvalid } from '../errors.ts';

/** Reads a body by its schema, or refuses it as Discord does (50035). */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown, at: readonly PropertyKey[] = []): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  refuseInvalid(result.error.issues.map((issue) => toProblem(issue, at)));
  throw new Error('Cannot parse a body: zod refused it without an issue', { cause: result.error });
}

function toProblem(issue: z.core.$ZodIssue, at: readonly PropertyKey[]): Problem {
  return { path: [...at, ...issue.path], code: codeOf(issue), message: issue.message };
}

function codeOf(issue: z.core.$ZodIssue): string {
  const isText = 'origin' in issue && issue.origin === 'string';
  if (issue.code === 'too_big') return isText ? 'BASE_TYPE_MAX_LENGTH' : 'BASE_TYPE_BAD_LENGTH';
  if (issue.code === 'too_small') return isText ? 'BASE_TYPE_MIN_LENGTH' : 'BASE_TYPE_BAD_LENGTH';
  return 'BASE_TYPE_INVALID';
}
