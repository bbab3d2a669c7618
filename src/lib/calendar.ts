/** From `from` on, until just before `to`: epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The day of UTC, which is the same for everybody wherever they live. */
export function utcDay(at: number): Span {
  const [year, month, day] = partsOf(at);
  return { from: Date.UTC(year, month, day), to: Date.UTC(year, month, day + 1) };
}

/** The calendar month of UTC. */
export function utcMonth(at: number): Span {
  const [year, month] = partsOf(at);
  return { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
}

function partsOf(at: number): [year: number, month: number, day: number] {
  const date = new Date(at);
  return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
}
