/** How a time runs that is `speed` times as fast as the machine's, with which it agreed at `since` (epoch milliseconds). */
export interface Haste {
  readonly speed: number;
  readonly since: number;
}

export const noHaste: Haste = { speed: 1, since: 0 };

/** Epoch milliseconds of that time, when the machine's are `now`. */
export function hastened({ speed, since }: Haste, now: number): number {
  return since + (now - since) * speed;
}
