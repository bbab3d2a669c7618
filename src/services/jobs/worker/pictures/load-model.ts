import { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey } from '../../../modelslab/training-api.ts';
import type { PictureEvent } from '../../state/picture-round.ts';
import type { WorkerContext } from '../worker-context.ts';
import {
  againAt,
  findBalance,
  modelOf,
  over,
  waiting,
  type PictureContext,
  type PictureContextAt,
} from './picture-context.ts';

/** How long a model may take to be loaded; the documents say two minutes. */
const loadingMs = 10 * 60_000;

/** Everything free that comes before the paid request: a model that was idle for long is loaded again first. */
export async function loadModel(
  context: PictureContextAt<'wanted'>,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<PictureEvent> {
  const { key, round } = context;
  if (!key) return over({ kind: 'no-key' });
  try {
    if (await mustLoad(context, key, deps, signal)) {
      if (round.reload === undefined) return await reload(context, key, deps, signal);
      if (mayBeLoading(context, deps)) return waiting('put-off', 'loading', context, deps);
    }
    const before = await findBalance(key, deps, signal);
    const intent = { attempt: round.attempts + 1, at: deps.clock.now(), ...(before && { before }) };
    return { type: 'leaving', intent };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TrainingApiError)) throw error;
    const hold = error.reason === 'queue-full' ? 'provider-busy' : 'provider-silent';
    return waiting('put-off', hold, context, { ...deps, error });
  }
}

/** Whether a refusal may only mean that the model is not loaded, so that the request may be sent again once it is. */
export function mayNeedLoading({ reason }: TrainingApiError, context: PictureContext, deps: WorkerContext): boolean {
  // The documents do not say how an idle model is refused: it may also read as if there were none.
  if (context.round.reload === undefined) return reason === 'not-loaded' || reason === 'not-found';
  return reason === 'not-loaded' && mayBeLoading(context, deps);
}

/** After too long the paid request itself has to tell: being refused costs nothing. */
function mayBeLoading({ round: { reload } }: PictureContext, { clock }: WorkerContext): boolean {
  return reload?.isTaken === true && clock.now() - reload.at < loadingMs;
}

/** A status that cannot be had decides nothing: the paid request is then refused or not. */
async function mustLoad(
  context: PictureContextAt<'wanted'>,
  key: ApiKey,
  { api }: WorkerContext,
  signal: AbortSignal,
): Promise<boolean> {
  const wasRefused = context.round.progress.hold === 'loading' && context.round.reload === undefined;
  if (wasRefused) return true;
  const status = await api.status(modelOf(context), key, signal).catch(unlessLater);
  return status !== undefined && status.verdict !== 'ready';
}

async function reload(
  context: PictureContext,
  key: ApiKey,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<PictureEvent> {
  const isTaken = await deps.api.reload(modelOf(context), key, signal).then(
    () => true,
    (error: unknown) => {
      unlessLater(error);
      return false;
    },
  );
  const until = isTaken ? againAt({ tries: 0 }, deps) : deps.clock.now();
  return { type: 'reload-asked', isTaken, until };
}

/** An answer that would be the same later is no answer; without one, it is asked again later. */
function unlessLater(error: unknown): undefined {
  const isFinal = error instanceof TrainingApiError && (error.kind === 'rejected' || error.kind === 'malformed');
  if (!isFinal || error.reason === 'queue-full') throw error;
}
