/** Lets `places` pieces of work through at a time, in the order in which they came. */
export type Gate = <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];

  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };

  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const pass = () => {
      resolve(undefined);
    };
    const giveUp = () => {
      const at = waiting.indexOf(pass);
      if (at === -1) return; // It was let in already: whoever works inside sees the signal itself.
      waiting.splice(at, 1);
      reject(signal.reason as Error);
    };
    waiting.push(pass);
    signal.addEventListener('abort', giveUp, { once: true });
    await promise.finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  };

  return async (work, signal) => {
    await enter(signal);
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
