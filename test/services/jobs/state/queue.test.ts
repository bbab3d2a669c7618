import { describe, expect, it } from 'vitest';
import type { MemberId } from '../../../../src/lib/ids.ts';
import { queueOrder, type QueuedOrder } from '../../../../src/services/jobs/state/queue.ts';
import { jobId, noon } from '../job-builder.ts';

const member = (name: string) => name as MemberId;

/** `a1 a2 b1`: members and their orders, started one second after the other. */
function waiting(names: string): QueuedOrder[] {
  return names
    .split(' ')
    .filter((name) => name !== '')
    .map((name, index) => ({ id: jobId(name), ownerId: member(name[0]!), startedAt: noon + index * 1000 }));
}

const inFlight = (names: string) => names.split(' ').filter(Boolean).map(member);

describe('the line', () => {
  it.each([
    ['goes by the time of Start for orders of different members', 'a1 b1 c1', '', 'a1 b1 c1'],
    ['keeps the orders of one member as they were started', 'a1 a2 a3', 'a a', 'a1 a2 a3'],
    ['puts nobody’s first order behind somebody’s second', 'a1 a2 a3 a4 b1', '', 'a1 b1 a2 a3 a4'],
    ['lets members take turns', 'a1 a2 a3 b1 b2 c1', '', 'a1 b1 c1 a2 b2 a3'],
    ['counts what is at the provider already', 'a1 a2 b1 b2', 'a a', 'b1 b2 a1 a2'],
    ['is empty when nobody waits', '', 'a a', ''],
  ])('%s', (_promise, names, flying, line) => {
    expect(queueOrder(waiting(names), inFlight(flying)).join(' ')).toBe(line);
  });

  it('goes by the id when two were started in the same millisecond, so that every process sees the same line', () => {
    const [one, two] = [
      { id: jobId('x'), ownerId: member('a'), startedAt: noon },
      { id: jobId('y'), ownerId: member('b'), startedAt: noon },
    ];
    expect(queueOrder([two, one], [])).toEqual(['x', 'y']);
    expect(queueOrder([one, two], [])).toEqual(['x', 'y']);
  });

  it('shows a first order of anybody in front of the rest of twenty', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => `a${index}`).join(' ');
    expect(queueOrder(waiting(`${twenty} b1`), inFlight('a a a a a'))[0]).toBe('b1');
  });
});

/** The same numbers for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function someLine(random: (below: number) => number) {
  const members = 'abcde'.slice(0, 1 + random(5));
  const one = () => member(members[random(members.length)]!);
  const orders = Array.from({ length: random(30) }, (_, index) => ({
    id: jobId(`job${index}`),
    ownerId: one(),
    startedAt: noon + random(10),
  }));
  return { orders, flying: Array.from({ length: random(15) }, one) };
}

/** As the promise reads: again and again the member with the fewest, and of these who started first. */
function chooseOneByOne(orders: readonly QueuedOrder[], flying: readonly MemberId[]): readonly string[] {
  const [left, taken, line] = [[...orders], [...flying], [] as string[]];
  const has = (ownerId: MemberId) => taken.filter((one) => one === ownerId).length;
  while (left.length > 0) {
    left.sort((a, b) => has(a.ownerId) - has(b.ownerId) || a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
    const next = left.shift()!;
    taken.push(next.ownerId);
    line.push(next.id);
  }
  return line;
}

describe.each(Array.from({ length: 50 }, (_, seed) => seed))('any line (seed %i)', (seed) => {
  const { orders, flying } = someLine(seeded(seed));

  it('chooses again and again the member who has the fewest', () => {
    expect(queueOrder(orders, flying)).toEqual(chooseOneByOne(orders, flying));
  });

  it('does not depend on the order in which its orders are read', () => {
    expect(queueOrder(orders.toReversed(), flying)).toEqual(queueOrder(orders, flying));
  });

  it('starves nobody: before an order go at most as many of each other member as its owner has ahead of it', () => {
    const line = queueOrder(orders, flying).map((id) => orders.find((order) => order.id === id)!);
    line.forEach(({ ownerId }, index) => {
      const count = (list: readonly { ownerId: MemberId }[], who: MemberId) =>
        list.filter((one) => one.ownerId === who).length + flying.filter((one) => one === who).length;
      const ahead = line.slice(0, index);
      for (const other of new Set(ahead.map((one) => one.ownerId))) {
        expect(count(ahead, other)).toBeLessThanOrEqual(count(ahead, ownerId) + 1);
      }
    });
  });
});
