import { backoffMs } from '../../../lib/backoff.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * A verdict on money must not be lost to a locked or full database: it is stored again and again as long as this process
 * lives. `verdict` is only for the log.
 */
export async function storeVerdict(
  verdict: { readonly jobId: JobId; readonly verdict: object },
  store: () => Promise<void>,
  { clock, rhythm, log }: Pick<WorkerContext, 'clock' | 'rhythm' | 'log'>,
): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      await store();
      return;
    } catch (error) {
      log.error({ err: error, ...verdict }, 'a verdict could not be stored, storing it again');
      const waitMs = backoffMs({ baseMs: 200, maxMs: 10_000 }, failures, rhythm.random);
      await clock.sleep(waitMs, new AbortController().signal);
    }
  }
}
