import type { Breather } from '../../../lib/breather.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';

/**
 * Erases the photos of these jobs, one by one: their bytes are written over, which for ten large ones takes long. False when
 * there were none.
 */
export async function erasePhotosOf(db: Database, jobIds: readonly string[], breathe: Breather): Promise<boolean> {
  const all = await db
    .selectFrom('photos')
    .select(['job_id', 'position'])
    .where('job_id', 'in', oneOf(jobIds))
    .execute();
  for (const { job_id: jobId, position } of all) {
    await breathe();
    await erasePhoto(db, jobId, position);
  }
  return all.length > 0;
}

export async function erasePhoto(db: Database, jobId: string, position: number): Promise<void> {
  await db.deleteFrom('photos').where('job_id', '=', jobId).where('position', '=', position).execute();
}
