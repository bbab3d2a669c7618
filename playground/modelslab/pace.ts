import type { Clock } from './clock.ts';

/** A time that may run faster than its clock. */
export interface Pace extends Clock {
  /** Holds at once, for those who sleep as well. */
  setSpeed(speed: number): void;
  /** How long so much of this time takes by the clock, at the present speed. */
  lengthOf(ms: number): number;
}

export function createPace(clock: Clock): Pace {
  let speed = 1;
  let changedAt = clock.now();
  let passed = changedAt;
  let changing = new AbortController();
  const now = () => passed + (clock.now() - changedAt) * speed;

  return {
    now,
    async sleep(ms, signal) {
      const until = now() + ms;
      let isChanged: boolean;
      do {
        const { signal: change } = changing;
        // What is left may be a part of a millisecond, and clocks know whole ones.
        const leftMs = Math.ceil((until - now()) / speed);
        await clock.sleep(leftMs, AbortSignal.any([signal, change]));
        isChanged = change.aborted; // Else the clock says that it is over, even one that does not go on.
      } while (!signal.aborted && isChanged);
    },
    setSpeed(wanted) {
      [passed, changedAt] = [now(), clock.now()];
      speed = wanted;
      changing.abort();
      changing = new AbortController();
    },
    lengthOf: (ms) => ms / speed,
  };
}
