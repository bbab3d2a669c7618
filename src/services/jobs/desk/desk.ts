import type { GuildId, JobId } from '../../../lib/ids.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { Job, State } from '../state/job.ts';
import type { Usage } from '../state/limits.ts';
import type { JobStore, JobsWhere } from '../store/job-store.ts';
import type { Wake } from '../wake.ts';
import { createDrafts, type Drafts, type DraftsDeps } from './drafts.ts';
import { createJobEditor, type Actor } from './job-editor.ts';
import { createNewOrders, type NewOrders, type NewOrdersDeps } from './new-orders.ts';
import { createPhotoAdjustments, type PhotoAdjustments, type PhotoAdjustmentsDeps } from './photo-adjustments.ts';
import { createPictureOrders, type PictureOrders, type PictureOrdersDeps } from './picture-orders.ts';
import { createStart, type Start, type StartDeps } from './start.ts';
import { createStartedOrders, type StartedOrders, type StartedOrdersDeps } from './started-orders.ts';

/**
 * Where what people ask for becomes a change of a job. Nothing here calls Discord or spends money: the change is stored, and
 * the poller is woken to act on it. Rejects with `UserError` where the change is refused.
 */
export interface Desk extends NewOrders, Drafts, PhotoAdjustments, Start, StartedOrders, PictureOrders {
  /** A job that this person may see: their own, or any of the server's for an admin. */
  find(actor: Actor, id: JobId): Promise<Job>;
  /** Those that this person may see, the newest first. */
  list(actor: Actor, states: readonly State[], which?: Which): Promise<readonly Job[]>;
  /** How many there are. */
  count(actor: Actor, states: readonly State[]): Promise<number>;
  /** What counts towards the limits, for this member and their server. */
  usage(actor: Actor): Promise<Usage>;
  /** Makes every unfinished job of a server due at once: what it waited for, a key say, may be there. */
  refresh(guildId: GuildId): Promise<void>;
}

type Which = Pick<JobsWhere, 'named' | 'nameWith' | 'most'>;

export interface DeskDeps
  extends NewOrdersDeps, DraftsDeps, PhotoAdjustmentsDeps, StartDeps, StartedOrdersDeps, PictureOrdersDeps {
  readonly jobs: JobStore;
  readonly photos: DraftsDeps['photos'] & PhotoAdjustmentsDeps['photos'] & StartDeps['photos'];
  readonly vault: Pick<Vault, 'open' | 'find'>;
  readonly wake: Wake;
}

export function createDesk(deps: DeskDeps): Desk {
  const { jobs } = deps;
  const editor = createJobEditor(deps);
  const drafts = createDrafts(deps, editor);
  return {
    ...createNewOrders(deps, drafts),
    ...drafts,
    ...createPhotoAdjustments(deps, editor),
    ...createStart(deps, editor),
    ...createStartedOrders(deps, editor),
    ...createPictureOrders(deps, editor),

    find: (actor, id) => editor.find(actor, id),

    list: (actor, states, which) => jobs.list({ ...seenBy(actor), states, ...which }),
    count: (actor, states) => jobs.count({ ...seenBy(actor), states }),

    usage: ({ guildId, memberId }) => jobs.usage({ guildId, ownerId: memberId }),

    refresh: (guildId) => editor.refresh({ guildId, states: ['draft', 'queued', 'unknown', 'training'] }),
  };
}

function seenBy({ guildId, memberId, isAdmin }: Actor): Pick<JobsWhere, 'guildId' | 'ownerId'> {
  return { guildId, ...(!isAdmin && { ownerId: memberId }) };
}
