/*
 * Texts that somebody else wrote, cut and cleaned. What is seen as one letter may be several code points, and a code point
 * may be two units of a string: half of one is no text, and a server that checks refuses all that it stands in.
 */

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Units of UTF-16: never fewer than Discord counts, which counts code points. */
const units = (text: string): number => text.length;

export function codePoints(text: string): number {
  return Array.from(text).length;
}

/** Its beginning, in whole letters. Always well-formed. */
export function truncate(text: string, most: number, lengthOf: (text: string) => number = units): string {
  if (lengthOf(text) <= most) return text.toWellFormed();
  // Twice as many units as code points at most; what goes on behind decides whether the last letter is whole.
  const begin = text.slice(0, 2 * most + 100);
  const whole = firstOf(letters.segment(begin), most, lengthOf);
  // A single letter may be made as long as one likes, of marks.
  return (whole === '' ? firstOf(Array.from(begin, asSegment), most, lengthOf) : whole).toWellFormed();
}

function firstOf(
  segments: Iterable<{ readonly segment: string }>,
  most: number,
  lengthOf: (text: string) => number,
): string {
  let kept = '';
  let length = 0;
  for (const { segment } of segments) {
    length += lengthOf(segment);
    if (length > most) break;
    kept += segment;
  }
  return kept;
}

function asSegment(segment: string): { readonly segment: string } {
  return { segment };
}

/** Its end, in whole code points: what was cut off may have been the beginning of its first letter. */
export function lastOf(text: string, most: number): string {
  const end = text.slice(-most);
  return (end.length < text.length ? end.replace(/^[\udc00-\udfff]/, '') : end).toWellFormed();
}

/** With an ellipsis where something is left out. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text.toWellFormed() : `${truncate(text, most - 1).trimEnd()}…`;
}

/** Letters that show nothing: fillers of Hangul, and Braille without a dot. */
export const fillers = /[\u115f\u1160\u2800\u3164\uffa0]/g;

/**
 * Joiners and selectors choose among the shapes of what they stand beside, in the scripts that have some, and in emojis.
 * Between letters of Latin they are only there to make two names of one. At the end of a word they choose too: behind a
 * virama, as of Malayalam's chillus, and behind a letter of Arabic.
 */
const shaped = String.raw`[[\p{L}\p{M}\p{S}]--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Default_Ignorable_Code_Point}]]`;
const virama = String.raw`\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2`;
const between = String.raw`(?<=${shaped}|\ufe0f)[\u200c\u200d](?=[\p{L}\p{M}\p{S}])`;
const behind = String.raw`(?<=[${virama}\p{Script=Arabic}])[\u200c\u200d]`;
const mongolian = String.raw`(?<=\p{Script=Mongolian})\u180e(?=\p{Script=Mongolian})`;
const selector = String.raw`(?<=${shaped})[\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`;
const unseen = String.raw`[[\p{C}\p{Default_Ignorable_Code_Point}]--[\u115f\u1160\u3164\uffa0]]`;
const shapingOrUnseen = new RegExp(`(${between}|${behind}|${mongolian}|${selector})|${unseen}`, 'gv');

/** Names are shorter. Composing takes time by the square of the marks that stand behind each other: 57 s for 200 000. */
const longestCleaned = 500;

/** Composed, and without blanks around it. What is too long for any name is cut. */
export function onOneLine(text: string): string {
  return truncate(text, longestCleaned)
    .replaceAll(/[\s--\ufeff]+/gv, ' ')
    .normalize('NFC')
    .trim();
}

/**
 * On one line, and without what does not show or turns the text around it: controls, directions, zero widths. Fillers stay,
 * as a name that has them was meant to deceive; see `fillers`.
 */
export function visible(text: string): string {
  return onOneLine(onOneLine(text).replaceAll(shapingOrUnseen, (_, kept: string | undefined) => kept ?? ''));
}

/**
 * The text without any of these characters at its end. A pattern such as `/x+$/` would do the same, and begin anew at every
 * place of a long row of them that something else follows.
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
