import type { Clock } from './clock.ts';

/** So much of something in so much time; what is not used does not add up beyond that. */
export interface Rate {
  readonly most: number;
  readonly perMs: number;
}

export interface RateLimiter {
  /** Takes `amount` for `key`: 0, or the milliseconds after which it can be had, and then nothing was taken. */
  take(key: string, amount?: number): number;
  /** Takes what turned out to be needed, whether there is so much or not. */
  spend(key: string, amount: number): void;
  /** How much of what was taken is not given back yet. */
  used(key: string): number;
}

/** A flood under ever other keys must not fill the memory. */
const keysBeforeTidying = 10_000;

/**
 * In memory, so that a refused request costs nothing. Kept as one time for each key: the one at which all that was
 * taken is given back. More than `most` at once is granted to who has taken nothing: it is waited for afterwards.
 */
export function createRateLimiter({ most, perMs }: Rate, clock: Pick<Clock, 'steady'>): RateLimiter {
  const givenBackAt = new Map<string, number>();

  const tidy = (now: number) => {
    for (const [key, at] of givenBackAt) if (at <= now) givenBackAt.delete(key);
  };

  const owed = (key: string, now: number) => Math.max(0, (givenBackAt.get(key) ?? now) - now);

  return {
    spend: (key, amount) => {
      const now = clock.steady();
      if (givenBackAt.size >= keysBeforeTidying) tidy(now);
      givenBackAt.set(key, now + owed(key, now) + (amount * perMs) / most);
    },
    used: (key) => (owed(key, clock.steady()) * most) / perMs,
    take: (key, amount = 1) => {
      const now = clock.steady();
      if (givenBackAt.size >= keysBeforeTidying) tidy(now);
      const before = owed(key, now);
      const after = before + (amount * perMs) / most;
      // Sums of fractions have a tail: what is less than a whole millisecond is no reason to wait.
      const waitMs = Math.floor(Math.min(after - perMs, before));
      if (waitMs > 0) return waitMs;
      givenBackAt.set(key, now + after);
      return 0;
    },
  };
}
