import { open, realpath } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../lib/clock.ts';
import { isLocked } from './database-errors.ts';
import { sqlitePathIn } from './database.ts';
import { cannotOpen, createPrivately } from './sqlite-file.ts';

/** As long as a stop may take: in an update the old process may still be on its way out. */
const patienceMs = 11_000;
const pauseMs = 100;

export interface SoleUseAsked {
  /** `DATABASE_URL`. */
  readonly url: string;
  /** Called once when another process is waited for. */
  readonly onWait: () => void;
  readonly patienceMs?: number;
}

/**
 * Keeps the database for this process as long as it lives, or until what this resolves with is called. A second one waits for
 * the end of a first, and is then refused with a one-line `Error` for the operator; commands beside the bot do not ask. The lock
 * is one of the system's, on a file beside the database that SQLite knows how to lock everywhere: it goes with the process,
 * however that ends, and nothing has to be cleaned up. Undefined when the signal aborts meanwhile.
 */
export async function holdDatabase(asked: SoleUseAsked, signal: AbortSignal): Promise<(() => void) | undefined> {
  const path = sqlitePathIn(asked.url);
  if (path === ':memory:') return () => undefined;
  const lock = await openLock(path);
  for (let waitedMs = 0; !signal.aborted; waitedMs += pauseMs) {
    if (isTaken(lock, path))
      return () => {
        lock.close();
      };
    if (waitedMs === 0) asked.onWait();
    if (waitedMs >= (asked.patienceMs ?? patienceMs)) {
      lock.close();
      throw new Error(
        `Cannot use the database "${path}": another process of this bot runs on it, end that one and start again, or name another file in DATABASE_URL`,
      );
    }
    await systemClock.sleep(pauseMs, signal);
  }
  lock.close();
  return undefined;
}

async function openLock(path: string): Promise<DatabaseSync> {
  try {
    // A link is followed only to a file that is there.
    const { nlink } = await createPrivately(path);
    // SQLite keeps one log for each name, and two of them damage the file: sqlite.org/howtocorrupt.html, 2.4.
    if (nlink > 1)
      throw new Error(
        'the file has another name as well (a hard link) and could be damaged by that, delete the other name, or copy the file and name the copy in DATABASE_URL',
      );
    // The same file by another name is the same file.
    const real = await realpath(path);
    await (await open(`${real}.lock`, 'a', 0o600)).close();
    return new DatabaseSync(`${real}.lock`, { timeout: 0 });
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

/** The transaction is never ended: it writes nothing, and holds the lock. */
function isTaken(lock: DatabaseSync, path: string): boolean {
  try {
    lock.exec('begin exclusive');
    return true;
  } catch (error) {
    if (isLocked(error)) return false;
    throw cannotOpen(path, error);
  }
}
