import type { Clock } from '../../../lib/clock.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { MethodId } from '../../modelslab/methods.ts';
import { excludedOf } from '../state/crops.ts';
import { isIn, type Job } from '../state/job.ts';
import { hasLimits, reachedBy } from '../state/limits.ts';
import { overdueAt, usualTime, type UsualTime } from '../state/schedule.ts';
import type { JobStore } from '../store/job-store.ts';
import type { PhotoStore, StoredPhoto } from '../store/photo-store.ts';
import type { BaseModels } from './base-models.ts';
import { blockersOf, isBaseModelListed, isUsable, type Review } from './review.ts';

/** Gathers what a card shows besides the job. */
export interface Reviewer {
  review(job: Job): Promise<Review>;
  usual(method: MethodId): Promise<UsualTime | undefined>;
}

export interface ReviewerDeps {
  readonly jobs: Pick<JobStore, 'durationsMs' | 'usage'>;
  readonly photos: Pick<PhotoStore, 'list'>;
  readonly vault: Pick<Vault, 'facts'>;
  readonly settings: Pick<SettingsStore, 'get'>;
  /** When the owner of a job confirmed that they may use their photos; undefined when they are still to be asked. */
  readonly findConsent: (job: Job) => Promise<number | undefined>;
  readonly baseModels: Pick<BaseModels, 'known'>;
  readonly clock: Clock;
}

export function createReviewer({
  jobs,
  photos,
  vault,
  settings,
  findConsent,
  baseModels,
  clock,
}: ReviewerDeps): Reviewer {
  const draftReview = async (job: Job, stored: readonly StoredPhoto[]) => {
    if (!isIn(job, 'draft')) return { blockers: [], isBaseModelListed: undefined, confirmedAt: undefined };
    const key = await vault.facts(job.guildId);
    const chosen = await settings.get(job.guildId);
    const reached = hasLimits(chosen) ? reachedBy(job.order.method, chosen, await jobs.usage(job)) : undefined;
    return {
      blockers: blockersOf(job, stored, { key, settings: chosen, reached }),
      isBaseModelListed: isBaseModelListed(job, key && baseModels.known(key.fingerprint)),
      confirmedAt: await findConsent(job),
    };
  };
  const usual = async (method: MethodId) => usualTime(await jobs.durationsMs(method));
  return {
    usual,
    review: async (job) => {
      const stored = await photos.list(job.id, excludedOf(job));
      const usualNow = await usual(job.order.method);
      return {
        photos: stored,
        usable: stored.filter(isUsable).length,
        ...(await draftReview(job, stored)),
        usual: usualNow,
        overdue: isIn(job, 'training') && clock.now() > overdueAt(job, usualNow),
      };
    },
  };
}
