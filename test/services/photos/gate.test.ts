import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createGate } from '../../../src/services/photos/gate.ts';

const never = new AbortController().signal;

describe('createGate', () => {
  it('lets no more through at a time than it has places, in the order in which they came', async () => {
    const gate = createGate(2);
    const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<undefined>());
    const started: number[] = [];
    const work = ends.map(({ promise }, index) =>
      gate(() => {
        started.push(index);
        return promise;
      }, never),
    );
    await turn();
    expect(started).toEqual([0, 1]);
    ends[1]!.resolve(undefined);
    await turn();
    expect(started).toEqual([0, 1, 2]);
    for (const { resolve } of ends) resolve(undefined);
    await Promise.all(work);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('frees the place of work that failed', async () => {
    const gate = createGate(1);
    await expect(gate(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    await expect(gate(() => Promise.resolve('yes'), never)).resolves.toBe('yes');
  });

  it('lets one that waits go when its signal aborts, without losing a place', async () => {
    const gate = createGate(1);
    const first = Promise.withResolvers<undefined>();
    const running = gate(() => first.promise, never);
    const controller = new AbortController();
    const waiting = gate(() => Promise.resolve('never'), controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    first.resolve(undefined);
    await running;
    await expect(gate(() => Promise.resolve('free'), never)).resolves.toBe('free');
  });
});
