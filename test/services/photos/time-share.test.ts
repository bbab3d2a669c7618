import { beforeEach, expect, it } from 'vitest';
import { createTimeShare, type TimeShare } from '../../../src/services/photos/time-share.ts';
import { heldClock, type HeldClock } from '../jobs/held-clock.ts';
import { minute, second } from '../jobs/job-builder.ts';

let clock: HeldClock;
let share: TimeShare;
const greedy = { guildId: 'g', memberId: 'greedy' };
const other = { guildId: 'g', memberId: 'other' };

const spend = (owner: typeof greedy, ms: number) => {
  const end = share.begin(owner);
  clock.pass(ms);
  end();
};

beforeEach(() => {
  clock = heldClock();
  share = createTimeShare(clock);
});

it('puts a member behind all others after half a minute of decoding, in every server, and nobody else', () => {
  spend(greedy, 29 * second);
  expect(share.isBehind(greedy)).toBe(false);
  spend(greedy, 2 * second);
  expect(share.isBehind({ ...greedy, guildId: 'h' })).toBe(true);
  expect(share.isBehind(other)).toBe(false);
});

it('lets a member who used three minutes wait until half is given back', () => {
  spend(greedy, 3 * minute);
  expect(share.waitMs(greedy)).toBe(5 * minute);
  expect(share.waitMs(other)).toBe(0);
  clock.pass(5 * minute);
  expect(share.waitMs(greedy)).toBe(0);
});

it('puts a server whose members used four minutes together behind the others, and stops nobody of it', () => {
  const ends = Array.from({ length: 25 }, (_, member) => share.begin({ guildId: 'g', memberId: `m${member}` }));
  clock.pass(10 * second);
  ends.forEach((end) => {
    end();
  });
  expect(share.isBehind(other)).toBe(true);
  expect(share.waitMs(other)).toBe(0);
  expect(share.isBehind({ guildId: 'h', memberId: 'm' })).toBe(false);
});

it('counts work that is not over', () => {
  const end = share.begin(greedy);
  clock.pass(31 * second);
  expect(share.isBehind(greedy)).toBe(true);
  expect(share.isBehind(other)).toBe(false);
  clock.pass(3 * minute);
  expect(share.waitMs(greedy)).toBeGreaterThan(0);
  end();
  expect(share.isBehind(greedy)).toBe(true);
});
