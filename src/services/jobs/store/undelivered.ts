import { sql } from 'kysely';
import type { Clock } from '../../../lib/clock.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import type { Job } from '../state/job.ts';
import type { JobStore } from './job-store.ts';

export interface UndeliveredDeps {
  readonly db: Database;
  readonly jobs: Pick<JobStore, 'update'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Discord takes fifty calls in a second, and a job needs about three. */
const apartMs = 60;

/**
 * Discord is back: what it could not be told or asked is due at once, one after the other, however long it was put off.
 * What Discord refused stays where it is. Resolves to how many there were.
 */
export async function makeUndeliveredDue({ db, jobs, clock }: UndeliveredDeps): Promise<number> {
  const start = clock.now();
  const waiting = await db
    .selectFrom('jobs')
    .select('id')
    .where('next_at', '>', start)
    .where(sql<boolean>`instr(document, '"isUnheard":true') > 0`)
    .orderBy('next_at')
    .execute();
  for (const [place, { id }] of waiting.entries()) {
    const at = start + place * apartMs;
    const sooner = (now: number | null) => (now === null ? null : Math.min(now, at));
    // How often it failed before tells nothing any more: what is refused once more is not put off for long.
    const afresh = (job: Job): Job => ({ ...job, nextAt: sooner(job.nextAt), told: { ...job.told, failures: 0 } });
    await jobs.update(id as JobId, (job) => (job.isUnheard ? afresh(job) : job));
  }
  return waiting.length;
}
