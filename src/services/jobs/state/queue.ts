import type { JobId, MemberId } from '../../../lib/ids.ts';

/** An order that waits to be sent. */
export interface QueuedOrder {
  readonly id: JobId;
  readonly ownerId: MemberId;
  readonly startedAt: number;
}

/**
 * Pure: the order in which those that wait with one key go, fair between members. Next is always an order of the member
 * who has the fewest at the provider and ahead in the line, the one that was started first among several: somebody's
 * first order never waits for somebody else's second.
 */
export function queueOrder(waiting: readonly QueuedOrder[], inFlight: readonly MemberId[]): readonly JobId[] {
  const ahead = new Map<MemberId, number>();
  const takeTurn = (ownerId: MemberId) => {
    const turn = ahead.get(ownerId) ?? 0;
    ahead.set(ownerId, turn + 1);
    return turn;
  };
  inFlight.forEach(takeTurn);
  return waiting
    .toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))
    .map(({ id, ownerId }) => ({ id, turn: takeTurn(ownerId) }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ id }) => id);
}
