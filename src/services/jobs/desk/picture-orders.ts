import { UserError } from '../../../lib/errors.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import { methods } from '../../modelslab/methods.ts';
import { advance } from '../state/advance.ts';
import { isIn, type Job, type JobIn } from '../state/job.ts';
import { demandWithin, reachedByPictures, type Usage } from '../state/limits.ts';
import { promptFor } from '../state/order.ts';
import { isAt, pictureCounts } from '../state/picture-round.ts';
import { demandAccess } from './access.ts';
import type { Actor, JobEditor } from './job-editor.ts';

/** A press on a number; `round` is the one that was on offer. */
export interface PictureChoice {
  readonly round: number;
  readonly count: number;
}

/** What is made with a finished model. */
export interface PictureOrders {
  /** A model that pictures can be ordered of right now. */
  findDrawable(actor: Actor, id: JobId): Promise<JobIn<'ready'>>;
  orderPictures(actor: Actor, id: JobId, choice: PictureChoice): Promise<Job>;
}

export interface PictureOrdersDeps {
  readonly vault: Pick<Vault, 'find'>;
  readonly settings: Pick<SettingsStore, 'get'>;
}

export function createPictureOrders({ vault, settings }: PictureOrdersDeps, editor: JobEditor): PictureOrders {
  const findDrawable = async (actor: Actor, id: JobId): Promise<JobIn<'ready'>> => {
    const job = await editor.find(actor, id);
    await demandAccess(actor, job, settings);
    if (!isIn(job, 'ready')) throw new UserError(noModel(job));
    if (!methods[job.order.method].result.draws) throw new UserError(cannotDraw(job));
    if (job.pictures && !isAt(job.pictures, 'ended')) throw new UserError(underWay(job));
    const key = await vault.find(job.guildId);
    if (key?.fingerprint !== job.keyFingerprint) throw new UserError(noKey(job));
    return job;
  };

  return {
    findDrawable,

    orderPictures: async (actor, id, { round, count }) => {
      const job = await findDrawable(actor, id);
      if (!pictureCounts.some((one) => one === count)) throw new UserError(alreadyUsed);
      const ordered = { type: 'pictures-ordered', round, count, prompt: promptFor(job.order) } as const;
      const limits = await settings.get(actor.guildId);
      const order = (now: Job, at: number, usage: Usage) => {
        const after = advance(now, ordered, at);
        if (after !== now) demandWithin(reachedByPictures(limits, usage));
        return after;
      };
      return editor.changeWithinLimits(id, order, orderedAlready);
    },
  };
}

const alreadyUsed = 'This choice was used already. Press Sample pictures once more to order others.';

function orderedAlready(job: Job): string {
  return job.pictures && !isAt(job.pictures, 'ended') ? underWay(job) : alreadyUsed;
}

function underWay({ order, told }: Job): string {
  const place = told.threadId === undefined ? '' : ` in <#${told.threadId}>`;
  return `Pictures of “${order.name}” are being made already. I post them${place}; then you can order others.`;
}

function noModel({ order }: Job): string {
  return `“${order.name}” is no finished model, so no pictures can be made with it. /models lists those that are.`;
}

function cannotDraw({ order }: Job): string {
  return `Models of the kind “${methods[order.method].label}” cannot make pictures here. Train it with another method.`;
}

function noKey({ order }: Job): string {
  return `“${order.name}” was trained with another API key than the one this server has today, if it has one, and only that account can draw with it. Ask an admin to set that key again with /config key.`;
}
