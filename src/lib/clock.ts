import { setTimeout as sleep } from 'node:timers/promises';

/** The only source of time, so that tests can hold it still. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds since an arbitrary moment, on a clock that cannot be set: for waits that are kept in memory alone. */
  steady(): number;
  /** Resolves after `ms`, 24 days at the most, or at once when `signal` aborts: it never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Node takes a longer one for no time at all. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(Math.min(ms, longestTimerMs), undefined, { signal }).catch(() => undefined);
  },
};
