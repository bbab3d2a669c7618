import type { Clock } from '../../lib/clock.ts';
import type { ChannelId, GuildId, JobId, TrainingId } from '../../lib/ids.ts';
import type { Vault } from '../guilds/guilds.ts';
import type { TrainingApi } from '../modelslab/training-api.ts';
import type { PhotoSource } from '../photos/photo.ts';
import { createDrafts } from './drafts.ts';
import type { Job, Order, State } from './job.ts';
import type { JobStore } from './job-store.ts';
import type { OrderChange } from './order.ts';
import type { PhotoStore } from './photo-store.ts';
import type { Reviewer } from './reviewer.ts';
import { createUnderWay } from './under-way.ts';
import type { Wake } from './wake.ts';
import { createWishes, type Actor } from './wishes.ts';

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
  reopen(actor: Actor, id: JobId): Promise<Job>;
  /** Notes where the job's thread is. */
  placeIn(id: JobId, thread: { readonly threadId: ChannelId; readonly isPrivate: boolean }): Promise<Job>;
  cancel(actor: Actor, id: JobId): Promise<Job>;
  /** `attempt` is the one that the question was about. */
  answer(actor: Actor, id: JobId, given: { readonly attempt: number; readonly answer: Answer }): Promise<Job>;
  /** Deletes a finished model at the provider. */
  remove(actor: Actor, id: JobId, signal: AbortSignal): Promise<Job>;
  /** A job that this person may see: their own, or any of the server's for an admin. */
  find(actor: Actor, id: JobId): Promise<Job>;
  list(actor: Actor, states: readonly State[]): Promise<readonly Job[]>;
  /** Looks at everything unfinished in a server at once: what it waited for, a key say, may be there. */
  lookAgain(guildId: GuildId): Promise<void>;
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

export function createDesk(deps: DeskDeps): Desk {
  const { jobs, clock, wake } = deps;
  const wishes = createWishes(deps);
  return {
    ...createDrafts(deps, wishes),
    ...createUnderWay(deps, wishes),

    find: (actor, id) => wishes.find(actor, id),

    list: ({ guildId, memberId, isAdmin }, states) =>
      jobs.list({ guildId, states, ...(!isAdmin && { ownerId: memberId }) }),

    lookAgain: async (guildId) => {
      for (const { id } of await jobs.list({ guildId, states: ['draft', 'queued', 'unknown', 'training'] })) {
        await jobs.update(id, (now) => ({ ...now, nextAt: clock.now() }));
      }
      wake.now();
    },
  };
}
