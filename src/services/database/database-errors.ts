/** What went wrong, in SQLite's own numbers; the bits above the lowest eight tell details. */
function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Another process is writing: the same may succeed in a moment. */
export function isLocked(error: unknown): boolean {
  return codeOf(error) === 5; // SQLITE_BUSY
}

/** Nothing can be stored until somebody makes room or repairs something. What is there can mostly still be read. */
export function isUnwritable(error: unknown): boolean {
  const code = codeOf(error);
  return code === 13 || code === 10 || code === 8; // SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY
}

/** What is in the file is not what SQLite wrote there. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return code === 11 || code === 26; // SQLITE_CORRUPT, SQLITE_NOTADB
}
