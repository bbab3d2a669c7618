import { expect, it } from 'vitest';
import { settlesInTime, TimeoutError, withTimeout } from '../../src/lib/timeout.ts';

const never = new AbortController().signal;
/** Rejects with the reason of its signal, as every call of ours does. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
const atOnce = { ms: 5, clock: { sleep: () => Promise.resolve() } };
const notYet = {
  ms: 5,
  clock: { sleep: (_ms: number, signal: AbortSignal) => untilAborted(signal).catch(() => undefined) },
};

it('aborts a call for which nobody waits any longer', async () => {
  await expect(withTimeout(untilAborted, atOnce, never)).rejects.toBeInstanceOf(TimeoutError);
});

it('gives what the call gives in time, and ends the wait with it', async () => {
  let waits = true;
  const sleep = async (ms: number, signal: AbortSignal) => {
    await notYet.clock.sleep(ms, signal);
    waits = false;
  };
  expect(await withTimeout(() => Promise.resolve('answer'), { ms: 5, clock: { sleep } }, never)).toBe('answer');
  await Promise.resolve();
  expect(waits).toBe(false);
});

it('lets the caller end the call with a reason of its own', async () => {
  const stopping = new AbortController();
  const call = withTimeout(untilAborted, notYet, stopping.signal);
  stopping.abort(new Error('stopping'));
  await expect(call).rejects.toThrow('stopping');
});

it('waits for work that goes on by itself, and says when it was not done in time', async () => {
  expect(await settlesInTime(Promise.resolve('done'), notYet)).toBe(true);
  expect(await settlesInTime(new Promise(() => undefined), atOnce)).toBe(false);
});

it('passes on why such work failed', async () => {
  await expect(settlesInTime(Promise.reject(new Error('broken')), notYet)).rejects.toThrow('broken');
});
