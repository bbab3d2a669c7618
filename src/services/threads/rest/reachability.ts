import { Routes } from 'discord-api-types/v10';
import type { Clock } from '../../../lib/clock.ts';
import type { Log } from '../../../lib/logger.ts';
import type { REST } from './discord-rest.ts';

/** Whether Discord answers, as the calls that are made anyway tell. */
export interface Reachability {
  note(isThere: boolean): void;
  isAway(): boolean;
  /** True once after Discord came back; a start counts as coming back. */
  takeBack(): boolean;
}

export function createReachability(): Reachability {
  const seen = { isAway: true, isBack: false };
  return {
    note: (isThere) => {
      if (isThere && seen.isAway) seen.isBack = true;
      seen.isAway = !isThere;
    },
    isAway: () => seen.isAway,
    takeBack: () => {
      if (seen.isAway || !seen.isBack) return false;
      seen.isBack = false;
      return true;
    },
  };
}

export interface ReachabilityDeps {
  readonly reach: Reachability;
  readonly rest: Pick<REST, 'get'>;
  readonly clock: Pick<Clock, 'sleep' | 'steady'>;
  readonly onBack: () => Promise<void>;
  readonly log: Log;
}

const lookEveryMs = 3_000;
/** Where only some calls fail, Discord seems to come back again and again. */
const leastApartMs = 30_000;

/**
 * Asks, while Discord is away, the plainest question until it is answered; calls `onBack` then, and once more a while later, for
 * what was under way at that moment and failed. Never rejects.
 */
export async function runReachability(
  { reach, rest, clock, onBack, log }: ReachabilityDeps,
  signal: AbortSignal,
): Promise<void> {
  let calledAt = -Infinity;
  let calls = 0;
  while (!signal.aborted) {
    // What anybody may ask goes on while nothing is asked with the bot's token.
    if (reach.isAway()) await rest.get(Routes.gateway(), { auth: false }).catch(() => undefined);
    if (clock.steady() - calledAt >= leastApartMs && reach.takeBack()) calls = 2;
    if (clock.steady() - calledAt >= leastApartMs && calls > 0 && !reach.isAway()) {
      calls -= 1;
      calledAt = clock.steady();
      await onBack().catch((error: unknown) => {
        log.warn({ err: error }, 'what waited for Discord could not be taken up, it goes on at its own time');
      });
    }
    await clock.sleep(lookEveryMs, signal);
  }
}
