import type { Clock } from '../../../lib/clock.ts';

/**
 * Discord bans a client after 10 000 answers of 401, 403 or 429 within ten minutes. At a twentieth of that nothing more is
 * asked with the bot's token until the oldest of them is forgotten, whatever the reason of so many refusals is.
 */
export const mostRefusals = 500;
const rememberedMs = 10 * 60_000;

export interface RefusalBreaker {
  /** Notes the answer to a call. */
  note(status: number): void;
  /** How long nothing may be asked; 0 when all is well. */
  waitMs(): number;
}

const refusals: readonly number[] = [401, 403, 429];

export function createRefusalBreaker(clock: Pick<Clock, 'steady'>): RefusalBreaker {
  let refusedAt: readonly number[] = [];
  return {
    note: (status) => {
      if (refusals.includes(status)) refusedAt = [...refusedAt, clock.steady()].slice(-mostRefusals);
    },
    waitMs: () => {
      const [oldest] = refusedAt;
      if (oldest === undefined || refusedAt.length < mostRefusals) return 0;
      return Math.max(0, oldest + rememberedMs - clock.steady());
    },
  };
}
