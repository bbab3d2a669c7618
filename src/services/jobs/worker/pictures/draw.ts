import type { Change } from '../../store/rows.ts';
import { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey } from '../../../modelslab/training-api.ts';
import { advance } from '../../state/advance.ts';
import { cross } from '../../crash-points.ts';
import { fetchPictures, countCost, overWith } from './fetch-pictures.ts';
import type { Job } from '../../state/job.ts';
import { storeVerdict } from '../store-verdict.ts';
import { loadModel, mayNeedLoading } from './load-model.ts';
import { againAt, modelOf, over, waiting, type DrawDeps, type PictureContext } from './context.ts';
import { TakenIdError } from '../../store/provider-ids.ts';
import {
  isAt,
  nextRoundAt,
  type PictureEvent,
  type PictureIntent,
  type PictureRound,
} from '../../state/picture-round.ts';

/**
 * Moves the sample pictures of a model on by one step. Beside `submit` the only place where money is spent: the intent is
 * stored first, then the request leaves, once. Nothing here sends again what may have arrived.
 */
export async function draw(
  job: PictureContext['job'],
  round: PictureRound,
  deps: DrawDeps,
  signal: AbortSignal,
): Promise<void> {
  const now = deps.clock.now();
  if (now < (nextRoundAt(round, now) ?? Infinity)) return; // Looked at for another reason, such as a message to post.
  const key = await deps.vault.find(job.guildId);
  const look = { job, key: key?.fingerprint === job.keyFingerprint ? key : undefined };
  const event = await eventFor(look, round, deps, signal);
  if (event.type === 'leaving') await send({ ...look, round }, event.intent, deps);
  else await note({ ...look, round }, event, deps);
}

async function eventFor(
  look: Omit<PictureContext, 'round'>,
  round: PictureRound,
  deps: DrawDeps,
  signal: AbortSignal,
): Promise<PictureEvent> {
  if (isAt(round, 'wanted')) return loadModel({ ...look, round }, deps, signal);
  if (isAt(round, 'making')) return fetchPictures({ ...look, round }, deps, signal);
  if (isAt(round, 'counting')) return countCost({ ...look, round }, deps, signal);
  // It was being sent, and the lease has run out: nobody waits for a verdict any more.
  return over({ kind: 'unclear' });
}

function note(
  { job, round }: PictureContext,
  event: PictureEvent,
  { jobs, clock }: DrawDeps,
): Promise<Change | undefined> {
  const moved = { type: 'pictures-moved', round: round.number, event } as const;
  return jobs.update(job.id, (now) => advance(now, moved, clock.now()));
}

async function send(look: PictureContext, intent: PictureIntent, deps: DrawDeps): Promise<void> {
  const sent = await note(look, { type: 'leaving', intent }, deps);
  const stored = sent?.after.pictures;
  const isLeaving = stored && isAt(stored, 'sending') && stored.progress.intent === intent;
  if (!isLeaving || !look.key) return; // The model was deleted meanwhile, say.
  cross('pictures-intent-stored', look.job);
  const verdict = await ask(look, look.key, deps);
  cross('pictures-reply-received', look.job);
  await storeVerdict({ jobId: look.job.id, verdict }, () => store(verdict, look, intent, deps), deps);
  cross('pictures-verdict-stored', look.job);
}

/** It counts for its own attempt only; pictures that nobody waits for any more are at least in the log. */
async function store(
  verdict: PictureEvent,
  look: PictureContext,
  { attempt }: PictureIntent,
  deps: DrawDeps,
): Promise<void> {
  const { jobs, clock, log } = deps;
  const moved = { type: 'pictures-moved', round: look.round.number, event: verdict } as const;
  const isAwaited = ({ pictures }: Job) =>
    pictures !== undefined && isAt(pictures, 'sending') && pictures.progress.intent.attempt === attempt;
  const note = (event: PictureEvent) =>
    jobs.update(look.job.id, (now) => (isAwaited(now) ? advance(now, { ...moved, event }, clock.now()) : now));
  const noted = await note(verdict).catch((error: unknown) => {
    if (!(error instanceof TakenIdError)) throw error;
    log.error({ err: error, jobId: look.job.id, verdict }, 'the provider promised the pictures of another round');
    return note(over({ kind: 'unclear' }));
  });
  if (!noted || !isAwaited(noted.before))
    log.error({ jobId: look.job.id, verdict }, 'pictures were asked for that nobody waits for any more');
}

/** No signal is passed on: once it is leaving, only the client's own time limit ends the wait for a verdict. */
async function ask(look: PictureContext, key: ApiKey, deps: DrawDeps): Promise<PictureEvent> {
  const { prompt, count } = look.round;
  try {
    const asked = { ...modelOf(look), prompt, count };
    const never = new AbortController().signal;
    const pictures = await deps.api.draw(asked, key, never, () => deps.mayPay(look.job.id));
    if (pictures.state !== 'in-the-making') return overWith(pictures);
    const { requestId, etaMs } = pictures;
    return { type: 'begun', requestId, until: againAt({ tries: 0 }, deps, etaMs) };
  } catch (error) {
    deps.log.warn({ err: error, jobId: look.job.id }, 'pictures were asked for and not promised');
    return verdictOn(error, look, deps);
  }
}

/** Whatever is not certain is no verdict: the request is never sent again by itself. */
function verdictOn(error: unknown, look: PictureContext, deps: DrawDeps): PictureEvent {
  if (!(error instanceof TrainingApiError)) return over({ kind: 'unclear' });
  const { kind, reason, said } = error;
  switch (kind) {
    case 'unavailable':
      return waiting('not-accepted', 'provider-silent', look, { ...deps, error });
    case 'rejected':
      if (reason === 'queue-full') return waiting('not-accepted', 'provider-busy', look, { ...deps, error });
      if (mayNeedLoading(error, look, deps)) return waiting('not-accepted', 'loading', look, { ...deps, error });
      return over({ kind: 'refused', reason, ...(said !== undefined && { said }) });
    case 'ambiguous':
    case 'malformed':
      return over({ kind: 'unclear' });
  }
}
