import { expect, it } from 'vitest';
import { utcDay, utcMonth } from '../../src/lib/calendar.ts';

it('knows the day and the month of UTC, whatever the zone of the machine', () => {
  const lastMoment = Date.UTC(2026, 11, 31, 23, 59, 59, 999);
  expect(utcDay(lastMoment)).toEqual({ from: Date.UTC(2026, 11, 31), to: Date.UTC(2027, 0, 1) });
  expect(utcMonth(lastMoment)).toEqual({ from: Date.UTC(2026, 11, 1), to: Date.UTC(2027, 0, 1) });
  expect(utcDay(lastMoment + 1).from).toBe(utcMonth(lastMoment).to);
});
