import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/* Loaded into the program before its own modules: sends it SIGTERM in the middle of a statement's work on the schema. */

const variable = 'TERMINATE';

/** The variables that have a program told to stop while it runs the first statement that begins like this. */
export function terminateAt(statement: string): Record<string, string> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, [variable]: statement };
}

const given = process.env[variable];
const isLoadedIntoProgram = given !== undefined && pathToFileURL(process.argv[1] ?? '').href.endsWith('/src/index.ts');
if (isLoadedIntoProgram) {
  const { value: exec } = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'exec') as {
    value: (this: DatabaseSync, sql: string) => void;
  };
  const told = { isDone: false };
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    if (!told.isDone && sql.trimStart().toLowerCase().startsWith(given)) {
      told.isDone = true;
      process.kill(process.pid, 'SIGTERM');
    }
    exec.call(this, sql);
  };
}
