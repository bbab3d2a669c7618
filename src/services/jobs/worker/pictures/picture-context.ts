import { backoffMs } from '../../../../lib/backoff.ts';
import type { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey, TrainingRef, Wallet } from '../../../modelslab/training-api.ts';
import type { JobIn } from '../../state/job.ts';
import {
  longestPictureWaitMs,
  type Outcome,
  type PictureEvent,
  type PictureHold,
  type PictureRound,
  type PictureRoundAt,
  type RoundStep,
} from '../../state/picture-round.ts';
import type { WorkerContext } from '../worker-context.ts';

/** A round of pictures, with what it takes to move it on. */
export interface PictureContext {
  readonly job: JobIn<'ready' | 'deleted'>;
  readonly round: PictureRound;
  /** Of the account that the model belongs to: no other one can draw with it. */
  readonly key: ApiKey | undefined;
}

export interface PictureContextAt<S extends RoundStep> extends PictureContext {
  readonly round: PictureRoundAt<S>;
}

/** A request that could not be handed over for so long is given up: nothing was charged. */
const giveUpDrawingMs = 30 * 60_000;
const baseWaitMs = 3000;

export function over(outcome: Outcome): PictureEvent {
  return { type: 'over', outcome };
}

export function modelOf({ job }: PictureContext): TrainingRef {
  return { method: job.order.method, trainingId: job.phase.trainingId };
}

/** When to try again; `hintMs` is how long the provider wants it to be. */
export function againAt({ tries }: Pick<PictureRound, 'tries'>, { clock, rhythm }: WorkerContext, hintMs = 0): number {
  const backoff = { baseMs: Math.min(rhythm.pollMs, baseWaitMs), maxMs: longestPictureWaitMs / 5 };
  const waitMs = Math.max(hintMs, backoffMs(backoff, tries + 1, rhythm.random));
  return clock.now() + Math.min(longestPictureWaitMs, waitMs);
}

/** What is not sent yet waits; `type` says whether the request had left, and was not taken. */
export function waiting(
  type: 'put-off' | 'not-accepted',
  hold: PictureHold,
  { round }: PictureContext,
  deps: WorkerContext & { readonly error?: TrainingApiError },
): PictureEvent {
  if (deps.clock.now() - round.orderedAt > giveUpDrawingMs) return over({ kind: 'not-taken' });
  return { type, hold, until: againAt(round, deps, deps.error?.retryAfterMs) };
}

/** Nice to know, and no reason for anything to fail. */
export async function findBalance(
  key: ApiKey,
  { api, log }: Pick<WorkerContext, 'api' | 'log'>,
  signal: AbortSignal,
): Promise<Wallet | undefined> {
  try {
    return await api.wallet(key, signal);
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ err: error }, 'the wallet balance is not known');
    return undefined;
  }
}
