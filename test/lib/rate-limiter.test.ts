import { beforeEach, expect, it } from 'vitest';
import { createRateLimiter, type RateLimiter } from '../../src/lib/rate-limiter.ts';

let now: number;
let allowance: RateLimiter;
const clock = { steady: () => now };

beforeEach(() => {
  now = 1_000_000;
  allowance = createRateLimiter({ most: 5, perMs: 1000 }, clock);
});

const takeMany = (times: number, key = 'bob') => Array.from({ length: times }, () => allowance.take(key));

it('grants as much as it says, and then says how long to wait for more', () => {
  expect(takeMany(5)).toEqual([0, 0, 0, 0, 0]);
  expect(takeMany(2), 'asking once more does not make it longer').toEqual([200, 200]);
  now += 199;
  expect(allowance.take('bob')).toBe(1);
  now += 1;
  expect(takeMany(2)).toEqual([0, 200]);
});

it('gives all of it back in time, and no more than that', () => {
  takeMany(5);
  now += 1000;
  expect(takeMany(6)).toEqual([0, 0, 0, 0, 0, 200]);
  now += 60_000;
  expect(takeMany(6)).toEqual([0, 0, 0, 0, 0, 200]);
});

it('keeps one from another', () => {
  takeMany(5);
  expect(allowance.take('carol')).toBe(0);
});

it('grants more than all of it to who has taken nothing, and has them wait for it afterwards', () => {
  expect(allowance.take('bob', 10)).toBe(0);
  expect(allowance.take('bob')).toBe(1200);
  now += 1200;
  expect(allowance.take('bob')).toBe(0);
  expect(allowance.take('bob', 10), 'until nothing is owed').toBe(1000);
});
