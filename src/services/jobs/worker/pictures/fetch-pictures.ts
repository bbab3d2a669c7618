import { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey, Pictures } from '../../../modelslab/training-api.ts';
import type { PictureEvent } from '../../state/picture-round.ts';
import type { WorkerContext } from '../worker-context.ts';
import { againAt, findBalance, over, type PictureContextAt } from './picture-context.ts';

/** Pictures that have not come after this time are given up; they may have been billed. */
const giveUpFetchingMs = 15 * 60_000;

/** Asks for pictures that are being made. */
export async function fetchPictures(
  context: PictureContextAt<'making'>,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<PictureEvent> {
  const { key, round } = context;
  const pictures = key && (await findPictures(context, key, deps, signal));
  if (pictures && pictures.state !== 'in-the-making') return overWith(pictures);
  if (deps.clock.now() - round.progress.since > giveUpFetchingMs) return over({ kind: 'late' });
  return { type: 'put-off', until: againAt(round, deps, pictures?.etaMs) };
}

/** They are paid for: whatever goes wrong with asking for them, they are asked for again. */
async function findPictures(
  { job, round }: PictureContextAt<'making'>,
  key: ApiKey,
  { api, log }: WorkerContext,
  signal: AbortSignal,
): Promise<Pictures | undefined> {
  try {
    return await api.fetchPictures(round.progress.requestId, key, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TrainingApiError)) throw error;
    log.warn({ err: error, jobId: job.id }, 'pictures could not be fetched, asking again later');
    return undefined;
  }
}

/** What the answer of the provider means for the round. */
export function overWith(pictures: Exclude<Pictures, { state: 'in-the-making' }>): PictureEvent {
  if (pictures.state === 'failed')
    return over({ kind: 'failed-there', ...(pictures.said !== undefined && { said: pictures.said }) });
  // Links that must not be shown to anybody are left out before; none may be left.
  return over(pictures.links.length > 0 ? { kind: 'made', links: pictures.links } : { kind: 'failed-there' });
}

/** How much less the wallet holds than before: the documents name no price of a picture. */
export async function countCost(
  context: PictureContextAt<'counting'>,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<PictureEvent> {
  const { before } = context.round.progress.intent;
  const after = context.key && (await findBalance(context.key, deps, signal));
  if (!before || before.currency !== after?.currency) return { type: 'counted' };
  // Balances are decimal fractions, whose differences as binary ones have a tail.
  const amount = Math.round((before.balance - after.balance) * 1e4) / 1e4;
  return { type: 'counted', spent: { amount, currency: after.currency } };
}
