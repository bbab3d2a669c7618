import { createHash, randomInt } from 'node:crypto';
import { AlreadyDoneError, UserError } from '../../../lib/errors.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { ChannelId, GuildId, JobId } from '../../../lib/ids.ts';
import type { SettingsStore, Vault } from '../../guilds/guilds.ts';
import type { PhotoSource } from '../../photos/photo.ts';
import { advance } from '../advance.ts';
import { couldNotFetch } from './fetch-trouble.ts';
import { createDemandAccess } from '../access.ts';
import { isIn, maxPhotos, type Job, type Order } from '../job.ts';
import type { JobStore } from '../store/job-store.ts';
import { demandWithin } from '../limits/limit-text.ts';
import { areShared, hasLimits, reachedBy } from '../limits/limits.ts';
import type { Usage } from '../limits/usage.ts';
import { freeName, nameTaken } from './names.ts';
import { changedOrder, checkOrder, mendOrder, type OrderChange } from '../order.ts';
import type { PhotoStore } from './photo-store.ts';
import { blockedText } from './review.ts';
import type { Reviewer } from './reviewer.ts';
import { draftSilenceMs } from '../schedule.ts';
import { isAllowed, peopleRefused } from './subjects.ts';
import { draftIsOver, type Actor, type Wishes } from '../wishes.ts';

/** A member's orders that are not started: their photos fill the disk until then. */
const maxDrafts = 10;

/** What is done with an order until it is started, and when it is tried again. */
export interface Drafts {
  /**
   * Opens a draft. What cannot be taken as it is (a name that is taken, too many steps) is mended, and `notes` of the job say
   * so. An interaction opens one: for a second, from a second process say, it rejects with `AlreadyDoneError`.
   */
  open(actor: Actor, channelId: ChannelId, order: Order, interactionId?: string): Promise<Job>;
  addPhotos(actor: Actor, id: JobId, sources: readonly PhotoSource[]): Promise<Job>;
  removePhotos(actor: Actor, id: JobId, positions: readonly number[]): Promise<Job>;
  /** Names a draft that was opened without a name; mends as `open` does. */
  describe(actor: Actor, id: JobId, change: OrderChange): Promise<Job>;
  /** Rejects what cannot be taken as it is. */
  changeOrder(actor: Actor, id: JobId, change: OrderChange): Promise<Job>;
  /** `orderRev` is the revision that the pressed card showed; a second press finds the job started and changes nothing. */
  start(actor: Actor, id: JobId, orderRev: number): Promise<Job>;
  discard(actor: Actor, id: JobId): Promise<Job>;
  reopen(actor: Actor, id: JobId): Promise<Job>;
  /** Notes where the job's thread is. */
  placeIn(id: JobId, thread: { readonly threadId: ChannelId; readonly isPrivate: boolean }): Promise<Job>;
}

export interface DraftsDeps {
  readonly jobs: Pick<JobStore, 'insertDraft' | 'isNameTaken'>;
  readonly photos: Pick<PhotoStore, 'list' | 'remove' | 'dropLinks'>;
  readonly reviewer: Pick<Reviewer, 'review'>;
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly wandb: Pick<Vault, 'facts'>;
  readonly clock: Clock;
}

export function createDrafts({ jobs, photos, reviewer, settings, wandb, clock }: DraftsDeps, wishes: Wishes): Drafts {
  const demandAccess = createDemandAccess(settings);

  /** Asked for before anything is stored. A draft from before the admins' choice may still be changed, but not started. */
  const demandAllowed = async ({ subject, report }: OrderChange, guildId: GuildId): Promise<void> => {
    if (subject !== undefined && !isAllowed(subject, await settings.get(guildId))) throw new UserError(peopleRefused);
    if (report === 'yes' && !(await wandb.facts(guildId))) throw new UserError(noWandbKey);
  };

  const reorder = (id: JobId, order: Order) =>
    wishes.grant(id, (now, at) => advance(now, { type: 'order-changed', order }, at), draftIsOver);

  /** Nobody shall have to attach ten photos again because of a name or a number. */
  const acceptable = async (wanted: Order, guildId: GuildId, of?: JobId) => {
    const { order, notes } = mendOrder(wanted);
    const name = await freeName({ guildId, name: order.name, ...(of && { of }) }, jobs);
    return { order: { ...order, name }, notes: [...notes, ...(name === order.name ? [] : [nameTaken(order.name)])] };
  };

  return {
    open: async (actor, channelId, wanted, interactionId) => {
      const { guildId } = actor;
      await demandAccess(actor, { guildId, channelId });
      await demandAllowed(wanted, guildId);
      const { order, notes } = await acceptable(wanted, guildId);
      const id = interactionId === undefined ? newId() : idOf(interactionId);
      const job = { ...draftOf({ id, actor, channelId, order, at: clock.now() }), notes };
      const outcome = await jobs.insertDraft(job, maxDrafts);
      if (outcome === 'too-many') throw new UserError(tooManyDrafts);
      if (outcome === 'known') throw new AlreadyDoneError('Cannot open a draft: this interaction has opened one');
      return job;
    },

    describe: async (actor, id, wanted) => {
      const draft = await wishes.findDraft(actor, id);
      await demandAccess(actor, draft);
      await demandAllowed(wanted, actor.guildId);
      const { order, notes } = await acceptable(changedOrder(draft.order, wanted), actor.guildId, id);
      const described = (now: Job, at: number) => {
        const changed = advance(now, { type: 'order-changed', order }, at);
        return changed === now ? now : { ...changed, notes };
      };
      return wishes.grant(id, described, draftIsOver);
    },

    addPhotos: async (actor, id, sources) => {
      const draft = await wishes.findDraft(actor, id);
      await demandAccess(actor, draft);
      const before = (await photos.list(id)).length + draft.pending.length;
      const attached = (now: Job, at: number) => {
        const already = before + (now.lastPosition - draft.lastPosition); // With what came at the same moment.
        if (already + sources.length > maxPhotos) throw new UserError(tooManyPhotos(already));
        return advance(now, { type: 'photos-attached', sources }, at);
      };
      return wishes.grant(id, attached, draftIsOver);
    },

    // First the order, whose revision a press on Start must match, then the bytes: nothing is started without them.
    removePhotos: async (actor, id, positions) => {
      await wishes.findDraft(actor, id);
      const job = await wishes.grant(id, (now, at) => advance(now, { type: 'photos-removed' }, at), draftIsOver);
      await photos.remove(id, positions);
      return job;
    },

    changeOrder: async (actor, id, wanted) => {
      const draft = await wishes.findDraft(actor, id);
      await demandAllowed(wanted, actor.guildId);
      const order = checkOrder(changedOrder(draft.order, wanted));
      if (await jobs.isNameTaken(actor.guildId, order.name, id)) {
        throw new UserError(`${nameTaken(order.name)} Choose another name.`);
      }
      return reorder(id, order);
    },

    start: async (actor, id, orderRev) => {
      const job = await wishes.findOwn(actor, id);
      if (isIn(job, 'discarded')) throw new UserError(draftIsOver(job));
      if (!isIn(job, 'draft')) return job; // The second press: it has been started, and the card says so.
      await demandAccess(actor, job);
      if (orderRev !== job.orderRev) throw new UserError(outdatedCard);
      const { blockers, confirmedAt } = await reviewer.review(job);
      const [blocker] = blockers;
      if (blocker) throw new UserError(blockedText(blocker));
      const limits = await settings.get(actor.guildId);
      const event = { type: 'started', orderRev, ...(confirmedAt !== undefined && { confirmedAt }) } as const;
      const begin = (now: Job, at: number, usage: Usage) => {
        if (isIn(now, 'draft')) demandWithin(reachedBy(now.order.method, limits, usage));
        return advance(now, event, at);
      };
      const started = await wishes.grantCounted(id, begin, startedMeanwhile);
      // The cards of others need not ask for the confirmation any more, or have a limit in their way.
      if (areShared(limits)) await wishes.lookAgain({ guildId: job.guildId, states: ['draft'] });
      else if (confirmedAt === undefined || hasLimits(limits)) await wishes.lookAgain(otherDraftsOf(job));
      return started;
    },

    discard: async (actor, id) => {
      await wishes.findDraft(actor, id);
      return wishes.grant(id, (now, at) => advance(now, { type: 'discarded', why: 'owner' }, at), draftIsOver);
    },

    reopen: async (actor, id) => {
      const job = await wishes.findOwn(actor, id);
      if (isIn(job, 'draft')) return job;
      await demandAccess(actor, job);
      // Links that the provider could not fetch are as good as none.
      if (isIn(job, 'failed') && couldNotFetch(job.phase.failure)) await photos.dropLinks(id);
      const name = await freeName({ guildId: actor.guildId, name: job.order.name, of: id }, jobs);
      const reopened = (now: Job, at: number) =>
        isIn(now, 'failed') ? advance({ ...now, order: { ...now.order, name } }, { type: 'reopened' }, at) : now;
      return wishes.grant(id, reopened, () => nothingToRetry);
    },

    placeIn: (id, thread) =>
      wishes.grant(id, (now, at) => ({ ...now, told: { ...now.told, ...thread }, nextAt: at }), draftIsOver),
  };
}

const outdatedCard =
  'The order has changed since this card was shown. Look at the newest card in this thread and press Start there.';
const noWandbKey =
  'This server has no Weights & Biases key, so a training cannot be reported there. Nothing was changed. An admin sets one with /config wandb.';
const nothingToRetry = 'This one has not failed, so there is nothing to try again. Use /train for a new model.';
const tooManyDrafts = `You have ${maxDrafts} orders here that are not started. Start or discard one of them first: /status shows where they are.`;

function otherDraftsOf({ guildId, ownerId }: Job) {
  return { guildId, ownerId, states: ['draft'] } as const;
}

function startedMeanwhile(job: Job): string {
  return isIn(job, 'draft') ? outdatedCard : draftIsOver(job);
}

function tooManyPhotos(already: number): string {
  return `An order can have ${maxPhotos} photos at most, and this one has ${already}. Remove some first, or attach fewer.`;
}

interface NewDraft {
  readonly id: JobId;
  readonly actor: Actor;
  readonly channelId: ChannelId;
  readonly order: Order;
  readonly at: number;
}

function draftOf({ id, actor, channelId, order, at }: NewDraft): Job {
  return {
    id,
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
    nextAt: at + draftSilenceMs,
  };
}

/** Without letters that look alike, so that it can be read out. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const idLength = 10;

function newId(): JobId {
  return Array.from({ length: idLength }, () => letters[randomInt(letters.length)]).join('') as JobId;
}

/** Always the same for one interaction: the database takes it once. */
function idOf(interactionId: string): JobId {
  const digest = createHash('sha256').update(interactionId).digest();
  return Array.from({ length: idLength }, (_, place) => letters[digest.readUInt16BE(2 * place) % letters.length]).join(
    '',
  ) as JobId;
}
