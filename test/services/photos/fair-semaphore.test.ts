import { describe, expect, it } from 'vitest';
import {
  createFairSemaphore,
  type FairSemaphoreRules,
  type Owner,
} from '../../../src/services/photos/fair-semaphore.ts';

const never = new AbortController().signal;
const by = (guildId: string, memberId: string): Owner => ({ guildId, memberId });
const turn = () => new Promise(setImmediate);

/** Work that ends when the test says so. */
function open(rules: FairSemaphoreRules) {
  const turns = createFairSemaphore(rules);
  const [begun, ends]: [string[], (() => void)[]] = [[], []];
  return {
    begun,
    add: (owner: Owner, count = 1, signal = never) =>
      Array.from({ length: count }, () =>
        turns(
          owner,
          () => {
            begun.push(owner.memberId);
            return new Promise<void>((resolve) => ends.push(resolve));
          },
          signal,
        ),
      ),
    /** Ends what began first. */
    end: async (count = 1) => {
      await turn();
      for (let ended = 0; ended < count; ended += 1) {
        ends.shift()?.();
        await turn();
      }
    },
  };
}

describe('turns', () => {
  it('give a member who comes later the next one, however much another has waiting', async () => {
    const { add, end, begun } = open({ places: 2 });
    void add(by('g', 'flood'), 90);
    void add(by('g', 'late'), 2);
    await turn();
    expect(begun).toEqual(['flood', 'flood']);
    await end(4);
    expect(begun.slice(2)).toEqual(['late', 'flood', 'late', 'flood']);
  });

  it('go round by server, then by member, however many members one server has', async () => {
    const { add, end, begun } = open({ places: 1 });
    for (let member = 1; member <= 50; member += 1) void add(by('crowd', `c${member}`), 3);
    void add(by('small', 'alone'), 3);
    await end(6);
    expect(begun).toEqual(['c1', 'alone', 'c2', 'alone', 'c3', 'alone', 'c4']);
  });

  it('come last for those who used up their share, and still come', async () => {
    const { add, end, begun } = open({ places: 1, isBehind: ({ memberId }) => memberId === 'greedy' });
    void add(by('a', 'first'));
    void add(by('b', 'greedy'), 2);
    void add(by('a', 'second'), 2);
    await end(5);
    expect(begun).toEqual(['first', 'second', 'second', 'greedy', 'greedy']);
  });

  it('keep a place for whoever has nothing inside', async () => {
    const { add, begun } = open({ places: 2, spare: 1 });
    void add(by('g', 'flood'), 9);
    void add(by('g', 'late'), 2);
    await turn();
    expect(begun).toEqual(['flood', 'flood', 'late']);
  });

  it('pass over who gave up, and go on after work that failed', async () => {
    const { add, end, begun } = open({ places: 1 });
    const controller = new AbortController();
    void add(by('g', 'one'));
    const [gone] = add(by('g', 'two'), 1, controller.signal);
    void add(by('g', 'three'));
    controller.abort(new Error('discarded'));
    await expect(gone).rejects.toThrow('discarded');
    await end();
    expect(begun).toEqual(['one', 'three']);
    const turns = createFairSemaphore({ places: 1 });
    await expect(turns(by('g', 'm'), () => Promise.reject(new Error('bad')), never)).rejects.toThrow('bad');
    await expect(turns(by('g', 'm'), () => Promise.resolve('good'), never)).resolves.toBe('good');
  });

  it('keep the order of one member', async () => {
    const seen: number[] = [];
    const turns = createFairSemaphore({ places: 1 });
    await Promise.all([1, 2, 3].map((n) => turns(by('g', 'm'), () => Promise.resolve(void seen.push(n)), never)));
    expect(seen).toEqual([1, 2, 3]);
  });
});
