import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sqlitePathIn } from './database.ts';

/** One order of thirty photos, with the log that SQLite keeps beside its file. */
export const leastBytes = 256 * 2 ** 20;

/** Whether the disk of `sqlite:<path>` has room for more orders. Rejects when it cannot be asked. */
export async function hasFreeSpace(url: string, least = leastBytes): Promise<boolean> {
  const path = sqlitePathIn(url);
  if (path === ':memory:') return true;
  const { bavail, bsize } = await statfs(dirname(path));
  return bavail * bsize >= least;
}
