import type { Clock } from '../../../lib/clock.ts';
import { isVague } from './discord-answer.ts';
import { DiscordAPIError, RateLimitError } from './discord-rest.ts';

/** What was forbidden stays forbidden until it is allowed again, of which there is no notice. */
const forbiddenForMs = 10 * 60_000;
const mostRemembered = 1000;

export interface ChannelBreaker {
  /** Makes the call, unless the last one of this kind was refused for a while: then it is refused again, unasked. */
  ask<T>(kindOfCall: string, call: () => Promise<T>): Promise<T>;
}

/** Discord counts refusals towards a ban: who was refused does not knock again at once, whichever job it is about. */
export function createChannelBreaker(clock: Pick<Clock, 'steady'>): ChannelBreaker {
  const closed = new Map<string, { readonly until: number; readonly error: unknown }>();

  const close = (kindOfCall: string, error: unknown) => {
    const ms = closedForMs(error);
    if (ms === 0) return;
    const now = clock.steady();
    for (const [kind, { until }] of closed) if (until <= now) closed.delete(kind);
    const [oldest] = closed.keys();
    if (closed.size >= mostRemembered && oldest !== undefined) closed.delete(oldest);
    closed.set(kindOfCall, { until: now + ms, error });
  };

  return {
    ask: async (kindOfCall, call) => {
      const refusal = closed.get(kindOfCall);
      const leftMs = (refusal?.until ?? 0) - clock.steady();
      if (refusal && leftMs > 0) throw stillRefused(refusal.error, leftMs);
      try {
        return await call();
      } catch (error) {
        close(kindOfCall, error);
        throw error;
      }
    },
  };
}

/** Who waits for the end of a limit must not wait for all of it once more. */
function stillRefused(error: unknown, leftMs: number): unknown {
  if (!(error instanceof RateLimitError)) return error;
  const { method, url, route, hash, majorParameter, scope, global, limit, timeToReset, sublimitTimeout } = error;
  const where = { method, url, route, hash, majorParameter, scope };
  return new RateLimitError({ ...where, global, limit, timeToReset, sublimitTimeout, retryAfter: leftMs });
}

function closedForMs(error: unknown): number {
  if (error instanceof RateLimitError) return error.retryAfter;
  if (!(error instanceof DiscordAPIError) || error.status !== 403) return 0;
  // Whatever that is about, it is not this channel; the brake and the pauses between tries keep it within bounds.
  return isVague(error.status, error.code) ? 0 : forbiddenForMs;
}
