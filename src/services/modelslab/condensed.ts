import { parseJson } from './envelope.ts';
import { idIn } from './scalars.ts';

/*
 * The provider's lists carry much that is never used here, such as descriptions and links. Of a long one only what is
 * used goes on to `judge`.
 */

/** What the entries of a list are. */
export type Listed = 'trainings' | 'base-models';

/** A list of more proves nothing: it could not be compared and stored in a moment. */
const mostTrainings = 40_000;
const mostBaseModels = 15_000;
/** Of a name, what anybody reads. */
const longestName = 100;
/** Several times those of the longest list. More would take more memory than the whole bot. */
const mostParts = 2_000_000;
/** Both for the list, and for what stands beside it. */
const longestList = 2_000_000;
const longestRest = 100_000;

/**
 * The answer without what is never used, as JSON: empty when it is none, or too long even so. An account's list is never made
 * shorter, and an entry of it that cannot be read stays one. A page stays a page.
 */
export function condensed(text: string, listed: Listed): string {
  const body = parseJson(text, mostParts);
  if (body === undefined) return text.trimStart().startsWith('<') ? '<' : '';
  if (Array.isArray(body))
    return listed === 'base-models' ? within(longestList, body.slice(0, mostBaseModels).map(named)) : '';
  const { data, ...rest } = Object(body) as { readonly data?: unknown };
  if (within(longestRest, rest) === '') return '';
  return within(longestList, { ...rest, data: Array.isArray(data) ? idsIn(data) : undefined });
}

function within(longest: number, body: unknown): string {
  const text = JSON.stringify(body);
  return text.length > longest ? '' : text;
}

function idsIn(data: readonly unknown[]): readonly unknown[] | undefined {
  const ids = new Set(data.map((entry) => idIn(entry) ?? null));
  return ids.size > mostTrainings ? undefined : [...ids];
}

function named(entry: unknown): unknown {
  const { model_id, model_name } = Object(entry) as { readonly model_id?: unknown; readonly model_name?: unknown };
  return {
    model_id: idIn(model_id),
    model_name: typeof model_name === 'string' ? model_name.slice(0, longestName) : undefined,
  };
}
