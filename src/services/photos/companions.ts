/** Said of all of them at once: nobody attached them on purpose, so nothing is asked of anybody. */
export const companion = 'no photos, but what phones and programs put beside them, so nothing is missing';

/** What computers add by themselves. A hidden file belongs to a program. */
const system = /(?:^|\/)(?:__MACOSX(?:\/|$)|\.[^./]|(?:thumbs\.db|desktop\.ini|icon\r)$)/i;

/** Captions, details, edits and sizes: what galleries, cameras and tools for training write. */
const details =
  /\.(?:json|jsonl|ndjson|txt|caption|tags|csv|tsv|xml|xmp|aae|ya?ml|toml|ini|html?|md|log|npz|npy|pt|safetensors|parquet|db|thm|dop|pp3|on1|url|lnk)$/i;

/** Whether a file that is no picture by its content stands beside pictures by its name. */
export function isCompanion(path: string): boolean {
  return system.test(path) || details.test(path);
}

/** What a photo and the film that a phone keeps of the same moment have in common. */
export function momentOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return (dot > path.lastIndexOf('/') ? path.slice(0, dot) : path).toLowerCase();
}
