import { UserError } from '../../../lib/errors.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import { blockedText } from '../review/review.ts';
import type { Reviewer } from '../review/reviewer.ts';
import { advance } from '../state/advance.ts';
import { isIn, type Job } from '../state/job.ts';
import { areShared, demandWithin, hasLimits, reachedBy, type Usage } from '../state/limits.ts';
import { couldNotFetch } from '../state/transitions.ts';
import type { JobStore } from '../store/job-store.ts';
import type { PhotoStore } from '../store/photo-store.ts';
import { demandAccess } from './access.ts';
import { draftIsOver, type Actor, type JobEditor } from './job-editor.ts';
import { freeName } from './new-draft.ts';

/** Start, after which an order costs money, and Try again, which leads back before it. */
export interface Start {
  /** `orderRev` is the revision that the pressed card showed; a second press finds the job started and changes nothing. */
  start(actor: Actor, id: JobId, orderRev: number): Promise<Job>;
  reopen(actor: Actor, id: JobId): Promise<Job>;
}

export interface StartDeps {
  readonly jobs: Pick<JobStore, 'isNameTaken' | 'takenNames'>;
  readonly photos: Pick<PhotoStore, 'dropLinks'>;
  readonly reviewer: Pick<Reviewer, 'review'>;
  readonly settings: Pick<SettingsStore, 'get'>;
}

export function createStart({ jobs, photos, reviewer, settings }: StartDeps, editor: JobEditor): Start {
  return {
    start: async (actor, id, orderRev) => {
      const job = await editor.findOwn(actor, id);
      if (isIn(job, 'discarded')) throw new UserError(draftIsOver(job));
      if (!isIn(job, 'draft')) return job; // The second press: it has been started, and the card says so.
      await demandAccess(actor, job, settings);
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
      const started = await editor.changeWithinLimits(id, begin, startedMeanwhile);
      // The cards of others need not ask for the confirmation any more, or have a limit in their way.
      if (areShared(limits)) await editor.refresh({ guildId: job.guildId, states: ['draft'] });
      else if (confirmedAt === undefined || hasLimits(limits)) await editor.refresh(otherDraftsOf(job));
      return started;
    },

    reopen: async (actor, id) => {
      const job = await editor.findOwn(actor, id);
      if (isIn(job, 'draft')) return job;
      await demandAccess(actor, job, settings);
      // Links that the provider could not fetch are as good as none.
      if (isIn(job, 'failed') && couldNotFetch(job.phase.failure)) await photos.dropLinks(id);
      const name = await freeName({ guildId: actor.guildId, name: job.order.name, of: id }, jobs);
      const reopened = (now: Job, at: number) =>
        isIn(now, 'failed') ? advance({ ...now, order: { ...now.order, name } }, { type: 'reopened' }, at) : now;
      return editor.change(id, reopened, () => nothingToRetry);
    },
  };
}

const outdatedCard =
  'The order has changed since this card was shown. Look at the newest card in this thread and press Start there.';
const nothingToRetry = 'This one has not failed, so there is nothing to try again. Use /train for a new model.';

function otherDraftsOf({ guildId, ownerId }: Job) {
  return { guildId, ownerId, states: ['draft'] } as const;
}

function startedMeanwhile(job: Job): string {
  return isIn(job, 'draft') ? outdatedCard : draftIsOver(job);
}
