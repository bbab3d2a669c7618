import { DatabaseSync, StatementSync } from 'node:sqlite';

/*
 * Loaded into the program before it: from one SIGUSR2 to the next its disk is full, as SQLite shows that. Changes meet it when
 * they are to reach the disk: at the commit, which then ends the transaction, or in a statement outside of one.
 */

let isFull = false;
process.on('SIGUSR2', () => {
  isFull = !isFull;
});

const origins = new WeakMap<StatementSync, { readonly database: DatabaseSync; readonly sql: string }>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (sql, ...rest) {
  const statement = prepare.call(this, sql, ...rest);
  origins.set(statement, { database: this, sql });
  return statement;
};

function meetDisk(statement: StatementSync): void {
  const { database, sql } = origins.get(statement) ?? {};
  if (!isFull || !database || sql === undefined) return;
  const reachesDisk = sql === 'commit' || (/^(insert|update|delete|replace)/i.test(sql) && !database.isTransaction);
  if (!reachesDisk) return;
  if (database.isTransaction) database.exec('rollback');
  throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
}

for (const name of ['run', 'all'] as const) {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const real = StatementSync.prototype[name] as (...given: unknown[]) => unknown;
  Object.defineProperty(StatementSync.prototype, name, {
    value: function (this: StatementSync, ...given: unknown[]) {
      meetDisk(this);
      return real.apply(this, given);
    },
  });
}
