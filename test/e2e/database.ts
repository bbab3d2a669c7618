import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Rows of photos that are still kept. */
export function photosIn(folder: string): number {
  const db = new DatabaseSync(join(folder, 'darkroom.db'), { readOnly: true });
  try {
    const row = db.prepare('select count(*) as count from photos').get();
    return Number(row?.['count']);
  } finally {
    db.close();
  }
}

/** The database file and what stands beside it, as they lie on the disk. */
export async function databaseBytes(folder: string): Promise<Buffer> {
  const names = await readdir(folder);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}
