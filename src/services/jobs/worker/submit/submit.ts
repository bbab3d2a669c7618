import { createHash } from 'node:crypto';
import type { JobId, TrainingId } from '../../../../lib/ids.ts';
import type { Vault } from '../../../guilds/vault.ts';
import { methods, plans } from '../../../modelslab/methods.ts';
import { findSetting } from '../../../modelslab/settings.ts';
import { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey, TrainingRequest } from '../../../modelslab/training-api.ts';
import { cross } from '../../crash-points.ts';
import { advance, quietTime, type JobEvent, type PutOff } from '../../state/advance.ts';
import { isIn, trainingIdOf, type Failure, type Intent, type Job, type JobIn } from '../../state/job.ts';
import { busyMs, giveUpSendingMs, type Rhythm } from '../../state/schedule.ts';
import { TakenIdError } from '../../store/provider-ids.ts';
import type { ProviderQueue } from '../../store/provider-queue.ts';
import { storeVerdict } from '../store-verdict.ts';
import type { WorkerContext } from '../worker-context.ts';
import { handOver, HandOverError } from './hand-over.ts';

/** A list that does not show a training of this age yet lags; what is missing for longer was removed there. */
const listSettlesMs = 10 * 60 * 1000;
/** After so many tries the provider's list is taken for one that never shows what runs. */
const patienceWithList = 4;

/**
 * Sends one queued order: beside `draw` the only place where money is spent. The intent is stored first, with what is needed to find
 * out later whether the request arrived; only then the request leaves, once. Nothing here sends again by itself.
 */
export async function submit(job: JobIn<'queued'>, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  const note = (event: JobEvent) => {
    const at = deps.clock.now();
    // Another process may be sending it by now: what this one found out is about an order that was not sent.
    return deps.jobs.update(job.id, (now) =>
      isIn(now, 'queued') ? advance(now, withPatience(event, job, at), at) : now,
    );
  };
  const key = await deps.vault.find(job.guildId);
  if (!key) {
    await note({ type: 'failed', failure: { kind: 'no-key' } });
    return;
  }
  // Looked at for another reason, such as a message that could not be posted.
  if (key.fingerprint === job.keyFingerprint && deps.clock.now() < (job.quietUntil ?? 0)) return;
  const line = await joinLine(job, key, deps);
  const waiting = await waitForTurn(job, line, deps);
  if (waiting) {
    await note(waiting);
    return;
  }
  cross('turn-come', job);
  const ready = await getReady(job, key, deps, signal).catch(async (error: unknown) => {
    signal.throwIfAborted();
    await note(beforeSending(error, deps.rhythm));
  });
  if (ready === undefined) return;
  if (ready === 'list-lags') {
    await note({ type: 'held', hold: 'list-lags' });
    return;
  }
  const wandb = await findWandbKey(job, deps.wandb);
  // Handing over takes a while. With a key that was replaced meanwhile, the training's status could not be asked for.
  if ((await deps.vault.find(job.guildId))?.fingerprint !== key.fingerprint) return;
  signal.throwIfAborted(); // The last moment at which stopping is free of doubt.
  const webhook = deps.createWebhook(job.id);
  const leaving = { type: 'leaving', intent: ready.intent, ...(webhook && { tokenHash: webhook.tokenHash }) } as const;
  const sent = await deps.jobs.updateInTurn(job.id, line, (now) => advance(now, leaving, deps.clock.now()));
  if (sent && 'hold' in sent) await note({ type: 'held', ...sent });
  else if (sent && isIn(sent.after, 'sending') && sent.after.phase.intent === ready.intent) {
    cross('intent-stored', job);
    const secret = { ...(webhook && { webhook: webhook.url }), ...(wandb && { wandbKey: wandb.secret }) };
    const request = { ...ready.request, ...secret };
    const verdict = withPatience(await send(job.id, { request, key }, deps), job, deps.clock.now());
    cross('reply-received', job);
    await storeVerdict({ jobId: job.id, verdict }, () => store(verdict, job.id, ready.intent, deps), deps);
    cross('verdict-stored', job);
  }
}

/** From here on the others that use the key know that it waits. */
async function joinLine(
  job: Job,
  { fingerprint: keyFingerprint }: ApiKey,
  deps: WorkerContext,
): Promise<ProviderQueue> {
  await deps.jobs.update(job.id, (now) => advance(now, { type: 'joined-line', keyFingerprint }, deps.clock.now()));
  const { plan } = await deps.settings.get(job.guildId);
  return { keyFingerprint, slots: plans[plan].slots };
}

/** Whose turn comes is looked at once more before it is sent: handing over takes a while, and its card says so first. */
async function waitForTurn(
  job: JobIn<'queued'>,
  line: ProviderQueue,
  { jobs }: WorkerContext,
): Promise<JobEvent | undefined> {
  const wait = await jobs.findWait(job.id, line);
  if (wait) return { type: 'held', ...wait };
  return job.phase.hold === 'in-line' ? { type: 'called' } : undefined;
}

/** It counts for its own attempt only; a training that no order waits for any more is at least logged. */
async function store(verdict: JobEvent, id: JobId, { attempt, before }: Intent, deps: WorkerContext): Promise<void> {
  const isAwaited = (now: Job) => isIn(now, 'sending', 'unknown', 'asking') && now.phase.intent.attempt === attempt;
  const at = deps.clock.now();
  const note = (event: JobEvent) => deps.jobs.update(id, (now) => (isAwaited(now) ? advance(now, event, at) : now));
  const misnamed = (fields: object) => {
    deps.log.error({ ...fields, jobId: id, verdict }, 'the provider gave an order the training of another one');
    return note({ type: 'misnamed' });
  };
  const wasThere = verdict.type === 'accepted' && before?.includes(verdict.trainingId) === true;
  const stored = await (wasThere ? misnamed({ listed: 'before' }) : note(verdict)).catch((error: unknown) => {
    if (!(error instanceof TakenIdError)) throw error;
    return misnamed({ err: error });
  });
  const isLost = verdict.type === 'accepted' && (!stored || trainingIdOf(stored.after) !== verdict.trainingId);
  if (isLost) deps.log.error({ jobId: id, verdict }, 'a training began that no order waits for any more');
}

interface Ready {
  readonly request: TrainingRequest;
  readonly intent: Intent;
}

async function getReady(job: Job, key: ApiKey, deps: WorkerContext, signal: AbortSignal): Promise<Ready | 'list-lags'> {
  const images = await handOver(job, key, deps, signal);
  const { min } = methods[job.order.method].photos;
  if (images.length < min) throw new HandOverError(`${images.length} photos are left, and ${min} are needed`);
  cross('crops-handed-over', job);
  const before = await listBefore(job, key, deps, signal);
  cross('list-taken', job);
  if (before === 'lags') return 'list-lags';
  const request = requestOf(job, images, deps.rhythm);
  const intent = {
    attempt: job.attempts + 1,
    at: deps.clock.now(),
    keyFingerprint: key.fingerprint,
    requestHash: createHash('sha256').update(JSON.stringify(request)).digest('hex'),
    before,
  };
  return { request, intent };
}

/** A seed that was not chosen is drawn here: the provider's documents disagree whether it may be left to the provider. */
function requestOf({ order }: Job, images: readonly string[], { random }: Rhythm): TrainingRequest {
  const { name: _name, crop: _crop, ...asked } = order;
  const isDrawn = order.seed === undefined && findSetting(methods[order.method], 'seed') !== undefined;
  return { ...asked, ...(isDrawn && { seed: Math.floor(random() * 2 ** 31) }), images };
}

/** A training for which the server's key is gone meanwhile is worth having without reports too. */
async function findWandbKey({ guildId, order }: Job, wandb: Pick<Vault, 'find'>): Promise<ApiKey | undefined> {
  return order.report === 'yes' ? wandb.find(guildId) : undefined;
}

/**
 * The trainings that the provider lists now, to compare with should no verdict come back. Only a list that shows what
 * we know to be there proves anything: while it does not it lags, and null says that it cannot be relied on at all.
 */
async function listBefore(
  job: Job,
  key: ApiKey,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<readonly TrainingId[] | 'lags' | null> {
  const owned = await deps.jobs.ownedTrainings(key.fingerprint);
  const readAt = deps.clock.now();
  const listed = await deps.api.list(key, signal).catch((error: unknown) => {
    if (error instanceof TrainingApiError && (error.kind === 'malformed' || error.reason === 'not-found')) return null;
    throw error;
  });
  if (listed === null) return null;
  await deps.listEvidence.contradict({ listed, readAt }, key);
  const recently = deps.clock.now() - listSettlesMs;
  const mustShow = owned.filter(
    ({ method, state, startedAt }) =>
      methods[method].result.isListed && startedAt > recently && (state === 'training' || state === 'ready'),
  );
  const shown = new Set(listed);
  if (mustShow.every(({ trainingId }) => shown.has(trainingId))) return listed;
  return job.trouble < patienceWithList ? 'lags' : null;
}

/** What an error means as long as nothing was sent. */
function beforeSending(error: unknown, rhythm: Rhythm): JobEvent {
  if (error instanceof HandOverError) return { type: 'failed', failure: { kind: 'no-hand-over', why: error.message } };
  if (!(error instanceof TrainingApiError)) throw error;
  if (error.kind === 'rejected' && error.reason !== 'queue-full') return { type: 'failed', failure: refusal(error) };
  return { type: 'held', ...putOff(error, rhythm) };
}

function putOff({ reason, retryAfterMs }: TrainingApiError, rhythm: Rhythm): PutOff {
  if (reason === 'queue-full') return { hold: 'provider-busy', quietMs: retryAfterMs ?? busyMs(rhythm) };
  return { hold: 'provider-silent', ...quietTime({ retryAfterMs }) };
}

/**
 * Waiting for the provider ends: an order that could not be sent for so long since a person last wanted it, or since its
 * turn came, is given up. Waiting for others of its own key is no reason to: their end frees the way.
 */
function withPatience(event: JobEvent, { touchedAt, calledAt = touchedAt }: Job, now: number): JobEvent {
  if (event.type !== 'held' && event.type !== 'not-accepted') return event;
  if (now - Math.max(touchedAt, calledAt) <= giveUpSendingMs) return event;
  switch (event.hold) {
    case 'provider-busy':
      return { type: 'failed', failure: { kind: 'refused', reason: 'queue-full' } };
    case 'provider-silent':
      return { type: 'failed', failure: { kind: 'unreachable' } };
    case 'list-lags':
    case 'another-first':
    case 'in-line':
      return event;
  }
}

interface Sent {
  readonly request: TrainingRequest;
  readonly key: ApiKey;
}

/** No signal is passed on: once it is leaving, only the client's own time limit ends the wait for a verdict. */
async function send(id: JobId, { request, key }: Sent, { api, rhythm, mayPay }: WorkerContext): Promise<JobEvent> {
  const never = new AbortController().signal;
  try {
    return { type: 'accepted', trainingId: await api.start(request, key, never, () => mayPay(id)) };
  } catch (error) {
    return verdictOn(error, rhythm);
  }
}

/** Whatever is not certain is no verdict: the order is then looked for, never blindly sent again. */
function verdictOn(error: unknown, rhythm: Rhythm): JobEvent {
  if (!(error instanceof TrainingApiError)) return { type: 'no-verdict' };
  const { named } = error;
  switch (error.kind) {
    case 'unavailable':
      return { type: 'not-accepted', ...putOff(error, rhythm) };
    case 'rejected':
      if (error.reason === 'queue-full') return { type: 'not-accepted', ...putOff(error, rhythm) };
      return { type: 'failed', failure: refusal(error) };
    case 'ambiguous':
    case 'malformed':
      return { type: 'no-verdict', ...(named !== undefined && { named }) };
  }
}

function refusal({ reason, said }: TrainingApiError): Failure {
  return { kind: 'refused', reason, ...(said !== undefined && { said }) };
}
