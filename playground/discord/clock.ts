import { hastened, noHaste } from '../haste.ts';

/** Time as the stand-in knows it, so that a test can stand an hour later without waiting for it. */
export interface Clock {
  now(): number;
  /** Runs `task` once `ms` have passed on this clock. Returns how to call it off. */
  after(ms: number, task: () => void): () => void;
}

export interface JumpingClock extends Clock {
  /** Moves time forward at once; whatever becomes due on the way runs before this returns. */
  jump(ms: number): void;
}

interface Due {
  readonly at: number;
  readonly run: () => void;
  timer: NodeJS.Timeout;
}

/** Runs as real time does, or in haste, and can be moved forward. It never holds up the end of the process. */
export function createClock(haste = noHaste): JumpingClock {
  const waiting = new Set<Due>();
  let ahead = 0;
  const now = () => Math.round(hastened(haste, Date.now())) + ahead;

  const settle = (due: Due) => {
    clearTimeout(due.timer);
    if (waiting.delete(due)) due.run();
  };

  return {
    now,
    after(ms, task) {
      const due: Due = {
        at: now() + ms,
        run: task,
        timer: setTimeout(() => {
          settle(due);
        }, ms / haste.speed).unref(),
      };
      waiting.add(due);
      return () => {
        clearTimeout(due.timer);
        waiting.delete(due);
      };
    },
    jump(ms) {
      ahead += ms;
      const passed = [...waiting].filter((due) => due.at <= now()).sort((a, b) => a.at - b.at);
      passed.forEach(settle);
      for (const due of waiting) {
        clearTimeout(due.timer);
        due.timer = setTimeout(
          () => {
            settle(due);
          },
          (due.at - now()) / haste.speed,
        ).unref();
      }
    },
  };
}
