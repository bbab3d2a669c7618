import { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';

/*
 * What the provider's answers are made of. It writes numbers where its documents say strings and the other way round,
 * and texts alone, in lists, or by field.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).trim());

/** Empty, null, absent, or of a type that makes no word: all the same to us. */
export const word = scalar
  .pipe(z.string().min(1))
  .optional()
  .catch(() => undefined);

/** Opaque, but it becomes part of a path: no spaces, and never `.` or `..`. */
const idForm = /^(?!\.+$)[^\s\p{C}]{1,200}$/u;
export const id = scalar.pipe(z.string().regex(idForm)).transform((text) => text as TrainingId);
export const optionalId = id.optional().catch(() => undefined);

/** As `optionalId`, for tens of thousands of them, with which a schema takes a hundred times as long. */
export function findId(value: unknown): TrainingId | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return idForm.test(text) ? (text as TrainingId) : undefined;
}

export const link = z.url({ protocol: /^https?$/ });

export const amount = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(Number);

/** `"text"`, `["text", …]` or `{field: ["text", …]}`. */
export function sentences(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentences) : [];
}

/** For a value that may stand in one of several fields: the answer is of unknown shape when it stands in none. */
export function present<T>(value: T | undefined, name: string, context: z.RefinementCtx): T {
  if (value === undefined) context.addIssue({ code: 'custom', message: 'absent', path: [name] });
  return value ?? z.NEVER;
}
