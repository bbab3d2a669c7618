/** What went wrong, in SQLite's own numbers; the bits above the lowest eight tell details. */
function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Another process is writing: the same may succeed in a moment. */
export function isLocked(error: unknown): boolean {
  return codeOf(error) === 5; // SQLITE_BUSY
}

/** Nothing more can be stored until somebody makes room. What is there can still be read. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === 13; // SQLITE_FULL
}

/** What is in the file is not what SQLite wrote there. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return code === 11 || code === 26; // SQLITE_CORRUPT, SQLITE_NOTADB
}
