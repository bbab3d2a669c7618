import type { Clock } from '../../lib/clock.ts';
import { createRateLimiter } from '../../lib/rate-limiter.ts';
import type { Owner } from './fair-semaphore.ts';

/** How much of the decoding process one member and one server have. Counted in its time, since photos cost as different as files can be. */
export interface TimeShare {
  /** Counts a piece of work from here until what this gives is called; what is not over counts as well. */
  begin(owner: Owner): () => void;
  /** Whether they used enough of late to come behind all others. */
  isBehind(owner: Owner): boolean;
  /** 0, or after how long photos of this member are looked at again. */
  waitMs(owner: Owner): number;
}

const minute = 60_000;
const windowMs = 10 * minute;
/** An order of thirty photos of a phone takes ten seconds. */
const member = { behindMs: minute / 2, mostMs: 3 * minute };
/** It is never stopped as a whole, which would let a few of its members stop all others: the process has 20 minutes in this time. */
const guild = { behindMs: 4 * minute };

export function createTimeShare(clock: Pick<Clock, 'steady'>): TimeShare {
  const members = createRateLimiter({ most: member.mostMs, perMs: windowMs }, clock);
  const guilds = createRateLimiter({ most: guild.behindMs, perMs: windowMs }, clock);
  const running = new Set<Owner & { readonly since: number }>();
  const atWork = (isTheirs: (owner: Owner) => boolean) =>
    [...running].filter(isTheirs).reduce((sum, { since }) => sum + clock.steady() - since, 0);
  const ofMember = (memberId: string) => members.used(memberId) + atWork((one) => one.memberId === memberId);
  const ofGuild = (guildId: string) => guilds.used(guildId) + atWork((one) => one.guildId === guildId);
  return {
    begin: (owner) => {
      const work = { ...owner, since: clock.steady() };
      running.add(work);
      return () => {
        if (!running.delete(work)) return;
        const ms = clock.steady() - work.since;
        members.spend(owner.memberId, ms);
        guilds.spend(owner.guildId, ms);
      };
    },
    isBehind: ({ guildId, memberId }) => ofMember(memberId) >= member.behindMs || ofGuild(guildId) >= guild.behindMs,
    waitMs: ({ memberId }) => {
      const used = ofMember(memberId);
      // Until half is given back: photo by photo it would be put off again and again.
      return used < member.mostMs ? 0 : Math.ceil(((used - member.mostMs / 2) * windowMs) / member.mostMs);
    },
  };
}
