import type { Clock } from '../../lib/clock.ts';

/** Whether something holds. A rejection means that it does not. */
export type Check = () => Promise<boolean> | boolean;

/** Orchestrators give up on a probe after a few seconds and learn nothing from it: a check that hangs has failed. */
const longestCheckMs = 2_000;

/** Names of the checks that do not hold. They run side by side; never rejects. */
export async function findFailing(
  checks: Readonly<Record<string, Check>>,
  clock: Pick<Clock, 'sleep'>,
): Promise<string[]> {
  const ended = new AbortController();
  const tooLate = clock.sleep(longestCheckMs, ended.signal).then(() => false);
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, holds: await Promise.race([holds(check), tooLate]) })),
  );
  ended.abort();
  return results.filter((result) => !result.holds).map(({ name }) => name);
}

async function holds(check: Check): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}
