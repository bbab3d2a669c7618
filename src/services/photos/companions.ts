import { avif, heic, video } from './format.ts';

/** Said of all of them at once: they were not attached on purpose, so nothing is asked of the member. */
export const companion = 'no photos, but what phones and programs put beside them, so nothing is missing';

/** What computers and disks add by themselves. A hidden file belongs to a program. */
const system =
  /(?:^|\/)(?:(?:__MACOSX|@eaDir|\$RECYCLE\.BIN|System Volume Information)(?:\/|$)|\.[^./]|(?:thumbs\.db|desktop\.ini|icon\r|readme|licen[cs]e|checksums|(?:md5|sha\d+)sums)$)/i;

/** Captions, details, edits, sums and sizes: what galleries, cameras and tools for training write. */
const details =
  /\.(?:json|jsonl|ndjson|txt|caption|tags|csv|tsv|xml|xmp|aae|ya?ml|toml|ini|info|html?|md|log|lock|npz|npy|pt|pth|pkl|pickle|safetensors|parquet|arrow|db|md5|sha\d+|sfv|thm|ctg|srt|gpx|dop|pp3|on1|url|lnk)(?:\.gz)?$/i;

/** Of such a file a picture or a film may be lost, whatever it is called. Other first bytes are words as well: a caption begins with “%PDF”. */
const lost: readonly string[] = [heic, avif, video];

/** Whether an entry that is no picture stands beside pictures by its name. */
export function isCompanion({ path, reason }: LeftOutAt): boolean {
  return (system.test(path) || details.test(path)) && !lost.includes(reason);
}

interface LeftOutAt {
  readonly path: string;
  readonly reason: string;
}

/** What says that it is a picture of those that are taken was meant to be one. */
const taken = /\.(?:jpe?g|png|webp)$/i;

/**
 * Tells whether a file is of the same moment as one of these photos: the film that a phone keeps of it, what the camera made it
 * from, a sum of it. They have the same name up to the ending, or one is the other's with an ending more.
 */
export function momentsOf(photos: readonly string[]): (path: string) => boolean {
  const names = new Set(photos.flatMap(namesOf));
  return (path) => !taken.test(path) && namesOf(path).some((name) => names.has(name));
}

function namesOf(path: string): readonly string[] {
  const whole = path.toLowerCase();
  // Phones number the versions of a moment behind the ending.
  const unnumbered = whole.replace(/~\d{1,9}$/, '');
  return [whole, unnumbered, withoutEnding(whole)];
}

function withoutEnding(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path;
}
