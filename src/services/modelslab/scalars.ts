import { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';

/*
 * What the provider's answers are made of. It writes numbers where its documents say strings and the other way round,
 * and texts alone, in lists, or by field.
 */

/*
 * Nothing of it is looked at for longer than this, by whatever pattern: an answer may be a million characters of one word.
 * What is shown is cut much shorter, after what may not be shown has been taken out.
 */
const longestWord = 2_000;
const longestLink = 4_000;
const longestLog = 60_000;
const mostTexts = 200;
const deepest = 8;

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).trim());
const cutScalar = scalar.transform((text) => text.slice(0, longestWord));

/** Empty, null, absent, or of a type that makes no word: all the same to us. */
export const word = cutScalar
  .pipe(z.string().min(1))
  .optional()
  .catch(() => undefined);

/** Opaque, but it becomes part of a path: no spaces, and never `.` or `..`. */
const idForm = /^(?!\.+$)[^\s\p{C}]{1,200}$/u;

/** What stands in a field that holds nothing. */
export function saysNothing(text: string): boolean {
  return /^(?:|null|none|undefined|false|nan|0|-|-\d+)$/i.test(text);
}

/** Not a number that JSON could only round: it would name something else. */
export function findId(value: unknown): TrainingId | undefined {
  if (typeof value !== 'string' && !Number.isSafeInteger(value)) return undefined;
  const text = String(value).trim();
  return idForm.test(text) && !saysNothing(text) && text !== 'true' ? (text as TrainingId) : undefined;
}

/** A model in the list is an id, or an object with one. */
export function idIn(model: unknown): TrainingId | undefined {
  if (typeof model !== 'object' || model === null) return findId(model);
  const names = ['model_id', 'training_id', 'id'] as const;
  const named: Partial<Record<(typeof names)[number], unknown>> = model;
  return names.map((name) => findId(named[name])).find((found) => found !== undefined);
}

export const optionalId = z.unknown().optional().transform(findId);
export const id = optionalId.pipe(z.custom<TrainingId>((found) => found !== undefined));

export const link = z
  .string()
  .max(longestLink)
  .pipe(z.url({ protocol: /^https?$/ }));

export const amount = z
  .union([
    z.number(),
    z
      .string()
      .max(40)
      .regex(/^-?\d+(\.\d+)?$/),
  ])
  .transform(Number);

/** `"text"`, `["text", …]` or `{field: ["text", …]}`: the first ones, each cut. */
export function sentences(value: unknown): readonly string[] {
  return textsIn(value, (all) => all.slice(0, mostTexts)).map((text) => text.slice(0, longestWord));
}

/** The same of a log, of which the end is kept: how it went. */
export function logTexts(value: unknown): readonly string[] {
  return textsIn(value, (all) => all.slice(-mostTexts)).map((text) => text.slice(-longestLog));
}

type Some = <T>(all: readonly T[]) => readonly T[];

function textsIn(value: unknown, some: Some, depth = 0): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (typeof value !== 'object' || value === null || depth === deepest) return [];
  return some(some(Object.values(value)).flatMap((part) => textsIn(part, some, depth + 1)));
}

/** For a value that may stand in one of several fields: the answer is of unknown shape when it stands in none. */
export function present<T>(value: T | undefined, name: string, context: z.RefinementCtx): T {
  if (value === undefined) context.addIssue({ code: 'custom', message: 'absent', path: [name] });
  return value ?? z.NEVER;
}
