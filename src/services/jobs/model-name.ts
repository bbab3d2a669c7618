import { codePoints, cut, fillers, visible } from '../../lib/text.ts';

/** In code points, as Discord counts. */
export const longestName = 40;

/**
 * Letters and digits of every script with their marks and joiners, and what stands between them in names: spaces, dots,
 * dashes, apostrophes and their kin.
 */
const nameForm = /^[\p{L}\p{N}](?:[\u200d\u200c\p{L}\p{M}\p{N} ._\-‐'’·‧・゠־׳״་]*[\p{L}\p{M}\p{N}])?$/u;
const unusable = /[^\u200d\u200c\p{L}\p{M}\p{N} ._\-‐'’·‧・゠־׳״་]/gu;

/** Composed, and without what does not show. Fillers stay: whoever types them is told. */
export function tidyName(name: string): string {
  return visible(name);
}

/** Expects a tidy one. */
export function isName(name: string): boolean {
  return nameForm.test(name) && codePoints(name) <= longestName && name.search(fillers) === -1;
}

/** What is in the way of a name, and what one may be. */
export function nameRule(name: string): string {
  const rule =
    'A name has 1 to 40 letters, digits, spaces, dots or dashes, and begins and ends with a letter or digit.';
  if (name === '') return `There is nothing in that name that can be seen. ${rule}`;
  if (name.search(fillers) !== -1) return `There are characters in that name that nobody can see. ${rule}`;
  return rule;
}

/** What of it can be a name. */
export function mendedName(name: string): string {
  const plain = tidyName(name.replaceAll(fillers, ' ')).replaceAll(unusable, '');
  // Tidied again, for joiners that have lost what they joined.
  const mended = inner(cutName(inner(tidyName(plain)), longestName));
  return mended === '' ? 'model' : mended;
}

/** With something behind it, and no longer for that. */
export function withEnding(name: string, ending: string): string {
  return `${inner(cutName(name, longestName - codePoints(ending)))}${ending}`;
}

/** From its first letter to its last. */
function inner(name: string): string {
  const all = Array.from(name);
  const first = all.findIndex((one) => /[\p{L}\p{N}]/u.test(one));
  const last = all.findLastIndex((one) => /[\p{L}\p{M}\p{N}]/u.test(one));
  return first === -1 ? '' : all.slice(first, last + 1).join('');
}

function cutName(name: string, most: number): string {
  return cut(name, most, codePoints);
}
