/** Something the person in front of us can put right: its message is shown to them as it is. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The text of anything that was thrown, for a place that must not throw again. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
