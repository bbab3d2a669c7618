import type { Breather } from '../../../lib/breather.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import { erasePieces } from './photo-pieces.ts';

/**
 * Erases the photos of these jobs, piece by piece: their bytes are written over, which takes its time. False when there were
 * none.
 */
export async function erasePhotosOf(db: Database, jobIds: readonly string[], breathe: Breather): Promise<boolean> {
  const photos = db.selectFrom('photos').select(['job_id', 'position']).where('job_id', 'in', oneOf(jobIds));
  // A crash may have left pieces of a photo that was not stored to its end.
  const pieces = db.selectFrom('photo_pieces').select(['job_id', 'position']).where('job_id', 'in', oneOf(jobIds));
  const all = await photos.union(pieces).execute();
  for (const { job_id: jobId, position } of all) await erasePhoto(db, { jobId, position }, breathe);
  return all.length > 0;
}

/** First the row that names it, then the bytes: what is left after a crash belongs to nothing that is shown. */
export async function erasePhoto(
  db: Database,
  { jobId, position }: { readonly jobId: string; readonly position: number },
  breathe: Breather,
): Promise<void> {
  await db.deleteFrom('photos').where('job_id', '=', jobId).where('position', '=', position).execute();
  for (const part of ['original', 'crop'] as const) {
    await breathe();
    await erasePieces(db, { jobId, position, part }, breathe);
  }
}
