import { open, rename, rm, stat } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../lib/errors.ts';
import { sqlitePathIn, type Database } from './database.ts';
import { assertHealthy } from './sqlite-file.ts';

/** Where a backup says that it is one. The program takes the mark away when it starts on it. */
const mark = 'backup';

/** All pages in one go: in smaller steps a copy begins anew whenever the bot writes in between. */
const allPages = 2 ** 31 - 1;

export interface BackupAsked {
  /** `DATABASE_URL`. */
  readonly url: string;
  /** Must not exist. */
  readonly file: string;
  /** Epoch milliseconds, for the mark. */
  readonly at: number;
}

/**
 * Writes a consistent copy of the database while the bot runs and writes; gives its size in bytes. The copy is checked, and
 * marked as a backup: what was waiting to be sent in it may have been sent since. Rejects with a one-line `Error` for the
 * operator, and then leaves nothing behind.
 */
export async function backUp({ url, file, at }: BackupAsked): Promise<number> {
  const part = `${file}.part`;
  try {
    if (await stat(file).catch(() => undefined)) throw new Error('it exists, and no backup is overwritten');
    await (await open(part, 'wx', 0o600)).close();
  } catch (error) {
    throw new Error(`Cannot write the backup "${file}": ${messageOf(error)}`, { cause: error });
  }
  try {
    await copy(sqlitePathIn(url), part);
    markAsBackup(part, at);
    await rename(part, file);
    return (await stat(file)).size;
  } catch (error) {
    for (const left of [part, `${part}-journal`]) await rm(left, { force: true });
    throw new Error(`Cannot back up to "${file}": ${messageOf(error)}`, { cause: error });
  }
}

async function copy(path: string, part: string): Promise<void> {
  if (!(await stat(path).catch(() => undefined))?.isFile()) throw new Error(`there is no database "${path}"`);
  const source = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    await backup(source, part, { rate: allPages });
  } finally {
    source.close();
  }
}

/** In one file without a log beside it, also while it is open. */
function markAsBackup(part: string, at: number): void {
  const database = new DatabaseSync(part);
  try {
    database.exec('pragma journal_mode = delete');
    database.prepare('replace into settings (key, value) values (?, ?)').run(mark, String(at));
    assertHealthy(database);
  } finally {
    database.close();
  }
}

/** When the backup was made that this database was restored from; undefined when it was not, or that is seen to. */
export async function findBackupTime(db: Database): Promise<number | undefined> {
  const row = await db.selectFrom('settings').select('value').where('key', '=', mark).executeTakeFirst();
  return row && Number(row.value);
}

export async function forgetBackupTime(db: Database): Promise<void> {
  await db.deleteFrom('settings').where('key', '=', mark).execute();
}
