import type { World } from '../world.ts';
import { describe } from './describe.ts';
import { patienceMs } from '../../patience.ts';

export interface Patience {
  /** Real time. As long as there is any patience when not given. */
  readonly withinMs?: number;
  /** What is waited for, for the error. */
  readonly what?: string;
}

/**
 * Resolves with the first thing `probe` finds; it is asked at once and after every change. Rejects when time is up or `probe`
 * throws, with a picture of what is there instead.
 */
export function until<T>(
  world: World,
  probe: () => T | undefined | null | false,
  { withinMs = patienceMs, what = 'what was waited for' }: Patience = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = () => {
      try {
        const found = probe();
        if (found === undefined || found === null || found === false) return;
        finish();
        resolve(found);
      } catch (error) {
        finish();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const stop = world.changes.on(look);
    const timer = setTimeout(() => {
      finish();
      reject(new Error(`Cannot find ${what} within ${withinMs} ms. At this Discord there is:\n${describe(world)}`));
    }, withinMs).unref();
    const finish = () => {
      stop();
      clearTimeout(timer);
    };
    look();
  });
}
