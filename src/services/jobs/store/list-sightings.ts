import type { Clock } from '../../../lib/clock.ts';
import type { Database } from '../../database/database.ts';
import type { MethodId } from '../../modelslab/methods.ts';

/** What a key's list was seen to do with the trainings of one method. */
export interface ListSighting {
  /** So long after it had been sent, a training stood in the list that was still training. */
  readonly shownAfterMs: number;
  readonly shownAt: number;
}

/** Whose list, and which of its trainings. */
export interface Listing {
  readonly keyFingerprint: string;
  readonly method: MethodId;
}

export interface ListSightings {
  /** Undefined when it was never seen, or too long ago: a provider changes its ways. */
  find(listing: Listing): Promise<ListSighting | undefined>;
  /** An earlier one that says more, and is not old, stays. */
  note(listing: Listing, shownAfterMs: number): Promise<void>;
  /** The list did otherwise since. */
  withdraw(listing: Listing): Promise<void>;
}

const lastsMs = 24 * 60 * 60_000;

export function createListSightings(db: Database, clock: Pick<Clock, 'now'>): ListSightings {
  const find = async ({ keyFingerprint, method }: Listing): Promise<ListSighting | undefined> => {
    const row = await db
      .selectFrom('list_sightings')
      .select(['shown_after_ms', 'shown_at'])
      .where('key_fingerprint', '=', keyFingerprint)
      .where('method', '=', method)
      .executeTakeFirst();
    // One from the future is from before the clock was set back: its age is unknown.
    const ageMs = clock.now() - (row?.shown_at ?? -Infinity);
    return row && ageMs >= 0 && ageMs < lastsMs
      ? { shownAfterMs: row.shown_after_ms, shownAt: row.shown_at }
      : undefined;
  };

  return {
    find,

    note: async (listing, shownAfterMs) => {
      const known = await find(listing);
      const at = clock.now();
      if (known && known.shownAfterMs < shownAfterMs && at - known.shownAt < lastsMs / 2) return;
      const sighting = { shown_after_ms: Math.round(shownAfterMs), shown_at: at };
      await db
        .deleteFrom('list_sightings')
        .where('shown_at', '<', at - lastsMs)
        .execute();
      await db
        .insertInto('list_sightings')
        .values({ key_fingerprint: listing.keyFingerprint, method: listing.method, ...sighting })
        .onConflict((conflict) => conflict.columns(['key_fingerprint', 'method']).doUpdateSet(sighting))
        .execute();
    },

    withdraw: async ({ keyFingerprint, method }) => {
      await db
        .deleteFrom('list_sightings')
        .where('key_fingerprint', '=', keyFingerprint)
        .where('method', '=', method)
        .execute();
    },
  };
}
