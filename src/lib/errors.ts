/** Something the person in front of us can put right: its message is shown to them as it is. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** What was asked for has been done: by another process, or when the same interaction came before. No reply is needed. */
export class AlreadyDoneError extends Error {
  override readonly name = 'AlreadyDoneError';
}

/** The text of anything that was thrown, for a place that must not throw again. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
