import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { openSqliteFile } from './sqlite-file.ts';

/**
 * The database, as every service sees it. Writes are durable when they resolve. Transactions take the write lock when
 * they begin and never interleave; inside one, only its own `trx` may be used, for `db` waits until it ends. While another
 * process holds the write lock, what writes waits for up to half a minute, and what reads goes on.
 */
export type Database = Kysely<Tables>;

/**
 * Opens `sqlite:path/to/file.db` or `sqlite::memory:` and brings the schema up to date. End it with `destroy()`, which
 * moves the write-ahead log into the file. Rejects with a one-line `Error` fit for the operator. `onError` is told of
 * every query that fails, whichever service made it.
 */
export function openDatabase(url: string, onError: () => void = () => undefined): Promise<Database> {
  return connect(url, (path) => openSqliteFile(path), onError);
}

/** As `openDatabase`, for a command that may run beside the bot: makes no database, and refuses one with another schema. */
export function openDatabaseOfBot(url: string): Promise<Database> {
  return connect(url, (path) => openSqliteFile(path, 'asItIs'));
}

async function connect(
  url: string,
  open: (path: string) => Promise<DatabaseSync>,
  onError: () => void = () => undefined,
): Promise<Database> {
  const db = new Kysely<Tables>({
    dialect: createSqliteDialect(await open(sqlitePathIn(url))),
    log: ({ level }) => {
      if (level === 'error') onError();
    },
  });
  // Kysely closes only what it has used: without a first query, `destroy()` would leave the file open.
  await db.selectFrom('settings').select('key').limit(1).execute();
  return db;
}

/** Throws a one-line `Error`, which does not quote the URL: one for PostgreSQL holds a password. */
export function sqlitePathIn(url: string): string {
  if (/^postgres(ql)?:/.test(url)) {
    throw new Error('Cannot use PostgreSQL: this version stores in SQLite only, set DATABASE_URL to "sqlite:<path>"');
  }
  const path = /^sqlite:(?<path>.+)$/.exec(url)?.groups?.['path'];
  if (path === undefined) throw new Error('Cannot read DATABASE_URL: expected "sqlite:<path>"');
  return path;
}

/** Proves by a durable write that orders can be taken: a full disk still reads. Rejects when it cannot write. */
export async function canWrite(db: Database): Promise<true> {
  const mark = { value: '1', expires_at: null };
  await db
    .insertInto('settings')
    .values({ key: 'health', ...mark })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(mark))
    .execute();
  return true;
}
