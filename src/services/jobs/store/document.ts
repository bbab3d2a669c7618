import type { Selectable } from 'kysely';
import type { JobsTable } from '../../database/schema.ts';
import { jobSchema, type Job } from '../job.ts';

type Stored = Pick<Selectable<JobsTable>, 'document'>;

/** Throws for what no version of this program that is known here wrote. */
export function jobOf({ document }: Stored): Job {
  return jobSchema.parse(JSON.parse(document));
}

/** Undefined for a row that cannot be read: damaged, or from a newer version. */
export function findJobIn(row: Stored): Job | undefined {
  try {
    return jobOf(row);
  } catch {
    return undefined;
  }
}
