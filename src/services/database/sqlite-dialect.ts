import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { systemClock } from '../../lib/clock.ts';
import { isLocked } from './database-errors.ts';
import { closeSqliteFile } from './sqlite-file.ts';

/** A backup or an operator's own tool may hold the lock for a while; what waits longer fails, and the caller tries again. */
const lockPatienceMs = 30_000;
const lockPauseMs = 20;

/** Our queries are a few dozen; lists of different lengths make some more. */
const cachedStatements = 200;

/**
 * Kysely over one `node:sqlite` handle. Kysely's own driver leaves a lock of another process to SQLite's busy timeout,
 * which blocks the event loop: members then wait too long for an answer, and nothing is read meanwhile although it could be.
 * Here a statement that meets a lock is tried again while everything else goes on.
 */
export function createSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SharedHandleAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** The driver itself keeps transactions apart: Kysely's lock around the whole connection would also hold up reading. */
class SharedHandleAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

interface Transaction {
  readonly owner: DatabaseConnection;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

function createDriver(database: DatabaseSync): Driver {
  const prepare = createPrepare(database);
  const open: { transaction?: Transaction } = {};

  /** `go` is synchronous: whatever it does, nothing comes between. */
  const inTurn = async <T>(connection: DatabaseConnection, go: () => T): Promise<T> => {
    for (let waitedMs = 0; ; waitedMs += lockPauseMs) {
      while (open.transaction && open.transaction.owner !== connection) await open.transaction.ended;
      try {
        return go();
      } catch (error) {
        if (!isLocked(error) || waitedMs >= lockPatienceMs) throw error;
      }
      await systemClock.sleep(lockPauseMs, new AbortController().signal);
    }
  };

  const release = () => {
    open.transaction?.end();
    delete open.transaction;
  };

  return {
    init: () => Promise.resolve(),
    acquireConnection: () => {
      const connection: DatabaseConnection = {
        executeQuery: <R>(query: CompiledQuery) =>
          inTurn(connection, () => execute(prepare(query.sql), query) as QueryResult<R>),
        streamQuery: () => {
          throw new Error('Cannot stream: read page by page');
        },
      };
      return Promise.resolve(connection);
    },
    // The write lock is taken when it begins: a transaction that reads first and writes later fails at once, without
    // waiting, when another process wrote in between (SQLITE_BUSY_SNAPSHOT).
    beginTransaction: (connection) =>
      inTurn(connection, () => {
        prepare('begin immediate').run();
        const { promise: ended, resolve } = Promise.withResolvers<undefined>();
        open.transaction = {
          owner: connection,
          ended,
          end: () => {
            resolve(undefined);
          },
        };
      }),
    commitTransaction: async () => {
      prepare('commit').run(); // When this throws, Kysely rolls back.
      release();
      return Promise.resolve();
    },
    rollbackTransaction: async () => {
      try {
        // A full disk makes SQLite end the transaction by itself: a complaint about that would hide what happened.
        if (database.isTransaction) prepare('rollback').run();
      } finally {
        release();
      }
      return Promise.resolve();
    },
    releaseConnection: () => Promise.resolve(),
    destroy: async () => {
      closeSqliteFile(database);
      return Promise.resolve();
    },
  };
}

function createPrepare(database: DatabaseSync): (sql: string) => StatementSync {
  const cache = new Map<string, StatementSync>();
  return (sql) => {
    const cached = cache.get(sql);
    if (cached !== undefined) return cached;
    const statement = database.prepare(sql);
    if (cache.size >= cachedStatements) cache.clear();
    cache.set(sql, statement);
    return statement;
  };
}

function execute(statement: StatementSync, { sql, parameters }: CompiledQuery): QueryResult<unknown> {
  const values = parameters as SQLInputValue[]; // `node:sqlite` itself throws for a value that it cannot bind.
  // A pragma may go on step by step without giving columns.
  if (statement.columns().length > 0 || sql.startsWith('pragma')) return { rows: statement.all(...values) };
  const { changes, lastInsertRowid } = statement.run(...values);
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}
