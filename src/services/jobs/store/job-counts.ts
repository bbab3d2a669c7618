import type { Clock } from '../../../lib/clock.ts';
import type { Database } from '../../database/database.ts';
import type { JobStore } from './job-store.ts';

/** How things stand, in figures without any name in them. */
export interface JobCounts {
  jobsByState(): Promise<ReadonlyMap<string, number>>;
  /** How often each thing happened to money, ever. */
  ledgerEvents(): Promise<ReadonlyMap<string, number>>;
  /** For how long the job that is due longest has been waiting; 0 when none is due. */
  latenessMs(): Promise<number>;
}

export function createJobCounts(db: Database, jobs: Pick<JobStore, 'nextDueAt'>, clock: Pick<Clock, 'now'>): JobCounts {
  return {
    jobsByState: async () => {
      const rows = await db
        .selectFrom('jobs')
        .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      return new Map(rows.map(({ state, count }) => [state, count]));
    },
    ledgerEvents: async () => {
      const rows = await db
        .selectFrom('ledger')
        .select(['event', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('event')
        .execute();
      return new Map(rows.map(({ event, count }) => [event, count]));
    },
    latenessMs: async () => {
      const dueAt = await jobs.nextDueAt();
      return dueAt === undefined ? 0 : Math.max(0, clock.now() - dueAt);
    },
  };
}
