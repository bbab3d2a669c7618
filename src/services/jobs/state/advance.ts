import type { TrainingId } from '../../../lib/ids.ts';
import { isFree, methods } from '../../modelslab/methods.ts';
import type { TrainingStatus } from '../../modelslab/training-api.ts';
import { isArchive, type PhotoSource } from '../../photos/photo.ts';
import { adjustedBy, type EditedPhoto, type PhotoEdit } from './adjustment.ts';
import {
  hasArrived,
  hasEnded,
  isIn,
  maxPhotos,
  trainingIdOf,
  type Delay,
  type Failure,
  type Hold,
  type Intent,
  type Job,
  type LeftOutFiles,
  type Order,
  type Phase,
  type PlaceInQueue,
  type Sighting,
  type State,
} from './job.ts';
import { moveRound, type PictureEvent } from './picture-round.ts';
import { withMiss, withStatus } from './training-status.ts';
import {
  calm,
  canOrderPictures,
  ended,
  loud,
  quiet,
  reopened,
  to,
  touched,
  withoutWish,
  withPictures,
} from './transitions.ts';

/** What can happen to a job. Times are handed in: `advance` knows no clock. */
export type JobEvent =
  | { readonly type: 'photos-attached'; readonly sources: readonly PhotoSource[] }
  | {
      readonly type: 'photos-prepared';
      readonly positions: readonly number[];
      readonly recipe: string;
      readonly leftOut: readonly LeftOutFiles[];
    }
  | { readonly type: 'photos-delayed'; readonly why: Delay['why']; readonly ms: number }
  | { readonly type: 'photos-removed' }
  | { readonly type: 'photo-adjusted'; readonly photo: EditedPhoto; readonly edit: PhotoEdit }
  | { readonly type: 'order-changed'; readonly order: Order }
  | { readonly type: 'wallet-asked' }
  /** Without an amount it is not known in dollars. */
  | { readonly type: 'wallet-seen'; readonly usd?: number }
  /** Without an earlier confirmation of the right to use the photos, this press is it. */
  | { readonly type: 'started'; readonly orderRev: number; readonly confirmedAt?: number }
  | { readonly type: 'joined-line'; readonly keyFingerprint: string }
  | ({ readonly type: 'held'; readonly line?: PlaceInQueue } & PutOff)
  | { readonly type: 'called' }
  | { readonly type: 'leaving'; readonly intent: Intent; readonly tokenHash?: string }
  | { readonly type: 'accepted'; readonly trainingId: TrainingId }
  | ({ readonly type: 'not-accepted' } & PutOff)
  /** `named`: the training that stood in an answer which was no verdict. */
  | { readonly type: 'no-verdict'; readonly named?: TrainingId }
  /** The answer says that a training began, and names one that another order has. */
  | { readonly type: 'misnamed' }
  | { readonly type: 'looked-in-vain'; readonly sightings?: readonly Sighting[] }
  | {
      readonly type: 'undecidable';
      readonly candidates: readonly TrainingId[];
      readonly sightings?: readonly Sighting[];
    }
  | { readonly type: 'send-again' }
  | { readonly type: 'webhook-called'; readonly named?: TrainingId }
  | { readonly type: 'call-followed' }
  | { readonly type: 'status-seen'; readonly status: TrainingStatus }
  | { readonly type: 'status-missing' }
  | { readonly type: 'call-failed'; readonly refused?: Job['refused']; readonly quietMs?: number }
  | { readonly type: 'cancel-asked' }
  | { readonly type: 'cancel-refused'; readonly said: string }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'discarded'; readonly why: 'owner' | 'silence' }
  | { readonly type: 'reopened' }
  | { readonly type: 'deleted' }
  | { readonly type: 'pictures-ordered'; readonly round: number; readonly count: number; readonly prompt: string }
  | { readonly type: 'pictures-moved'; readonly round: number; readonly event: PictureEvent };

/** Why an order is not sent, and for how long the provider wants to be left alone when it said so. */
export interface PutOff {
  readonly hold: Hold;
  readonly quietMs?: number;
}

/** How long the provider wants to be left alone, as an event takes it. */
export function quietTime({ retryAfterMs }: { readonly retryAfterMs: number | undefined }): { quietMs?: number } {
  return retryAfterMs === undefined ? {} : { quietMs: retryAfterMs };
}

type Step<T extends JobEvent['type']> = (job: Job, event: Extract<JobEvent, { type: T }>, at: number) => Job;

/** More than a person looks up: without a list from before, everything that an account ever trained may be it. */
const candidatesKept = 25;

/** Who may meet which event: everything else leaves the job as it is. */
const accepts: Readonly<Record<JobEvent['type'], readonly State[]>> = {
  'photos-attached': ['draft'],
  'photos-prepared': ['draft'],
  'photos-delayed': ['draft'],
  'photos-removed': ['draft'],
  'photo-adjusted': ['draft'],
  'order-changed': ['draft'],
  'wallet-asked': ['draft'],
  'wallet-seen': ['draft'],
  started: ['draft'],
  'joined-line': ['queued'],
  held: ['queued'],
  called: ['queued'],
  leaving: ['queued'],
  accepted: ['sending', 'unknown', 'asking'],
  'not-accepted': ['sending'],
  'no-verdict': ['sending'],
  misnamed: ['sending', 'unknown'],
  'looked-in-vain': ['unknown'],
  undecidable: ['unknown'],
  'send-again': ['unknown', 'asking'],
  'webhook-called': ['queued', 'sending', 'unknown', 'asking', 'training', 'failed', 'cancelled'],
  'call-followed': ['training'],
  'status-seen': ['training'],
  'status-missing': ['training'],
  'call-failed': ['unknown', 'training'],
  'cancel-asked': ['queued', 'sending', 'unknown', 'training'],
  'cancel-refused': ['training'],
  cancelled: ['training', 'asking'],
  failed: ['queued', 'sending', 'unknown', 'training'],
  discarded: ['draft'],
  reopened: ['failed'],
  deleted: ['ready'],
  'pictures-ordered': ['ready'],
  // What is paid for is still posted when the model is deleted meanwhile.
  'pictures-moved': ['ready', 'deleted'],
};

const steps: { readonly [T in JobEvent['type']]: Step<T> } = {
  'photos-attached': (job, { sources }, at) => touched(sources.reduce(withSource, { ...job, leftOut: [] }), at),
  'photos-prepared': (job, { positions, recipe, leftOut }, at) => {
    const { delay: _over, ...rest } = job;
    const pending = job.pending.filter(({ position }) => !positions.includes(position));
    return touched({ ...rest, pending, cropped: recipe, leftOut: [...(job.leftOut ?? []), ...leftOut] }, at);
  },
  // The order itself was not changed.
  'photos-delayed': (job, { why, ms }, at) => ({ ...job, delay: { why, lookAt: at + ms } }),
  'photos-removed': (job, _event, at) => touched(job, at),
  'photo-adjusted': (job, { photo, edit }, at) => {
    const adjustment = adjustedBy(edit, photo, job);
    if (adjustment === undefined) return job;
    return touched({ ...job, adjusted: { ...job.adjusted, [photo.position]: adjustment }, adjustedAt: at }, at);
  },
  'order-changed': (job, { order }, at) => touched({ ...job, order }, at),
  // Neither is anything that a person did to the order: a press on the card that stands there is as good as before.
  'wallet-asked': (job, _event, at) => ({ ...job, wallet: { ...job.wallet, askedAt: at } }),
  'wallet-seen': (job, { usd }, at) => {
    const { askedAt } = job.wallet ?? { askedAt: at };
    return { ...job, wallet: { askedAt, ...(usd !== undefined && { usd }) }, nextAt: at };
  },
  started: (job, { orderRev, confirmedAt }, at) => {
    const begun = { ...job, startedAt: at, confirmedAt: confirmedAt ?? at, touchedAt: at, trouble: 0 };
    return orderRev === job.orderRev ? to(begun, { state: 'queued' }, at) : job;
  },
  'joined-line': (job, { keyFingerprint }) =>
    job.keyFingerprint === keyFingerprint ? job : { ...loud(job), keyFingerprint },
  held: (job, { hold, line, quietMs }, at) =>
    isWhereItWas(job, hold, line)
      ? job
      : to(quiet(withTrouble(job, hold), quietMs, at), { state: 'queued', hold, ...(line && { line }) }, at),
  // The line also waits for a provider that turned this very order away: it must not look as if that were over.
  called: (job, _event, at) =>
    to({ ...loud(job), ...(job.trouble === 0 && { calledAt: at }) }, { state: 'queued' }, at),
  leaving: (job, { intent, tokenHash }, at) => {
    if (intent.attempt !== job.attempts + 1) return job; // Another process sent it meanwhile.
    const { webhook: _ofOlderAttempt, isRestored: _doubtIsOver, ...rest } = job;
    const webhook = tokenHash !== undefined && { tokenHash, called: false, intent: { ...intent, before: null } };
    const { attempt: attempts, keyFingerprint } = intent;
    const sent = { ...rest, ...(webhook && { webhook }), attempts, keyFingerprint, sentAt: at };
    return to(sent, { state: 'sending', intent }, at);
  },
  accepted: (job, { trainingId }, at) => {
    const [stage = 'accepted'] = methods[job.order.method].stages;
    const answering = isIn(job, 'asking') ? answered(job, at) : job;
    return to(calm(answering), { state: 'training', trainingId, stage, stageAt: at, log: [], misses: 0 }, at);
  },
  'not-accepted': (job, { hold, quietMs }, at) =>
    isPaidFor(job)
      ? withoutVerdict(job, at)
      : queued(quiet(withTrouble(job, hold), quietMs, at), { state: 'queued', hold }, at),
  'no-verdict': (job, { named }, at) => withoutVerdict(job, at, named),
  // Something began there, so it is never sent again by itself; which training it is only a person can see.
  misnamed: (job, _event, at) => {
    const looking = withoutVerdict(job, at);
    return isFree(methods[job.order.method]) ? looking : asking(looking, { candidates: [] }, at);
  },
  'looked-in-vain': (job, { sightings }, at) => lookedInVain(job, at, sightings),
  undecidable: (job, met, at) => asking(job, met, at),
  'send-again': (job, _event, at) => {
    if (isIn(job, 'unknown') && isPaidFor(job)) return lookedInVain(job, at);
    const again = isIn(job, 'asking') ? { ...answered(job, at), inDoubt: true } : job;
    return queued(calm(again), { state: 'queued' }, at);
  },
  'webhook-called': (job, { named }, at) =>
    hasEnded(job) ? calledLate(job, at) : arrived(withName(withCall(job, true), named), at),
  'call-followed': (job) => withCall(job, false),
  'status-seen': (job, { status }, at) => (isIn(job, 'training') ? withStatus(job, status, at) : job),
  'status-missing': (job, _event, at) => (isIn(job, 'training') ? withMiss(job, at) : job),
  'call-failed': (job, { refused, quietMs }, at) =>
    quiet({ ...calm(job), trouble: job.trouble + 1, ...(refused && { refused }) }, quietMs, at),
  'cancel-asked': (job, _event, at) => {
    const asked = { ...job, cancelAskedAt: job.cancelAskedAt ?? at };
    return isIn(job, 'queued') ? queued(asked, job.phase, at) : to(asked, job.phase, at);
  },
  'cancel-refused': (job, { said }, at) => {
    const { cancelAskedAt: _answered, ...rest } = job;
    return isIn(job, 'training') ? to(rest, { ...job.phase, cancelRefused: said }, at) : job;
  },
  cancelled: (job, _event, at) =>
    ended(job, { state: 'cancelled', ...withTrainingId(job), ...(isIn(job, 'asking') && { unclear: true }) }, at),
  failed: (job, { failure }, at) =>
    isIn(job, 'sending', 'unknown') && isPaidFor(job)
      ? withoutVerdict(job, at)
      : ended(job, { state: 'failed', failure, ...withTrainingId(job) }, at),
  discarded: (job, { why }, at) => ended(job, { state: 'discarded', why }, at),
  reopened: (job, _event, at) => reopened(job, at),
  deleted: (job, _event, at) =>
    isIn(job, 'ready') ? to(withoutWish(job), { state: 'deleted', trainingId: job.phase.trainingId }, at) : job,
  'pictures-ordered': (job, order, at) => (canOrderPictures(job, order.round) ? withPictures(job, order, at) : job),
  'pictures-moved': (job, { round, event }, at) => {
    if (job.pictures?.number !== round) return job;
    const pictures = moveRound(job.pictures, event, at);
    return pictures === job.pictures ? job : { ...job, pictures, nextAt: pictures.lookAt };
  },
};

/** Pure: no I/O, no clock. An event that no longer applies leaves the job as it is. */
export function advance(job: Job, event: JobEvent, at: number): Job {
  if (!accepts[event.type].includes(job.phase.state)) return job;
  const step = steps[event.type] as Step<JobEvent['type']>; // The table's type ties each step to its own event.
  return step(job, event, at);
}

function withSource(job: Job, source: PhotoSource): Job {
  const position = job.lastPosition + 1;
  const places = isArchive(source) ? maxPhotos : 1;
  return { ...job, pending: [...job.pending, { ...source, position }], lastPosition: job.lastPosition + places };
}

/** Waiting for other orders of the same key is no trouble; everything else makes the next try wait longer. */
function withTrouble(job: Job, hold: Hold): Job {
  return isForOthers(hold) ? job : { ...job, trouble: job.trouble + 1 };
}

function isForOthers(hold: Hold): boolean {
  return hold === 'another-first' || hold === 'in-line';
}

/** A line that does not move is looked at often: nothing is written for that. */
function isWhereItWas(job: Job, hold: Hold, line: PlaceInQueue | undefined): boolean {
  if (!isIn(job, 'queued') || !isForOthers(hold) || job.phase.hold !== hold) return false;
  return job.phase.line?.place === line?.place && job.phase.line?.slots === line?.slots;
}

/** Back in the queue nothing is on its way, so a cancel that was asked for meanwhile can be done. */
function queued(job: Job, phase: Phase, at: number): Job {
  if (job.cancelAskedAt === undefined) return to(job, phase, at);
  return ended(job, { state: 'cancelled', ...(job.inDoubt && { unclear: true }) }, at);
}

function withoutVerdict(job: Job, at: number, named?: TrainingId): Job {
  if (!isIn(job, 'sending')) return job;
  const sightings = named !== undefined && { sightings: [{ trainingId: named, seenAt: at }] };
  return to(calm(job), { state: 'unknown', intent: job.phase.intent, looks: 0, lookedAt: at, ...sightings }, at);
}

function asking(
  job: Job,
  met: Pick<Extract<JobEvent, { type: 'undecidable' }>, 'candidates' | 'sightings'>,
  at: number,
): Job {
  if (!isIn(job, 'unknown')) return job;
  const candidates = met.candidates.slice(0, candidatesKept);
  const sightings = met.sightings && { sightings: met.sightings };
  return to(job, { state: 'asking', intent: job.phase.intent, candidates, ...sightings, askedAt: at }, at);
}

function lookedInVain(job: Job, at: number, sightings?: readonly Sighting[]): Job {
  if (!isIn(job, 'unknown')) return job;
  const { looks } = job.phase;
  return to(calm(job), { ...job.phase, looks: looks + 1, lookedAt: at, ...(sightings && { sightings }) }, at);
}

/** Sent again, or called cancelled, an order that arrived would be paid for without anybody's knowing. */
function arrived(job: Job, at: number): Job {
  if (job.webhook === undefined || !isPaidFor(job)) return job;
  if (isIn(job, 'asking') && job.webhook.named !== undefined) {
    const { intent, sightings } = job.phase;
    return to(calm(job), { state: 'unknown', intent, looks: 0, lookedAt: at, ...(sightings && { sightings }) }, at);
  }
  if (!isIn(job, 'queued')) return job;
  const { intent } = job.webhook;
  const looking = { state: 'unknown', intent, looks: 0, lookedAt: at } as const;
  // The line it waited in may be that of another key.
  return to({ ...calm(job), keyFingerprint: intent.keyFingerprint }, looking, at);
}

/** No order waits for a training any longer, and it seems to run: the people who pay for it are told, once. */
function calledLate(job: Job, at: number): Job {
  const isNews = trainingIdOf(job) === undefined && !hasArrived(job) && job.webhook !== undefined;
  return isNews && !isFree(methods[job.order.method]) ? { ...withCall(job, true), lateCallAt: at, nextAt: at } : job;
}

/** The provider called about it: whatever else is said or listed, sent again it would be paid for twice. */
function isPaidFor(job: Job): boolean {
  return hasArrived(job) && !isFree(methods[job.order.method]);
}

function withCall(job: Job, called: boolean): Job {
  if (job.webhook === undefined || job.webhook.called === called) return job;
  return { ...job, webhook: { ...job.webhook, called } };
}

/** Once a training is known it is asked for by its id, whatever a call says; and one call is as good as another. */
function withName(job: Job, named: TrainingId | undefined): Job {
  if (named === undefined || job.webhook === undefined || job.webhook.named !== undefined) return job;
  return isIn(job, 'training') ? job : { ...job, webhook: { ...job.webhook, named } };
}

/** What a person says now counts more than a cancel or a call of the provider's from before the answer. */
function answered({ cancelAskedAt: _overruled, ...job }: Job, at: number): Job {
  return { ...withCall(job, false), touchedAt: at };
}

function withTrainingId(job: Job): { trainingId?: TrainingId } {
  const trainingId = trainingIdOf(job);
  return trainingId === undefined ? {} : { trainingId };
}
