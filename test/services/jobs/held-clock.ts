import type { Clock } from '../../../src/lib/clock.ts';
import type { Wake } from '../../../src/services/jobs/wake.ts';
import { noon } from './job-builder.ts';

/** A clock that stands still until the test moves it. */
export interface HeldClock extends Clock {
  /** Moves on, and ends the sleeps that are over by then. */
  pass(ms: number): void;
  /** How many sleep right now. */
  sleeping(): number;
}

export function heldClock(start = noon): HeldClock {
  let time = start;
  const sleepers = new Set<{ readonly until: number; readonly end: () => void }>();
  return {
    now: () => time,
    steady: () => time - start,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        const sleeper = {
          until: time + ms,
          end: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.end, { once: true });
      }),
    pass: (ms) => {
      time += ms;
      for (const { until, end } of [...sleepers]) if (until <= time) end();
    },
    sleeping: () => sleepers.size,
  };
}

/** `Wake` on a held clock, with every sleep written down. */
export function heldWake(clock: Clock): Wake & { readonly naps: number[]; isAsleep(): boolean } {
  const naps: number[] = [];
  let isCalled = false;
  let asleepUntil = -Infinity;
  let nap: AbortController | undefined;
  return {
    naps,
    isAsleep: () => clock.now() < asleepUntil,
    now: () => {
      isCalled = true;
      asleepUntil = -Infinity;
      nap?.abort();
    },
    sleep: async (ms, signal) => {
      naps.push(ms);
      nap = new AbortController();
      if (!isCalled) {
        asleepUntil = clock.now() + ms;
        await clock.sleep(ms, AbortSignal.any([signal, nap.signal]));
        asleepUntil = -Infinity;
      }
      isCalled = false;
    },
  };
}

/** Waits, without sleeping, until something that other promises do has happened. */
export async function until(what: () => unknown): Promise<void> {
  for (let turn = 0; turn < 2000; turn += 1) {
    if (await what()) return;
    await new Promise(setImmediate);
  }
  throw new Error('it did not happen');
}
