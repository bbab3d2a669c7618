import { AlreadyDoneError, UserError } from '../../../lib/errors.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { ChannelId, GuildId, JobId } from '../../../lib/ids.ts';
import type { SettingsStore } from '../../guilds/settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { PhotoSource } from '../../photos/photo.ts';
import { advance } from '../advance.ts';
import { createDemandAccess } from '../access.ts';
import { maxPhotos, type Job, type Order } from '../job.ts';
import type { JobStore } from '../store/job-store.ts';
import { freeName, nameTaken } from './names.ts';
import { draftOf, idOf, newId } from './new-draft.ts';
import { changedOrder, checkOrder, mendOrder, type OrderChange } from '../order.ts';
import type { PhotoStore } from './photo-store.ts';
import { isAllowed, peopleRefused } from './subjects.ts';
import { draftIsOver, type Actor, type Wishes } from '../wishes.ts';

/** A member's orders that are not started: their photos fill the disk until then. */
const maxDrafts = 10;

/** What is done with an order until it is started. */
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
  discard(actor: Actor, id: JobId): Promise<Job>;
  /** Notes where the job's thread is. */
  placeIn(id: JobId, thread: { readonly threadId: ChannelId; readonly isPrivate: boolean }): Promise<Job>;
}

export interface DraftsDeps {
  readonly jobs: Pick<JobStore, 'insertDraft' | 'isNameTaken'>;
  readonly photos: Pick<PhotoStore, 'list' | 'remove'>;
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly wandb: Pick<Vault, 'facts'>;
  readonly clock: Clock;
}

export function createDrafts({ jobs, photos, settings, wandb, clock }: DraftsDeps, wishes: Wishes): Drafts {
  const demandAccess = createDemandAccess(settings);

  /** Asked for before anything is stored. A draft from before the admins' choice may still be changed, but not started. */
  const demandAllowed = async ({ subject, report }: OrderChange, guildId: GuildId): Promise<void> => {
    if (subject !== undefined && !isAllowed(subject, await settings.get(guildId))) throw new UserError(peopleRefused);
    if (report === 'yes' && !(await wandb.facts(guildId))) throw new UserError(noWandbKey);
  };

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
      return wishes.grant(id, (now, at) => advance(now, { type: 'order-changed', order }, at), draftIsOver);
    },

    discard: async (actor, id) => {
      await wishes.findDraft(actor, id);
      return wishes.grant(id, (now, at) => advance(now, { type: 'discarded', why: 'owner' }, at), draftIsOver);
    },

    placeIn: (id, thread) =>
      wishes.grant(id, (now, at) => ({ ...now, told: { ...now.told, ...thread }, nextAt: at }), draftIsOver),
  };
}

const noWandbKey =
  'This server has no Weights & Biases key, so a training cannot be reported there. Nothing was changed. An admin sets one with /config wandb.';
const tooManyDrafts = `You have ${maxDrafts} orders here that are not started. Start or discard one of them first: /status shows where they are.`;

function tooManyPhotos(already: number): string {
  return `An order can have ${maxPhotos} photos at most, and this one has ${already}. Remove some first, or attach fewer.`;
}
