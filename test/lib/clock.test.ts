import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';

describe('the system’s clock', () => {
  it('tells epoch milliseconds', () => {
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    expect(systemClock.now()).toBeLessThanOrEqual(Date.now());
  });

  it('sleeps for the time that was asked for', async () => {
    const before = performance.now();
    await systemClock.sleep(20, new AbortController().signal);
    expect(performance.now() - before).toBeGreaterThanOrEqual(18);
  });

  it('sleeps also for longer than a timer of Node’s can', async () => {
    const stopping = new AbortController();
    let isAwake = false;
    const asleep = systemClock.sleep(1e13, stopping.signal).then(() => (isAwake = true));
    await systemClock.sleep(20, new AbortController().signal);
    expect(isAwake).toBe(false);
    stopping.abort();
    await asleep;
  });

  it('wakes at once, without an error, when the signal aborts or has aborted', async () => {
    const stopping = new AbortController();
    const asleep = systemClock.sleep(60_000, stopping.signal);
    stopping.abort();
    await expect(asleep).resolves.toBeUndefined();
    await expect(systemClock.sleep(60_000, stopping.signal)).resolves.toBeUndefined();
  });
});
