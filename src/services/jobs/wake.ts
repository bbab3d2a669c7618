import { systemClock } from '../../lib/clock.ts';

/** A sleep that somebody else can end: how a press on a button is worked on at once instead of at the next tick. */
export interface Wake {
  now(): void;
  /** Resolves after `ms`, when woken (also since the last sleep), or when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWake(): Wake {
  let isCalled = false;
  let end: (() => void) | undefined;
  return {
    now: () => {
      isCalled = true;
      end?.();
    },
    sleep: async (ms, signal) => {
      if (!isCalled && !signal.aborted) {
        const ended = new AbortController();
        end = () => {
          ended.abort();
        };
        signal.addEventListener('abort', end, { once: true });
        await systemClock.sleep(ms, ended.signal);
        signal.removeEventListener('abort', end);
        end = undefined;
      }
      isCalled = false;
    },
  };
}
