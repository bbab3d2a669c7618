import { sql, type Transaction } from 'kysely';
import type { Breather } from '../../../lib/breather.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import type { PhotoPiecesTable, Tables } from '../../database/schema.ts';

/** Which bytes of a photo are meant. */
export interface Place {
  readonly jobId: string;
  readonly position: number;
  readonly part: PhotoPiecesTable['part'];
}

type Connection = Database | Transaction<Tables>;

const pieceBytes = 256 * 1024;

/** In place of those that are there; others have their turn between two pieces. */
export async function keepPieces(db: Connection, place: Place, bytes: Buffer, breathe: Breather): Promise<void> {
  await erasePieces(db, place, breathe);
  for (let piece = 0; piece * pieceBytes < bytes.length; piece += 1) {
    if (piece > 0) await breathe();
    const some = bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes);
    await db
      .insertInto('photo_pieces')
      .values({ ...columnsOf(place), piece, bytes: some })
      .execute();
  }
}

/** Undefined when they are not all there. Each piece is put where it belongs in its own turn: all at once take too long to copy. */
export async function readPieces(db: Connection, place: Place, breathe: Breather): Promise<Buffer | undefined> {
  const length = sql<number | null>`sum(length(bytes))`.as('length');
  const { length: total } = await piecesAt(db, place).select(length).executeTakeFirstOrThrow();
  if (total === null) return undefined;
  const whole = Buffer.allocUnsafeSlow(total);
  for (let piece = 0, at = 0; at < total; piece += 1) {
    if (piece > 0) await breathe();
    const row = await piecesAt(db, place).select('bytes').where('piece', '=', piece).executeTakeFirst();
    if (!row) return undefined; // Erased meanwhile.
    whole.set(row.bytes, at);
    at += row.bytes.length;
  }
  return whole;
}

async function erasePieces(db: Connection, place: Place, breathe: Breather): Promise<void> {
  const rows = await piecesAt(db, place).select('piece').execute();
  for (const { piece } of rows) {
    if (piece > 0) await breathe();
    const { jobId, position, part } = place;
    await db
      .deleteFrom('photo_pieces')
      .where('job_id', '=', jobId)
      .where('position', '=', position)
      .where('part', '=', part)
      .where('piece', '=', piece)
      .execute();
  }
}

function piecesAt(db: Connection, { jobId, position, part }: Place) {
  return db
    .selectFrom('photo_pieces')
    .where('job_id', '=', jobId)
    .where('position', '=', position)
    .where('part', '=', part);
}

function columnsOf({ jobId, position, part }: Place) {
  return { job_id: jobId, position, part };
}

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
