import { fillers, truncate, visible } from '../../lib/text.ts';

const longestShown = 100;
/** Kept, as it says more than the middle of a long name. */
const ending = /\.[\p{L}\p{N}]{1,10}$/u;
const nameless = 'a file without a name';

/**
 * How a file is called, attached or in an archive: the last part of its path, without what does not show or would turn the
 * text around it. A label for people: nothing is decided by it but whether an attachment is an archive.
 */
export function fileName(given: string): string {
  const last = given.slice(given.lastIndexOf('/') + 1);
  const [end = ''] = ending.exec(last) ?? [];
  const stem = visible(last.slice(0, last.length - end.length).replaceAll(fillers, ''));
  const isLong = stem.length + end.length > longestShown;
  const name = isLong ? `${truncate(stem, longestShown - end.length - 1).trim()}…${end}` : `${stem}${end}`;
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(name) ? name : nameless;
}
