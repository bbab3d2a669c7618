/** Something that the real Discord would have refused or punished, told so that one can find its cause. */
export interface Violation {
  readonly at: number;
  /** Discord's code, or `late` for an interaction that was left without an answer. */
  readonly code: number | 'late';
  readonly status: number | undefined;
  readonly where: string;
  readonly detail: string;
}

/** What a client without fault may run into: somebody else deleted, archived or locked the place. */
const faultless: readonly number[] = [10003, 10008, 50083, 160005];

export function isFaultless(code: number): boolean {
  return faultless.includes(code);
}
