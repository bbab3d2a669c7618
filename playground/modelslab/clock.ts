import { setTimeout as sleep } from 'node:timers/promises';
import { hastened, type Haste } from '../haste.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts: it never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Timers hold 31 bits; a longer wait would fire at once. */
const longestMs = 2 ** 31 - 1;

export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(Math.min(Math.max(ms, 0), longestMs), undefined, { signal }).catch(() => undefined);
  },
};

/** Goes on like the clock on the wall, but faster. */
export function createHurriedClock(haste: Haste): Clock {
  return {
    now: () => hastened(haste, wallClock.now()),
    sleep: (ms, signal) => wallClock.sleep(ms / haste.speed, signal),
  };
}

export interface HeldClock extends Clock {
  /** Moves the time on and wakes whoever has slept long enough. */
  advance(ms: number): void;
}

/** A clock that stands still until it is told to go on. */
export function createHeldClock(startAt = Date.UTC(2026, 0, 1)): HeldClock {
  let now = startAt;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  function wakeDue(): void {
    const due = [...sleepers].filter(({ until }) => until <= now).sort((a, b) => a.until - b.until);
    for (const { wake } of due) wake();
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal.aborted) {
          resolve();
          return;
        }
        const sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.wake);
      }),
    advance(ms) {
      now += ms;
      wakeDue();
    },
  };
}
