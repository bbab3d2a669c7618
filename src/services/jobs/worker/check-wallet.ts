import { withTimeout } from '../../../lib/timeout.ts';
import { isFree, methods } from '../../modelslab/methods.ts';
import type { ApiKey } from '../../modelslab/training-api.ts';
import { advance } from '../state/advance.ts';
import type { Job } from '../state/job.ts';
import type { WorkerContext } from './worker-context.ts';

/** By then the card stands, and most of those who read it have decided. */
const patienceMs = 3000;
const askAgainMs = 60_000;

/**
 * Asks what the wallet holds that a draft would be billed to, and has its card redrawn. Nothing waits for it: it runs
 * beside the job's steps, so that photos, card and Start do not depend on its answer. Never rejects.
 */
export async function checkWallet(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  const { jobs, clock, log, wake } = deps;
  if (!isDue(job, clock.now())) return;
  try {
    const key = await deps.vault.find(job.guildId);
    if (!key) return;
    await jobs.update(job.id, (now) => advance(now, { type: 'wallet-asked' }, clock.now()));
    const usd = await balanceOf(key, deps, signal);
    await jobs.update(job.id, (now) =>
      advance(now, { type: 'wallet-seen', ...(usd !== undefined && { usd }) }, clock.now()),
    );
    wake.now();
  } catch (error) {
    if (!signal.aborted) log.info({ err: error, jobId: job.id }, 'the wallet balance is not known');
  }
}

/** When its owner did something since, they may have seen to the credit as well. */
function isDue({ told, wallet, touchedAt, order }: Job, now: number): boolean {
  if (told.threadId === undefined || isFree(methods[order.method])) return false;
  return wallet === undefined || (touchedAt > wallet.askedAt && now >= wallet.askedAt + askAgainMs);
}

/** Prices are in dollars: what is in another currency cannot be compared with them. */
async function balanceOf(key: ApiKey, { api, clock }: WorkerContext, signal: AbortSignal): Promise<number | undefined> {
  const ask = (inTime: AbortSignal) => api.wallet(key, inTime);
  const { balance, currency } = await withTimeout(ask, { ms: patienceMs, clock }, signal);
  return currency.toUpperCase() === 'USD' ? balance : undefined;
}
