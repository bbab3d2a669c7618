import type { Clock } from '../../../lib/clock.ts';
import { AlreadyDoneError, UserError } from '../../../lib/errors.ts';
import type { GuildId, JobId } from '../../../lib/ids.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { PhotoSource } from '../../photos/photo.ts';
import { advance } from '../state/advance.ts';
import type { Job, Order } from '../state/job.ts';
import { changedOrder, mendOrder, type OrderChange } from '../state/order.ts';
import type { JobStore } from '../store/job-store.ts';
import { demandRoom, type StorageRoomDeps } from '../store/storage-room.ts';
import { demandAccess, demandAllowed } from './access.ts';
import type { Drafts } from './drafts.ts';
import type { Actor } from './job-editor.ts';
import { draftOf, freeName, nameTaken, type OrderRequest } from './new-draft.ts';
import type { OpenForms } from './open-forms.ts';

/** A member's orders that are not started: their photos fill the disk until then. */
const maxDrafts = 10;

/** What a form was sent with. */
export interface FormAnswers {
  readonly change?: OrderChange;
  readonly sources?: readonly PhotoSource[];
}

/** How an order comes to be: with its first photos, at once or by a form. */
export interface NewOrders {
  /**
   * Opens a draft. What cannot be taken as it is (a name that is taken, too many steps) is mended, and `notes` of the job say
   * so. An interaction opens one: for a second, from a second process say, it rejects with `AlreadyDoneError`.
   */
  open(actor: Actor, wanted: OrderRequest): Promise<Job>;
  /**
   * Keeps what is wanted until a form is sent. It is no order yet: a form that is dismissed, which Discord does not report,
   * leaves nothing that has a name or counts. Gives the id for the form.
   */
  openForm(actor: Actor, wanted: OrderRequest): Promise<JobId>;
  /** Opens the draft of a form, as `open` does; the form of an order that is open adds to that. */
  fillForm(actor: Actor, id: JobId, sent: FormAnswers): Promise<Job>;
}

export interface NewOrdersDeps extends StorageRoomDeps {
  readonly jobs: Pick<JobStore, 'insertDraft' | 'isNameTaken' | 'takenNames' | 'count'>;
  readonly forms: OpenForms;
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly wandb: Pick<Vault, 'facts'>;
  readonly clock: Clock;
}

export function createNewOrders(deps: NewOrdersDeps, drafts: Drafts): NewOrders {
  const { jobs, forms, settings, clock } = deps;

  const demandOpen = async (actor: Actor, { channelId, order }: OrderRequest): Promise<void> => {
    await demandAccess(actor, { guildId: actor.guildId, channelId }, settings);
    await demandAllowed(order, actor.guildId, deps);
  };

  /** A wrong name or number must not force a member to attach ten photos again. */
  const acceptable = async (wanted: Order, guildId: GuildId) => {
    const { order, notes } = mendOrder(wanted);
    const name = await freeName({ guildId, name: order.name }, jobs);
    return { order: { ...order, name }, notes: [...notes, ...(name === order.name ? [] : [nameTaken(order.name)])] };
  };

  /** What a form kept may be older than the admins' choices, and than other orders of its name. */
  const insert = async (actor: Actor, draft: Job): Promise<Job> => {
    await demandOpen(actor, draft);
    await demandRoom(actor, draft.pending, deps);
    const job = { ...draft, ...(await acceptable(draft.order, actor.guildId)) };
    const outcome = await jobs.insertDraft(job, maxDrafts);
    if (outcome === 'too-many') throw new UserError(tooManyDrafts);
    if (outcome === 'known') throw new AlreadyDoneError('Cannot open a draft: this interaction has opened one');
    return job;
  };

  return {
    open: (actor, wanted) => insert(actor, draftOf(actor, wanted, clock.now())),

    openForm: async (actor, wanted) => {
      const { guildId, memberId: ownerId } = actor;
      await demandOpen(actor, wanted);
      const unstarted = await jobs.count({ guildId, ownerId, states: ['draft'] });
      if (unstarted >= maxDrafts) throw new UserError(tooManyDrafts);
      const draft = draftOf(actor, wanted, clock.now());
      await forms.keep(draft);
      return draft.id;
    },

    fillForm: async (actor, id, { change, sources = [] }) => {
      const form = await forms.find(id);
      if (form?.guildId !== actor.guildId || form.ownerId !== actor.memberId) {
        return change ? drafts.changeOrder(actor, id, change) : drafts.addPhotos(actor, id, sources);
      }
      const at = clock.now();
      const draft = { ...form, order: changedOrder(form.order, change ?? {}), createdAt: at };
      return insert(actor, advance(draft, { type: 'photos-attached', sources }, at));
    },
  };
}

const tooManyDrafts = `You have ${maxDrafts} orders here that are not started. Start or discard one of them first: /status shows where they are.`;
