import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Rows of photos that are still kept. */
export function photosIn(folder: string): number {
  return Number(read(folder, 'select count(*) as count from photos')[0]?.['count']);
}

/** Orders that were ever opened and not forgotten. */
export function ordersIn(folder: string): number {
  return Number(read(folder, 'select count(*) as count from jobs')[0]?.['count']);
}

/** What happened to money, oldest first. */
export function ledgerIn(folder: string): string[] {
  return read(folder, 'select event from ledger order by id').map(({ event }) => String(event));
}

/** How many times a job was changed. */
export function writesTo(folder: string, jobId: string): number {
  return Number(read(folder, 'select id, rev from jobs').find(({ id }) => id === jobId)?.['rev']);
}

/** A job as it is stored. */
export function documentOf(folder: string, jobId: string): string {
  return String(read(folder, 'select id, document from jobs').find(({ id }) => id === jobId)?.['document']);
}

function read(folder: string, query: string): Record<string, unknown>[] {
  const db = new DatabaseSync(join(folder, 'darkroom.db'), { readOnly: true });
  try {
    return db.prepare(query).all();
  } finally {
    db.close();
  }
}

/** The database file and what stands beside it, as they lie on the disk. */
export async function databaseBytes(folder: string): Promise<Buffer> {
  const names = await readdir(folder);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}
