import { UserError } from '../../../lib/errors.ts';
import type { ChannelId, JobId } from '../../../lib/ids.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { PhotoSource } from '../../photos/photo.ts';
import { advance } from '../state/advance.ts';
import { maxPhotos, type Job } from '../state/job.ts';
import { changedOrder, checkOrder, type OrderChange } from '../state/order.ts';
import type { JobStore } from '../store/job-store.ts';
import type { PhotoStore } from '../store/photo-store.ts';
import { demandRoom, type StorageRoomDeps } from '../store/storage-room.ts';
import { demandAccess, demandAllowed } from './access.ts';
import { draftIsOver, type Actor, type JobEditor } from './job-editor.ts';
import { nameTaken } from './new-draft.ts';

/** What is done with an order between its opening and its start. */
export interface Drafts {
  addPhotos(actor: Actor, id: JobId, sources: readonly PhotoSource[]): Promise<Job>;
  removePhotos(actor: Actor, id: JobId, positions: readonly number[]): Promise<Job>;
  /** Rejects what cannot be taken as it is. */
  changeOrder(actor: Actor, id: JobId, change: OrderChange): Promise<Job>;
  discard(actor: Actor, id: JobId): Promise<Job>;
  /** Notes where the job's thread is. */
  placeIn(id: JobId, thread: { readonly threadId: ChannelId; readonly isPrivate: boolean }): Promise<Job>;
}

export interface DraftsDeps extends StorageRoomDeps {
  readonly jobs: Pick<JobStore, 'isNameTaken' | 'takenNames'>;
  readonly photos: StorageRoomDeps['photos'] & Pick<PhotoStore, 'list' | 'remove'>;
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly wandb: Pick<Vault, 'facts'>;
}

export function createDrafts(deps: DraftsDeps, editor: JobEditor): Drafts {
  const { jobs, photos, settings } = deps;

  return {
    addPhotos: async (actor, id, sources) => {
      const draft = await editor.findDraft(actor, id);
      await demandAccess(actor, draft, settings);
      await demandRoom(actor, sources, deps);
      const before = (await photos.list(id)).length + draft.pending.length;
      const attached = (now: Job, at: number) => {
        const already = before + (now.lastPosition - draft.lastPosition); // With what came at the same moment.
        if (already + sources.length > maxPhotos) throw new UserError(tooManyPhotos(already));
        return advance(now, { type: 'photos-attached', sources }, at);
      };
      return editor.change(id, attached, draftIsOver);
    },

    // First the order, whose revision a press on Start must match, then the bytes: nothing is started without them.
    removePhotos: async (actor, id, positions) => {
      await editor.findDraft(actor, id);
      const job = await editor.change(id, (now, at) => advance(now, { type: 'photos-removed' }, at), draftIsOver);
      await photos.remove(id, positions);
      return job;
    },

    changeOrder: async (actor, id, wanted) => {
      const draft = await editor.findDraft(actor, id);
      await demandAllowed(wanted, actor.guildId, deps);
      const order = checkOrder(changedOrder(draft.order, wanted));
      if (await jobs.isNameTaken(actor.guildId, order.name, id)) {
        throw new UserError(`${nameTaken(order.name)} Choose another name.`);
      }
      return editor.change(id, (now, at) => advance(now, { type: 'order-changed', order }, at), draftIsOver);
    },

    discard: async (actor, id) => {
      await editor.findDraft(actor, id);
      return editor.change(id, (now, at) => advance(now, { type: 'discarded', why: 'owner' }, at), draftIsOver);
    },

    placeIn: (id, thread) =>
      editor.change(id, (now, at) => ({ ...now, told: { ...now.told, ...thread }, nextAt: at }), draftIsOver),
  };
}

function tooManyPhotos(already: number): string {
  return `An order can have ${maxPhotos} photos at most, and this one has ${already}. Remove some first, or attach fewer.`;
}
