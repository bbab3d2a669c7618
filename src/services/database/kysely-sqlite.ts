import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { closeSqliteFile } from './sqlite-file.ts';

/** Our queries are a few dozen; lists of different lengths make some more. */
const cachedStatements = 200;

/** Shows a `node:sqlite` database to Kysely, which expects the shape of better-sqlite3. */
export function asKyselyDatabase(database: DatabaseSync): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const cached = cache.get(sql);
      if (cached !== undefined) return cached;
      const statement =
        sql === 'rollback' ? rollback(database) : asKyselyStatement(database.prepare(withWriteLock(sql)));
      if (cache.size >= cachedStatements) cache.clear();
      cache.set(sql, statement);
      return statement;
    },
    close() {
      closeSqliteFile(database);
    },
  };
}

/**
 * Kysely begins deferred transactions. One that reads first and writes later fails at once, without waiting, when
 * another process wrote in between (SQLITE_BUSY_SNAPSHOT), so ours take the write lock when they begin.
 */
function withWriteLock(sql: string): string {
  return sql === 'begin' ? 'begin immediate' : sql;
}

/**
 * A full disk makes SQLite end the transaction by itself. Kysely rolls back all the same, and the complaint about that
 * would hide the error that tells what happened.
 */
function rollback(database: DatabaseSync): SqliteStatement {
  const statement = asKyselyStatement(database.prepare('rollback'));
  return {
    ...statement,
    run: (parameters) => (database.isTransaction ? statement.run(parameters) : { changes: 0, lastInsertRowid: 0 }),
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bindable(parameters)),
    run: (parameters) => statement.run(...bindable(parameters)),
    iterate: (parameters) => statement.iterate(...bindable(parameters)),
  };
}

/** `node:sqlite` itself throws for a value that it cannot bind, so the types here need not be proven twice. */
function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}
