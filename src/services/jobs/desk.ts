import { randomInt } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import type { ChannelId, GuildId, JobId, MemberId, TrainingId } from '../../lib/ids.ts';
import type { Vault } from '../guilds/guilds.ts';
import { TrainingApiError } from '../modelslab/errors.ts';
import type { ApiKey, TrainingApi, TrainingRef } from '../modelslab/training-api.ts';
import type { PhotoSource } from '../photos/photo.ts';
import { advance, type JobEvent } from './advance.ts';
import { isIn, type Job, type JobIn, type Order, type State } from './job.ts';
import type { JobStore } from './job-store.ts';
import { changedOrder, checkOrder, mendOrder, type OrderChange } from './order.ts';
import type { PhotoStore } from './photo-store.ts';
import { blockedText } from './review.ts';
import type { Reviewer } from './reviewer.ts';
import type { Wake } from './wake.ts';

/** Who does something, and where. Jobs of another server do not exist for them. */
export interface Actor {
  readonly guildId: GuildId;
  readonly memberId: MemberId;
  /** Holds Manage Server there. */
  readonly isAdmin: boolean;
}

/** What a person can answer when nobody knows whether an order arrived. */
export type Answer =
  | { readonly kind: 'is-training'; readonly trainingId: TrainingId }
  | { readonly kind: 'send-again' }
  | { readonly kind: 'drop' };

export interface Opened {
  readonly job: Job;
  /** Sentences for the member: what was taken differently from how it was typed. */
  readonly notes: readonly string[];
}

/**
 * Where people's wishes become changes of jobs. Nothing here calls Discord or spends money: a change is stored, and the
 * poller is woken to act on it. Rejects with `UserError` when a wish cannot be granted.
 */
export interface Desk {
  /** Opens a draft. What cannot be taken as it is (a name that is taken, too many steps) is mended, and a note says so. */
  open(actor: Actor, channelId: ChannelId, order: Order): Promise<Opened>;
  addPhotos(actor: Actor, id: JobId, sources: readonly PhotoSource[]): Promise<Job>;
  removePhotos(actor: Actor, id: JobId, positions: readonly number[]): Promise<Job>;
  /** Names a draft that was opened without a name; mends as `open` does. */
  describe(actor: Actor, id: JobId, change: OrderChange): Promise<Opened>;
  /** Rejects what cannot be taken as it is. */
  changeOrder(actor: Actor, id: JobId, change: OrderChange): Promise<Job>;
  /** `orderRev` is the revision that the pressed card showed; a second press finds the job started and changes nothing. */
  start(actor: Actor, id: JobId, orderRev: number): Promise<Job>;
  discard(actor: Actor, id: JobId): Promise<Job>;
  cancel(actor: Actor, id: JobId): Promise<Job>;
  reopen(actor: Actor, id: JobId): Promise<Job>;
  answer(actor: Actor, id: JobId, answer: Answer): Promise<Job>;
  /** Deletes a finished model at the provider. */
  remove(actor: Actor, id: JobId, signal: AbortSignal): Promise<Job>;
  /** A job that this person may see: their own, or any of the server's for an admin. */
  find(actor: Actor, id: JobId): Promise<Job>;
  list(actor: Actor, states: readonly State[]): Promise<readonly Job[]>;
  /** Looks at everything unfinished in a server at once: what it waited for, a key say, may be there. */
  lookAgain(guildId: GuildId): Promise<void>;
  /** Notes where the job's thread is. */
  placeIn(id: JobId, threadId: ChannelId): Promise<Job>;
}

export interface DeskDeps {
  readonly jobs: JobStore;
  readonly photos: Pick<PhotoStore, 'list' | 'remove'>;
  readonly reviewer: Reviewer;
  readonly vault: Pick<Vault, 'open'>;
  readonly api: Pick<TrainingApi, 'remove'>;
  readonly clock: Clock;
  readonly wake: Wake;
}

/** As many as a contact sheet stays readable with. */
export const maxPhotos = 30;

export function createDesk(deps: DeskDeps): Desk {
  const { jobs, photos, clock, wake } = deps;

  const find = async (actor: Actor, id: JobId): Promise<Job> => {
    const job = await jobs.find(id);
    const isTheirs = job?.ownerId === actor.memberId || actor.isAdmin;
    if (job?.guildId !== actor.guildId || !isTheirs) throw new UserError(notFound);
    return job;
  };

  const change = async (id: JobId, event: JobEvent): Promise<Job> => {
    const job = await jobs.update(id, (now) => advance(now, event, clock.now()));
    if (!job) throw new UserError(notFound);
    wake.now();
    return job;
  };

  const findDraft = async (actor: Actor, id: JobId): Promise<JobIn<'draft'>> => {
    const job = await findOwn(actor, id);
    if (!isIn(job, 'draft')) throw new UserError(draftIsOver(job));
    return job;
  };

  const findOwn = async (actor: Actor, id: JobId): Promise<Job> => {
    const job = await find(actor, id);
    if (job.ownerId !== actor.memberId) throw new UserError(`Only <@${job.ownerId}>, who ordered this, can do that.`);
    return job;
  };

  return {
    find,
    open: async (actor, channelId, wanted) => {
      const { order, notes } = await acceptable(wanted, actor.guildId, jobs);
      const job = draftOf({ actor, channelId, order, at: clock.now() });
      await jobs.insert(job);
      return { job, notes };
    },

    describe: async (actor, id, wanted) => {
      const draft = await findDraft(actor, id);
      const { order, notes } = await acceptable(changedOrder(draft.order, wanted), actor.guildId, jobs);
      return { job: await change(id, { type: 'order-changed', order }), notes };
    },

    addPhotos: async (actor, id, sources) => {
      const draft = await findDraft(actor, id);
      const already = (await photos.list(id)).length + draft.pending.length;
      if (already + sources.length > maxPhotos) throw new UserError(tooMany(already));
      return change(id, { type: 'photos-attached', sources });
    },

    removePhotos: async (actor, id, positions) => {
      await findDraft(actor, id);
      await photos.remove(id, positions);
      return change(id, { type: 'photos-removed' });
    },

    changeOrder: async (actor, id, wanted) => {
      const draft = await findDraft(actor, id);
      const order = checkOrder(changedOrder(draft.order, wanted));
      if (await jobs.isNameTaken(actor.guildId, order.name, id))
        throw new UserError(`${nameTaken(order.name)} Choose another name.`);
      return change(id, { type: 'order-changed', order });
    },

    start: async (actor, id, orderRev) => {
      const job = await findOwn(actor, id);
      if (!isIn(job, 'draft')) {
        if (isIn(job, 'discarded')) throw new UserError(draftIsOver(job));
        return job; // The second press: it has been started, and the card says so.
      }
      if (orderRev !== job.orderRev) throw new UserError(outdatedCard);
      const [blocker] = (await deps.reviewer.review(job)).blockers;
      if (blocker) throw new UserError(blockedText(blocker));
      return change(id, { type: 'started', orderRev });
    },

    discard: async (actor, id) => {
      await findDraft(actor, id);
      return change(id, { type: 'discarded', why: 'owner' });
    },

    cancel: async (actor, id) => {
      const job = await find(actor, id);
      if (isIn(job, 'draft')) return change(id, { type: 'discarded', why: 'owner' });
      if (!isIn(job, 'queued', 'sending', 'unknown', 'training')) throw new UserError(cannotCancel(job));
      return change(id, { type: 'cancel-asked' });
    },

    reopen: async (actor, id) => {
      const job = await findOwn(actor, id);
      if (isIn(job, 'draft')) return job;
      if (!isIn(job, 'failed'))
        throw new UserError('This one has not failed, so there is nothing to try again. Use /train for a new model.');
      const name = await freeName(actor.guildId, job.order.name, jobs);
      await change(id, { type: 'reopened' });
      return change(id, { type: 'order-changed', order: { ...job.order, name } });
    },

    answer: async (actor, id, answer) => {
      const job = await find(actor, id);
      if (!isIn(job, 'asking'))
        throw new UserError('This question has been answered already. /status shows how it goes on.');
      if (answer.kind === 'is-training') await checkTraining(answer.trainingId, job, jobs);
      return change(id, eventOf(answer));
    },

    remove: async (actor, id, signal) => {
      const job = await find(actor, id);
      if (!isIn(job, 'ready'))
        throw new UserError(`“${job.order.name}” is not a finished model, so there is nothing to delete.`);
      const key = await deps.vault.open(job.guildId);
      if (!key) throw new UserError(blockedText({ kind: 'no-key' }));
      await removeThere({ method: job.order.method, trainingId: job.phase.trainingId }, key, deps.api, signal);
      return change(id, { type: 'deleted' });
    },

    list: ({ guildId, memberId, isAdmin }, states) =>
      jobs.list({ guildId, states, ...(!isAdmin && { ownerId: memberId }) }),

    lookAgain: async (guildId) => {
      for (const { id } of await jobs.list({ guildId, states: ['draft', 'queued', 'unknown', 'training'] })) {
        await jobs.update(id, (now) => ({ ...now, nextAt: clock.now() }));
      }
      wake.now();
    },

    placeIn: async (id, threadId) => {
      const job = await jobs.update(id, (now) => ({ ...now, told: { ...now.told, threadId }, nextAt: clock.now() }));
      if (!job) throw new UserError(notFound);
      wake.now();
      return job;
    },
  };
}

const notFound = 'There is no such training here. /status lists yours.';
const outdatedCard =
  'The order has changed since this card was shown. Look at the newest card in this thread and press Start there.';

function draftOf({
  actor,
  channelId,
  order,
  at,
}: {
  actor: Actor;
  channelId: ChannelId;
  order: Order;
  at: number;
}): Job {
  return {
    id: newId(),
    guildId: actor.guildId,
    channelId,
    ownerId: actor.memberId,
    order,
    orderRev: 1,
    pending: [],
    lastPosition: 0,
    phase: { state: 'draft' },
    told: { place: 'thread', cropIds: [], news: [], failures: 0 },
    attempts: 0,
    trouble: 0,
    createdAt: at,
    touchedAt: at,
    nextAt: null,
  };
}

/** Without letters that look alike, so that it can be read out. */
function newId(): JobId {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('') as JobId;
}

/** A model that is not there any more is as good as deleted. */
async function removeThere(
  model: TrainingRef,
  key: ApiKey,
  api: Pick<TrainingApi, 'remove'>,
  signal: AbortSignal,
): Promise<void> {
  await api.remove(model, key, signal).catch((error: unknown) => {
    if (!(error instanceof TrainingApiError) || error.reason !== 'not-found') throw error;
  });
}

/** Nobody shall have to attach ten photos again because of a name or a number. */
async function acceptable(wanted: Order, guildId: GuildId, jobs: Pick<JobStore, 'isNameTaken'>) {
  const { order, notes } = mendOrder(wanted);
  const name = await freeName(guildId, order.name, jobs);
  return { order: { ...order, name }, notes: [...notes, ...(name === order.name ? [] : [nameTaken(order.name)])] };
}

async function freeName(guildId: GuildId, name: string, jobs: Pick<JobStore, 'isNameTaken'>): Promise<string> {
  if (!(await jobs.isNameTaken(guildId, name))) return name;
  for (let number = 2; ; number += 1) {
    const other = `${name}-${number}`;
    if (!(await jobs.isNameTaken(guildId, other))) return other;
  }
}

function nameTaken(name: string): string {
  return `The name “${name}” is taken by another model in this server.`;
}

function tooMany(already: number): string {
  return `An order can have ${maxPhotos} photos at most, and this one has ${already}. Remove some first, or attach fewer.`;
}

function draftIsOver(job: Job): string {
  if (isIn(job, 'discarded')) return 'This order was discarded and its photos erased. Use /train to begin again.';
  return 'This order has been started and cannot be changed any more. /status shows how it is going.';
}

function cannotCancel(job: Job): string {
  if (isIn(job, 'asking'))
    return 'Nobody knows yet whether this order arrived. Answer the question in its thread first.';
  return `“${job.order.name}” is not running any more, so there is nothing to cancel. /models lists what is finished.`;
}

const trainingIdForm = /^[\w-]{4,64}$/;

async function checkTraining(
  trainingId: TrainingId,
  job: JobIn<'asking'>,
  jobs: Pick<JobStore, 'ownedTrainings'>,
): Promise<void> {
  if (!trainingIdForm.test(trainingId)) {
    throw new UserError(
      'That is no training id: it has letters and digits only, such as F5jvdzGnYi. Copy it from modelslab.com again.',
    );
  }
  const owned = await jobs.ownedTrainings(job.phase.intent.keyFingerprint);
  if (owned.some((other) => other.trainingId === trainingId)) {
    throw new UserError(
      'That training belongs to another order here. Look for the one that is new on modelslab.com, or choose another answer.',
    );
  }
}

function eventOf(answer: Answer): JobEvent {
  switch (answer.kind) {
    case 'is-training':
      return { type: 'accepted', trainingId: answer.trainingId };
    case 'send-again':
      return { type: 'send-again' };
    case 'drop':
      return { type: 'cancelled' };
  }
}
