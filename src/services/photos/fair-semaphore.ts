/*
 * Turns at something that few can use at a time. Whoever waits is let in by
 *   class    those who have used up their share come behind all others
 *   server   the one whose last turn is longest ago, those without any first
 *   member   of that server, likewise
 *   time     of that member's own, the first that came
 * so a first piece of work waits for no more than what is being done at that moment and one turn for each other server.
 */

/** Whose work it is. */
export interface Owner {
  readonly guildId: string;
  readonly memberId: string;
}

export type FairSemaphore = <Result>(owner: Owner, work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;

export interface FairSemaphoreRules {
  readonly places: number;
  /** As many more for members who have nothing inside: one who fills all places does not keep them out. */
  readonly spare?: number;
  /** Whether somebody comes behind all others for now. */
  readonly isBehind?: (owner: Owner) => boolean;
}

interface Waiting {
  readonly owner: Owner;
  readonly enter: () => void;
}

export function createFairSemaphore({ places, spare = 0, isBehind = () => false }: FairSemaphoreRules): FairSemaphore {
  const waiting: Waiting[] = [];
  const inside: Owner[] = [];
  const lastTurns = new Map<string, number>();
  let turn = 0;

  const mayEnter = (owner: Owner) =>
    inside.length < places || (inside.length < places + spare && !inside.some((one) => keyOf(one) === keyOf(owner)));

  const rankOf = ({ owner }: Waiting) => [
    isBehind(owner) ? 1 : 0,
    lastTurns.get(owner.guildId) ?? 0,
    lastTurns.get(keyOf(owner)) ?? 0,
  ];

  /** In one pass; equals keep the order in which they came. */
  const takeNext = (): Waiting | undefined => {
    let best: { readonly at: number; readonly rank: readonly number[] } | undefined;
    const ranks = new Map<string, readonly number[] | undefined>();
    for (const [at, one] of waiting.entries()) {
      const key = keyOf(one.owner);
      if (ranks.has(key)) continue;
      const rank = mayEnter(one.owner) ? rankOf(one) : undefined;
      ranks.set(key, rank);
      if (rank && (!best || isBefore(rank, best.rank))) best = { at, rank };
    }
    return best && waiting.splice(best.at, 1)[0];
  };

  const letIn = () => {
    for (let next = takeNext(); next !== undefined; next = takeNext()) {
      inside.push(next.owner);
      turn += 1;
      lastTurns.set(next.owner.guildId, turn);
      lastTurns.set(keyOf(next.owner), turn);
      next.enter();
    }
  };

  const leave = (owner: Owner) => {
    inside.splice(inside.indexOf(owner), 1);
    // Turns matter among those who compete: after that everybody begins anew, and nothing fills the memory.
    if (inside.length === 0 && waiting.length === 0) lastTurns.clear();
    letIn();
  };

  return async (owner, work, signal) => {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const mine: Waiting = {
      owner: { ...owner },
      enter: () => {
        resolve(undefined);
      },
    };
    const giveUp = () => {
      const at = waiting.indexOf(mine);
      if (at === -1) return; // It was let in already: whoever works inside sees the signal itself.
      waiting.splice(at, 1);
      reject(signal.reason as Error);
    };
    waiting.push(mine);
    signal.addEventListener('abort', giveUp, { once: true });
    letIn();
    await promise.finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
    try {
      return await work();
    } finally {
      leave(mine.owner);
    }
  };
}

function keyOf({ guildId, memberId }: Owner): string {
  return `${guildId}:${memberId}`;
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at !== -1 && (one[at] ?? 0) < (other[at] ?? 0);
}
