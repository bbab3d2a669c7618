import { statfsSync, type Stats } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../lib/errors.ts';
import { isDamage, isLocked, isUnwritable } from './database-errors.ts';
import { migrate, schemaVersion, schemaVersionOf } from './migrations.ts';

/** Older ones could damage a file when a WAL was reset (fixed in SQLite 3.51.3). Node 24.21 brings 3.53.4. */
const oldestSqlite = '3.51.3';

/** Waiting for a lock blocks the event loop. At the start there is no answer to give yet; later the dialect waits instead. */
const busyTimeoutMs = 5_000;

const pragmas = [
  // What is erased goes back to the disk, see checkpoint.ts. Only a file that has nothing in it yet obeys.
  'auto_vacuum = incremental',
  'journal_mode = wal',
  // A row that we said was stored survives a power cut, not only a crash.
  'synchronous = full',
  // Erased photos and keys are overwritten, not just unlinked.
  'secure_delete = on',
  'journal_size_limit = 67108864',
];

/**
 * Opens the file, creating it and its folder (for the owner only), and brings its schema up to date; `asItIs` does neither.
 * Rejects with a one-line `Error` for the operator. `:memory:` opens a database that nothing else sees.
 */
export async function openSqliteFile(path: string, how?: 'asItIs'): Promise<DatabaseSync> {
  assertSqliteVersion(process.versions['sqlite']);
  let database: DatabaseSync | undefined;
  try {
    if (how === 'asItIs') await stat(path);
    else if (path !== ':memory:') await createPrivately(path);
    if (await isBesideForeignLog(path))
      throw new Error(
        `it is a backup, and beside it stands the log of another database, move "${path}-wal" and "${path}-shm" away`,
      );
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    assertHealthy(database);
    assertKnownSchema(database);
    if (how === 'asItIs') assertCurrentSchema(database);
    for (const pragma of pragmas) database.exec(`pragma ${pragma}`);
    migrate(database);
    if (how !== 'asItIs') makeShrinkable(database, path);
    database.exec('pragma wal_checkpoint(truncate)'); // What was erased may still stand there.
    database.exec('pragma busy_timeout = 0'); // From here on the dialect waits for locks.
    return database;
  } catch (error) {
    database?.close();
    throw cannotOpen(path, error);
  }
}

/** Rewritten in some seconds, at a time when no answer is due. */
const mostRewrittenBytes = 512 * 2 ** 20;

/**
 * A file of an older version keeps its size for good unless it is written anew once. That needs as much room again twice over, in
 * the log and beside; where there is none, or the file is in use, the next start tries again.
 */
function makeShrinkable(database: DatabaseSync, path: string): void {
  const read = (name: string) => Number(Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]);
  if (path === ':memory:' || read('auto_vacuum') === incremental) return;
  const usedBytes = (read('page_count') - read('freelist_count')) * read('page_size');
  const { bavail, bsize } = statfsSync(dirname(path));
  if (usedBytes > mostRewrittenBytes || bavail * bsize < 3 * usedBytes) return;
  try {
    database.exec('pragma auto_vacuum = incremental');
    database.exec('vacuum');
  } catch (error) {
    if (isDamage(error)) throw error;
  }
}

const incremental = 2;

/** One line for the operator. */
export function cannotOpen(path: string, error: unknown): Error {
  return new Error(`Cannot open the database "${path}": ${explain(error)}`, { cause: error });
}

/** Moves everything into the one file, so that a stopped bot can be backed up by copying it. */
export function closeSqliteFile(database: DatabaseSync): void {
  try {
    database.exec('pragma busy_timeout = 1000'); // Nobody waits for an answer any more.
    // Another process may still read: then this moves what it can, and the rest stays safe in the WAL.
    database.exec('pragma wal_checkpoint(truncate)');
  } finally {
    database.close();
  }
}

/** Throws when this SQLite may damage files. */
export function assertSqliteVersion(version: string | undefined): void {
  if (version !== undefined && isAtLeast(version, oldestSqlite)) return;
  throw new Error(
    `Cannot use SQLite ${version ?? 'of this Node'}: versions before ${oldestSqlite} can damage the database, update Node`,
  );
}

function isAtLeast(version: string, oldest: string): boolean {
  return version.localeCompare(oldest, 'en', { numeric: true }) >= 0;
}

/**
 * SQLite would write whatever log it finds into the file, and the newest half of what a restore was to replace would be back.
 * A file that was never opened since it was backed up says in its header that it has no log of its own.
 */
async function isBesideForeignLog(path: string): Promise<boolean> {
  const log = await stat(`${path}-wal`).catch(() => undefined);
  if (log === undefined || log.size === 0) return false;
  const file = await open(path, 'r');
  const header = await file.read(Buffer.alloc(20), 0, 20, 0).finally(() => file.close());
  return header.bytesRead === 20 && header.buffer[writeVersionAt] === withoutLog;
}

/** Where the header says how the file is written (sqlite.org/fileformat2.html, 1.3). */
const writeVersionAt = 18;
const withoutLog = 1;

/** SQLite gives its `-wal` and `-shm` files the mode of the file itself, which therefore must exist before. */
export async function createPrivately(path: string): Promise<Stats> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  return file.stat().finally(() => file.close());
}

/** Throws when what is in the file is not what was written there. */
export function assertHealthy(database: DatabaseSync): void {
  const found = Object.values(database.prepare('pragma quick_check(1)').get() ?? {}).join();
  if (found !== 'ok') throw new Error(`the file is damaged (${found.replaceAll('\n', ' ')}), ${whatToDoAboutDamage}`);
}

function assertKnownSchema(database: DatabaseSync): void {
  const found = schemaVersionOf(database);
  if (found <= schemaVersion) return;
  throw new Error(
    `a newer version of this program wrote it (schema ${found}, known are up to ${schemaVersion}), start that version or restore the backup made before the update`,
  );
}

/** A bot that was started before an update still runs on the older one. */
function assertCurrentSchema(database: DatabaseSync): void {
  const found = schemaVersionOf(database);
  if (found === schemaVersion) return;
  throw new Error(
    `an older version of this program wrote it (schema ${found}, this one writes ${schemaVersion}), start the bot with this version first, or run this with the version that the bot runs`,
  );
}

const whatToDoAboutDamage =
  'restore what "npm run backup" wrote (README, “Restore”), or move it away to start with an empty one';

/** What the system says about a path, and what to do about it. */
const advice: Readonly<Record<string, string>> = {
  ENOENT: 'there is none, name the one that the bot uses in DATABASE_URL',
  EISDIR: 'it is a folder, name a file in it in DATABASE_URL',
  ENOTDIR: 'what should be its folder is a file, name another path in DATABASE_URL',
  EEXIST: 'what should be its folder is a file, name another path in DATABASE_URL',
  EACCES: 'this user may not write it, make it and its folder the user’s own',
  EPERM: 'this user may not write it, make it and its folder the user’s own',
  EROFS: 'its disk can only be read, name another path in DATABASE_URL',
  ENOSPC: 'the disk is full, make room and start again',
};

function explain(error: unknown): string {
  if (isDamage(error)) return `the file is damaged (${messageOf(error)}), ${whatToDoAboutDamage}`;
  if (isLocked(error)) return 'another process holds it, end that one and start again';
  if (isUnwritable(error)) return `it cannot be written (${messageOf(error)}), make room and see whose it is`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return advice[code] ?? messageOf(error);
}
