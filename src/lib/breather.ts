/** Long enough for a few hundred rows, too short to be noticed. */
const longestMs = 8;

/**
 * For work that comes in pieces, rows for example: awaited before each piece, it lets everything else have its turn once
 * the pieces have held the event loop for some milliseconds. Awaiting anything else does not: a chain of promises that are
 * settled already is one single turn.
 */
export type Breather = () => Promise<void>;

export function createBreather(now: () => number = () => performance.now()): Breather {
  let turnBeganAt: number | undefined;
  const nextTurn = () =>
    new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  return async () => {
    if (turnBeganAt === undefined) {
      turnBeganAt = now();
      void nextTurn().then(() => {
        turnBeganAt = undefined;
      });
    } else if (now() - turnBeganAt > longestMs) {
      await nextTurn();
    }
  };
}
