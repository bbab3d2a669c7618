import type { Clock } from './clock.ts';

/** What `withTimeout` aborts with once the time is over. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

export interface Timeout {
  readonly ms: number;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** Makes a call whose signal also aborts, with a `TimeoutError`, once the time is over. Ends as the call does. */
export async function withTimeout<T>(
  call: (signal: AbortSignal) => Promise<T>,
  { ms, clock }: Timeout,
  signal: AbortSignal,
): Promise<T> {
  const [late, ended] = [new AbortController(), new AbortController()];
  void clock.sleep(ms, ended.signal).then(() => {
    late.abort(new TimeoutError(`Cannot wait longer than ${ms} ms`));
  });
  try {
    return await call(AbortSignal.any([signal, late.signal]));
  } finally {
    ended.abort();
  }
}

/** Waits for work that goes on by itself. False when it is not done by then; rejects as it does. */
export async function settlesInTime(work: Promise<unknown>, { ms, clock }: Timeout): Promise<boolean> {
  const ended = new AbortController();
  try {
    return await Promise.race([work.then(() => true), clock.sleep(ms, ended.signal).then(() => false)]);
  } finally {
    ended.abort();
  }
}
