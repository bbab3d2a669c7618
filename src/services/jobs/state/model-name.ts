import { codePoints, fillers, onOneLine, truncate, visible } from '../../../lib/text.ts';

/** In code points, as Discord counts. */
export const longestName = 40;

/** Of the keyboards of the world: names begin and end with them too, and what stands for a Hebrew geresh is one. */
const apostrophes = String.raw`'’‘‛＇´`;
/** Punctuation of a single script belongs to its words, as Hebrew's geresh and Tibetan's tsheg do. */
const own = String.raw`[\p{Po}--[\p{Script=Common}\p{Script=Inherited}]]`;
/** What all scripts share is not let in but for these: the rest of it is what mentions, paths and Markdown are made of. */
const inner = String.raw`[${own}${apostrophes}\p{Pd} ._．·•‧⸱・･]`;
/** They choose the shape of a letter, and stay only where `visible` leaves them. */
const joiners = String.raw`\u200d\u200c\u180e`;
const first = String.raw`[${apostrophes}]?[\p{L}\p{N}]`;
const last = String.raw`[${joiners}${own}${apostrophes}\p{L}\p{M}\p{N}]`;
const all = String.raw`[${joiners}${inner}\p{L}\p{M}\p{N}]`;

const nameForm = new RegExp(`^${first}(?:${all}*${last})?$`, 'v');
const heart = new RegExp(`${first}(?:${all}*${last})?`, 'v');
/** With the joiners that held it together, as those of an emoji. */
const unusable = new RegExp(`[^${all}](?:\\ufe0f|[${joiners}])*`, 'gv');

/** Composed, on one line. Invisible characters stay: the member is told of them. */
export function tidyName(name: string): string {
  return onOneLine(name);
}

/** Expects a tidy one. */
export function isName(name: string): boolean {
  return nameForm.test(name) && codePoints(name) <= longestName && !isDeceptive(name);
}

function isDeceptive(name: string): boolean {
  return name.search(fillers) !== -1 || visible(name) !== name;
}

/** What is in the way of a name, and what one may be. */
export function nameRule(name: string): string {
  const rule =
    'A name has 1 to 40 letters, digits, spaces, dots or dashes, and begins and ends with a letter or digit.';
  if (visible(name) === '') return `There is nothing in that name that can be seen. ${rule}`;
  if (isDeceptive(name)) return `There are characters in that name that nobody can see. ${rule}`;
  return rule;
}

/** What of it can be a name. */
export function mendedName(name: string): string {
  const plain = visible(visible(name.replaceAll(fillers, ' ')).replaceAll(unusable, ''));
  const mended = visible(heartOf(cutName(heartOf(plain), longestName)));
  return isName(mended) ? mended : 'model';
}

/** With something behind it, and no longer for that. */
export function withEnding(name: string, ending: string): string {
  return `${heartOf(cutName(name, longestName - codePoints(ending)))}${ending}`;
}

/** From its first letter to its last. */
function heartOf(name: string): string {
  return heart.exec(name)?.[0] ?? '';
}

function cutName(name: string, most: number): string {
  return truncate(name, most, codePoints);
}
