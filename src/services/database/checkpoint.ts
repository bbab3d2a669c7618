import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Half a megabyte, with pages of the usual size. */
const pagesAtOnce = 128;

/**
 * Gives what was erased back to the disk, in pieces between which others have their turn; then moves the write-ahead log into the
 * file and empties it. `secure_delete` overwrites what is erased in the file only; the log still holds the pages as they were,
 * until it happens to be written over. Not for use inside a transaction. While another process reads, the log stays until a
 * later call.
 */
export async function emptyLog(db: Database): Promise<void> {
  let free = await freePages(db);
  while (free > 0) {
    await nextTurn();
    await sql`pragma incremental_vacuum(${sql.raw(String(pagesAtOnce))})`.execute(db);
    await nextTurn();
    const left = await freePages(db);
    if (left >= free) break; // A file that keeps its size, or somebody else erases as much: their call goes on.
    free = left;
  }
  await nextTurn();
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}

async function freePages(db: Database): Promise<number> {
  const { rows } = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(db);
  return rows[0]?.freelist_count ?? 0;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
