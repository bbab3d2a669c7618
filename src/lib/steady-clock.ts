import { systemClock, type Clock } from './clock.ts';

/** Goes on evenly when the system's clock is set, until it is told to go by it again. */
export interface SteadyClock extends Clock {
  /** How far the system's clock was set forward (below 0: back), or the machine slept, since this one last followed. */
  jumpedMs(): number;
  /** Follows the system's clock by this much of the way; below 0 takes that back. */
  follow(ms: number): void;
}

export interface SteadyClockDeps {
  /** Epoch milliseconds, as the system has them. */
  readonly wall: Clock['now'];
  readonly steady: Clock['steady'];
}

/** Smaller steps are followed at once: nothing here depends on two seconds. */
const smallestJumpMs = 2_000;

/**
 * Compares the system's clock, whenever it is read, with one that cannot be set: no time from after a jump is ever told before
 * what was stored by the time from before has been moved along.
 */
export function createSteadyClock({
  wall = () => systemClock.now(),
  steady = () => systemClock.steady(),
}: Partial<SteadyClockDeps> = {}): SteadyClock {
  const read = () => ({ wall: wall(), steady: steady() });
  let last = read();
  let aheadMs = 0;
  const look = () => {
    const now = read();
    const jumped = now.wall - last.wall - (now.steady - last.steady);
    if (Math.abs(jumped) >= smallestJumpMs) aheadMs += Math.round(jumped);
    last = now;
    return now.wall;
  };
  return {
    now: () => look() - aheadMs,
    steady,
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    jumpedMs: () => {
      look();
      return aheadMs;
    },
    follow: (ms) => {
      aheadMs -= ms;
    },
  };
}
