import { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey } from '../../../modelslab/training-api.ts';
import { cross } from '../../crash-points.ts';
import { advance } from '../../state/advance.ts';
import type { Job } from '../../state/job.ts';
import {
  isAt,
  nextRoundAt,
  type PictureEvent,
  type PictureIntent,
  type PictureRound,
} from '../../state/picture-round.ts';
import { TakenIdError } from '../../store/provider-ids.ts';
import type { Change } from '../../store/rows.ts';
import { storeVerdict } from '../store-verdict.ts';
import type { WorkerContext } from '../worker-context.ts';
import { countCost, fetchPictures, overWith } from './fetch-pictures.ts';
import { loadModel, mayNeedLoading } from './load-model.ts';
import { againAt, modelOf, over, waiting, type PictureContext } from './picture-context.ts';

/**
 * Moves the sample pictures of a model on by one step. Beside `submit` the only place where money is spent: the intent is
 * stored first, then the request leaves, once. Nothing here sends again what may have arrived.
 */
export async function draw(
  job: PictureContext['job'],
  round: PictureRound,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<void> {
  const now = deps.clock.now();
  if (now < (nextRoundAt(round, now) ?? Infinity)) return; // Looked at for another reason, such as a message to post.
  const key = await deps.vault.find(job.guildId);
  const context = { job, key: key?.fingerprint === job.keyFingerprint ? key : undefined };
  const event = await eventFor(context, round, deps, signal);
  if (event.type === 'leaving') await send({ ...context, round }, event.intent, deps);
  else await note({ ...context, round }, event, deps);
}

async function eventFor(
  context: Omit<PictureContext, 'round'>,
  round: PictureRound,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<PictureEvent> {
  if (isAt(round, 'wanted')) return loadModel({ ...context, round }, deps, signal);
  if (isAt(round, 'making')) return fetchPictures({ ...context, round }, deps, signal);
  if (isAt(round, 'counting')) return countCost({ ...context, round }, deps, signal);
  // It was being sent, and the lease has run out: no process waits for its verdict any more.
  return over({ kind: 'unclear' });
}

function note(
  { job, round }: PictureContext,
  event: PictureEvent,
  { jobs, clock }: WorkerContext,
): Promise<Change | undefined> {
  const moved = { type: 'pictures-moved', round: round.number, event } as const;
  return jobs.update(job.id, (now) => advance(now, moved, clock.now()));
}

async function send(context: PictureContext, intent: PictureIntent, deps: WorkerContext): Promise<void> {
  const sent = await note(context, { type: 'leaving', intent }, deps);
  const stored = sent?.after.pictures;
  const isLeaving = stored && isAt(stored, 'sending') && stored.progress.intent === intent;
  if (!isLeaving || !context.key) return; // The model was deleted meanwhile, say.
  cross('pictures-intent-stored', context.job);
  const verdict = await ask(context, context.key, deps);
  cross('pictures-reply-received', context.job);
  await storeVerdict({ jobId: context.job.id, verdict }, () => store(verdict, context, intent, deps), deps);
  cross('pictures-verdict-stored', context.job);
}

/** It counts for its own attempt only; pictures that no round waits for any more are at least logged. */
async function store(
  verdict: PictureEvent,
  context: PictureContext,
  { attempt }: PictureIntent,
  deps: WorkerContext,
): Promise<void> {
  const { jobs, clock, log } = deps;
  const moved = { type: 'pictures-moved', round: context.round.number, event: verdict } as const;
  const isAwaited = ({ pictures }: Job) =>
    pictures !== undefined && isAt(pictures, 'sending') && pictures.progress.intent.attempt === attempt;
  const note = (event: PictureEvent) =>
    jobs.update(context.job.id, (now) => (isAwaited(now) ? advance(now, { ...moved, event }, clock.now()) : now));
  const noted = await note(verdict).catch((error: unknown) => {
    if (!(error instanceof TakenIdError)) throw error;
    log.error({ err: error, jobId: context.job.id, verdict }, 'the provider promised the pictures of another round');
    return note(over({ kind: 'unclear' }));
  });
  if (!noted || !isAwaited(noted.before))
    log.error({ jobId: context.job.id, verdict }, 'pictures were asked for that nobody waits for any more');
}

/** No signal is passed on: once it is leaving, only the client's own time limit ends the wait for a verdict. */
async function ask(context: PictureContext, key: ApiKey, deps: WorkerContext): Promise<PictureEvent> {
  const { prompt, count } = context.round;
  try {
    const asked = { ...modelOf(context), prompt, count };
    const never = new AbortController().signal;
    const pictures = await deps.api.draw(asked, key, never, () => deps.mayPay(context.job.id));
    if (pictures.state !== 'in-the-making') return overWith(pictures);
    const { requestId, etaMs } = pictures;
    return { type: 'begun', requestId, until: againAt({ tries: 0 }, deps, etaMs) };
  } catch (error) {
    deps.log.warn({ err: error, jobId: context.job.id }, 'pictures were asked for and not promised');
    return verdictOn(error, context, deps);
  }
}

/** Whatever is not certain is no verdict: the request is never sent again by itself. */
function verdictOn(error: unknown, context: PictureContext, deps: WorkerContext): PictureEvent {
  if (!(error instanceof TrainingApiError)) return over({ kind: 'unclear' });
  const { kind, reason, said } = error;
  switch (kind) {
    case 'unavailable':
      return waiting('not-accepted', 'provider-silent', context, { ...deps, error });
    case 'rejected':
      if (reason === 'queue-full') return waiting('not-accepted', 'provider-busy', context, { ...deps, error });
      if (mayNeedLoading(error, context, deps)) return waiting('not-accepted', 'loading', context, { ...deps, error });
      return over({ kind: 'refused', reason, ...(said !== undefined && { said }) });
    case 'ambiguous':
    case 'malformed':
      return over({ kind: 'unclear' });
  }
}
