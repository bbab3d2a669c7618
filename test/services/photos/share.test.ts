import { beforeEach, expect, it } from 'vitest';
import { createShare, type Share } from '../../../src/services/photos/share.ts';
import { heldClock, type HeldClock } from '../jobs/held-clock.ts';
import { minute, second } from '../jobs/job-builder.ts';

let clock: HeldClock;
let share: Share;
const greedy = { guildId: 'g', memberId: 'greedy' };
const other = { guildId: 'g', memberId: 'other' };

beforeEach(() => {
  clock = heldClock();
  share = createShare(clock);
});

it('puts a member behind all others after half a minute of decoding, in every server, and nobody else', () => {
  share.spend(greedy, 29 * second);
  expect(share.isBehind(greedy)).toBe(false);
  share.spend(greedy, 2 * second);
  expect(share.isBehind({ ...greedy, guildId: 'h' })).toBe(true);
  expect(share.isBehind(other)).toBe(false);
});

it('lets a member who used three minutes wait until half is given back', () => {
  share.spend(greedy, 3 * minute);
  expect(share.waitMs(greedy)).toBe(5 * minute);
  expect(share.waitMs(other)).toBe(0);
  clock.pass(5 * minute);
  expect(share.waitMs(greedy)).toBe(0);
});

it('puts a server whose members used four minutes together behind the others, and stops nobody of it', () => {
  for (let member = 0; member < 25; member += 1) share.spend({ guildId: 'g', memberId: `m${member}` }, 10 * second);
  expect(share.isBehind(other)).toBe(true);
  expect(share.waitMs(other)).toBe(0);
  expect(share.isBehind({ guildId: 'h', memberId: 'm' })).toBe(false);
});
