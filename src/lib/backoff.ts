export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Whole milliseconds. Doubles with each failure in a row (`failures` counts from 1) up to `maxMs`, then adds up to a quarter of jitter. */
export function backoffMs({ baseMs, maxMs }: Backoff, failures: number, random: () => number): number {
  const grown = Math.min(maxMs, baseMs * 2 ** Math.max(0, failures - 1));
  return Math.round(grown * (1 + random() / 4));
}
