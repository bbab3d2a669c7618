import { createBreather } from '../../../lib/breather.ts';
import type { Clock } from '../../../lib/clock.ts';
import { UserError } from '../../../lib/errors.ts';
import type { GuildId, JobId, MemberId, RoleId } from '../../../lib/ids.ts';
import { cross } from '../crash-points.ts';
import { isIn, type Job, type JobIn } from '../state/job.ts';
import type { Usage } from '../state/limits.ts';
import type { JobStore } from '../store/job-store.ts';
import type { Change } from '../store/rows.ts';
import type { Wake } from '../wake.ts';

/** Who does something, and where. Jobs of another server do not exist for them. */
export interface Actor {
  readonly guildId: GuildId;
  readonly memberId: MemberId;
  /** As they are at this moment: a role may have been taken away since a button was shown. */
  readonly roleIds: readonly RoleId[];
  /** Holds Manage Server there. */
  readonly isAdmin: boolean;
}

/** Finds the job that a person means and changes it as it is at that moment. */
export interface JobEditor {
  /** A job that this person may see: their own, or any of the server's for an admin. */
  find(actor: Actor, id: JobId): Promise<Job>;
  /** A job that only its owner may do this with. */
  findOwn(actor: Actor, id: JobId): Promise<Job>;
  /** One's own order that was not started yet. */
  findDraft(actor: Actor, id: JobId): Promise<JobIn<'draft'>>;
  /**
   * Stores what `edit` makes of the job and wakes the poller. An edit that leaves the job as it is came too late: the
   * person reads `refusal` of the job as it is then.
   */
  change(id: JobId, edit: (job: Job, at: number) => Job, refusal: (job: Job) => string): Promise<Job>;
  /** As `change`, for what may cost money: `edit` also gets what counts towards the limits, and throws when one is reached. */
  changeWithinLimits(
    id: JobId,
    edit: (job: Job, at: number, usage: Usage) => Job,
    refusal: (job: Job) => string,
  ): Promise<Job>;
  /**
   * Makes these jobs due at once, with their cards: what they wait for or show may have changed. Where that cannot be stored
   * they come in their own time: the change stored just before must not read as if it had been refused.
   */
  refresh(where: JobsWhere): Promise<void>;
}

type JobsWhere = Parameters<JobStore['list']>[0];

export interface JobEditorDeps {
  readonly jobs: Pick<JobStore, 'find' | 'list' | 'update' | 'updateCounted'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly wake: Pick<Wake, 'now'>;
}

const notFound = 'There is no such training here. /status lists yours.';

export function createJobEditor({ jobs, clock, wake }: JobEditorDeps): JobEditor {
  const find = async (actor: Actor, id: JobId): Promise<Job> => {
    const job = await jobs.find(id);
    const isTheirs = job?.ownerId === actor.memberId || actor.isAdmin;
    if (job?.guildId !== actor.guildId || !isTheirs) throw new UserError(notFound);
    return job;
  };

  const findOwn = async (actor: Actor, id: JobId): Promise<Job> => {
    const job = await find(actor, id);
    if (job.ownerId !== actor.memberId) throw new UserError(`Only <@${job.ownerId}>, who ordered this, can do that.`);
    return job;
  };

  const breathe = createBreather();
  const makeDue = async (where: JobsWhere): Promise<void> => {
    for (const { id } of await jobs.list(where)) {
      await breathe();
      await jobs.update(id, (now) => ({ ...now, nextAt: clock.now() }));
    }
  };

  const changed = async (
    id: JobId,
    store: () => Promise<Change | undefined>,
    refusal: (job: Job) => string,
  ): Promise<Job> => {
    cross('change-asked', { id });
    const change = await store();
    if (!change) throw new UserError(notFound);
    const { before, after } = change;
    cross('change-stored', before);
    if (after === before) throw new UserError(refusal(after));
    wake.now();
    return after;
  };

  return {
    find,
    findOwn,

    findDraft: async (actor, id) => {
      const job = await findOwn(actor, id);
      if (!isIn(job, 'draft')) throw new UserError(draftIsOver(job));
      return job;
    },

    change: (id, edit, refusal) => changed(id, () => jobs.update(id, (now) => edit(now, clock.now())), refusal),

    changeWithinLimits: (id, edit, refusal) =>
      changed(id, () => jobs.updateCounted(id, (now, usage) => edit(now, clock.now(), usage)), refusal),

    refresh: async (where) => {
      await makeDue(where).catch(() => undefined);
      wake.now();
    },
  };
}

/** Why a draft cannot be changed any more. */
export function draftIsOver(job: Job): string {
  if (isIn(job, 'discarded')) return 'This order was discarded and its photos erased. Use /train to begin again.';
  return 'This order has been started and cannot be changed any more. /status shows how it is going.';
}
