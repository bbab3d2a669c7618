import { uptime } from 'node:os';

/** Starts to count. What it gives says how many milliseconds have passed since, at the most. */
export type Stopwatch = () => () => number;

/** The first can be set, the second stands still while the machine sleeps, the third has steps of a second on some systems. */
const clocks = [() => Date.now(), () => performance.now(), () => uptime() * 1000] as const;

/** By whichever clock counted most: for what must not be done too late, though it may be left undone too early. */
export const stopwatch: Stopwatch = createStopwatch(clocks);

export function createStopwatch(of: readonly (() => number)[]): Stopwatch {
  return () => {
    const begun = of.map((read) => ({ read, at: read() }));
    return () => Math.max(...begun.map(({ read, at }) => read() - at));
  };
}
