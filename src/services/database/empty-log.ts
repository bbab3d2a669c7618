import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Moves the write-ahead log into the file and empties it. `secure_delete` overwrites what is erased in the file only; the
 * log still holds the pages as they were, until it happens to be written over. Not for use inside a transaction. While
 * another process reads, the log stays until a later call.
 */
export async function emptyLog(db: Database): Promise<void> {
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}
