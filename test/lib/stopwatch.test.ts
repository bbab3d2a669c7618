import { expect, it } from 'vitest';
import { createStopwatch, stopwatch } from '../../src/lib/stopwatch.ts';

it('counts by the clock that counts most: one stands still while the machine sleeps, another is set back', () => {
  const time = { set: 5000, still: 10, sleeping: 700 };
  const begin = createStopwatch([() => time.set, () => time.still, () => time.sleeping]);
  const passed = begin();
  expect(passed()).toBe(0);
  time.set -= 3000;
  time.still += 1;
  time.sleeping += 60_000;
  expect(passed()).toBe(60_000);
});

it('goes on by the machine’s own clocks', () => {
  expect(stopwatch()()).toBeGreaterThanOrEqual(0);
});
