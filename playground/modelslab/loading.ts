import type { Training } from './trainings.ts';

/** A model that nobody used for this long is unloaded. */
const idleAfterMs = 7 * 24 * 3_600_000;

/** Whether a finished model can be used; only a reload helps one that is idle. */
export type Load = 'loaded' | 'loading' | 'idle';

export function loadOf({ usedAt = 0, loadedAt = 0 }: Training, now: number): Load {
  if (now < loadedAt) return 'loading';
  return now - usedAt > idleAfterMs ? 'idle' : 'loaded';
}

/** As if nobody had used it for a week. */
export function unload(training: Training, now: number): void {
  training.usedAt = now - idleAfterMs - 1;
}

export function reload(training: Training, now: number, takesMs: number): void {
  training.usedAt = now;
  training.loadedAt = now + takesMs;
}
