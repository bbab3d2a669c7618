import type { Clock } from '../../../lib/clock.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import type { Job } from '../state/job.ts';
import type { Row } from './rows.ts';

/** Who works on which job, and when the next one is due. */
export interface Leases {
  /**
   * Takes due jobs for `leaseMs`: no other process gets them until then. Those due longest come first. A row that cannot be
   * read is reported and left out; it stays taken as well, so that it is not met again at once. Those in `except` are left
   * alone: their steps have given them back, and are not done.
   */
  claimDue(leaseMs: number, limit: number, except?: readonly JobId[]): Promise<readonly Job[]>;
  /** Gives those that are still this process's: another one may have taken them over. */
  renewLease(ids: readonly JobId[], leaseMs: number): Promise<readonly JobId[]>;
  release(id: JobId): Promise<void>;
  /** When the next job is due that is not held, or held no longer. */
  nextDueAt(): Promise<number | undefined>;
}

export interface LeasesDeps {
  /** Another one for each process. */
  readonly owner: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly readable: (rows: readonly Row[]) => Promise<readonly Job[]>;
}

export function createLeases(db: Database, { owner, clock, readable }: LeasesDeps): Leases {
  return {
    claimDue: async (leaseMs, limit, except = []) => {
      const now = clock.now();
      const due = db
        .selectFrom('jobs')
        .select('id')
        .where('next_at', '<=', now)
        .where('id', 'not in', except)
        // A lease of more than twice its length is from before the clock was set back. One that is only a little too long
        // is from a process that read the clock after us and wrote before us.
        .where((is) =>
          is.or([
            is('lease_until', 'is', null),
            is('lease_until', '<=', now),
            is('lease_until', '>', now + 2 * leaseMs),
          ]),
        )
        .orderBy('next_at')
        .limit(limit);
      const rows = await db
        .updateTable('jobs')
        .set({ lease_until: now + leaseMs, lease_owner: owner })
        .where('id', 'in', due)
        .returningAll()
        .execute();
      return readable(rows.toSorted((a, b) => (a.next_at ?? 0) - (b.next_at ?? 0)));
    },

    renewLease: async (ids, leaseMs) => {
      if (ids.length === 0) return [];
      const rows = await db
        .updateTable('jobs')
        .set({ lease_until: clock.now() + leaseMs })
        .where('id', 'in', ids)
        .where('lease_owner', '=', owner)
        .where('lease_until', 'is not', null) // Released in the meantime: it is nobody's.
        .returning('id')
        .execute();
      return rows.map(({ id }) => id as JobId);
    },

    release: async (id) => {
      await db
        .updateTable('jobs')
        .set({ lease_until: null })
        .where('id', '=', id)
        .where('lease_owner', '=', owner)
        .where('lease_until', 'is not', null) // What is free already costs no write.
        .execute();
    },

    nextDueAt: async () => {
      const now = clock.now();
      const soonest = (column: 'next_at' | 'lease_until') =>
        db.selectFrom('jobs').select(({ fn }) => fn.min(column).as('at'));
      const free = await soonest('next_at')
        .where('next_at', 'is not', null)
        .where((is) => is.or([is('lease_until', 'is', null), is('lease_until', '<=', now)]))
        .executeTakeFirstOrThrow();
      const held = await soonest('lease_until')
        .where('next_at', '<=', now)
        .where('lease_until', '>', now)
        .executeTakeFirstOrThrow();
      const times = [free.at, held.at].filter((at) => at !== null);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
