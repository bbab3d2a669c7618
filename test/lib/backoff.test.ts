import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/lib/backoff.ts';

const backoff = { baseMs: 1000, maxMs: 10_000 };
const none = () => 0;

describe('backoffMs', () => {
  it('doubles with each failure in a row, up to the most', () => {
    expect([1, 2, 3, 4, 5, 6].map((failures) => backoffMs(backoff, failures, none))).toEqual([
      1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
  });

  it('waits the shortest time when nothing has failed', () => {
    expect(backoffMs(backoff, 0, none)).toBe(1000);
    expect(backoffMs(backoff, -1, none)).toBe(1000);
  });

  it('stays at the most after so many failures that doubling would leave the numbers', () => {
    expect(backoffMs(backoff, 5000, none)).toBe(10_000);
  });

  it('adds up to a quarter, so that those who failed together do not come back together', () => {
    expect(backoffMs(backoff, 1, () => 0.5)).toBe(1125);
    expect(backoffMs(backoff, 9, () => 0.999_999)).toBeLessThanOrEqual(12_500);
  });

  it('gives whole milliseconds, as the database wants them', () => {
    expect(backoffMs({ baseMs: 333.3, maxMs: 9999.9 }, 2, () => 0.123)).toSatisfy(Number.isInteger);
  });
});
