import type { GuildSettings } from '../../guilds/guild-settings.ts';
import type { KeyFacts } from '../../guilds/vault.ts';
import { isFree, methods } from '../../modelslab/methods.ts';
import { findSetting } from '../../modelslab/settings.ts';
import type { BaseModel } from '../../modelslab/training-api.ts';
import { isPreparing } from '../state/crops.ts';
import type { Delay, Job } from '../state/job.ts';
import { reachedText, type Reached } from '../state/limits.ts';
import { isSubjectAllowed, peopleRefused } from '../state/order.ts';
import type { UsualTime } from '../state/schedule.ts';
import type { StoredPhoto } from '../store/photo-store.ts';

/** Why Start cannot be pressed yet. */
export type Blocker =
  | { readonly kind: 'preparing'; readonly photos: number; readonly delay?: Delay['why'] }
  | { readonly kind: 'too-few-photos'; readonly usable: number; readonly needed: number }
  | { readonly kind: 'people-not-allowed' }
  | { readonly kind: 'no-key' }
  | { readonly kind: 'limit'; readonly reached: Reached };

/** All that a card shows besides the job itself. */
export interface Review {
  readonly photos: readonly StoredPhoto[];
  /** How many photos will be sent. */
  readonly usable: number;
  readonly blockers: readonly Blocker[];
  /** Whether the provider lists the base model that was chosen; undefined when none was, or while its list is not known. */
  readonly isBaseModelListed: boolean | undefined;
  readonly usual: UsualTime | undefined;
  /** When the owner confirmed here that they may use their photos; undefined when the order card is to ask for it, and for what is no draft. */
  readonly confirmedAt: number | undefined;
  /** Whether a running training has taken longer than it should. */
  readonly overdue: boolean;
}

/** A photo is sent unless it was refused or left out. */
export function isUsable({ verdict }: StoredPhoto): boolean {
  return verdict.kind !== 'refused';
}

export interface ServerFacts {
  readonly key: KeyFacts | undefined;
  readonly settings: Pick<GuildSettings, 'subjects'>;
  /** The limit that Start would go beyond at this moment. */
  readonly reached: Reached | undefined;
}

export function blockersOf(
  job: Job,
  photos: readonly StoredPhoto[],
  { key, settings, reached }: ServerFacts,
): readonly Blocker[] {
  const usable = photos.filter(isUsable).length;
  const needed = methods[job.order.method].photos.min;
  const blockers: Blocker[] = [];
  if (!isSubjectAllowed(job.order.subject, settings)) blockers.push({ kind: 'people-not-allowed' });
  if (isPreparing(job)) blockers.push(preparing(job, photos));
  else if (usable < needed) blockers.push({ kind: 'too-few-photos', usable, needed });
  if (key === undefined) blockers.push({ kind: 'no-key' });
  if (reached) blockers.push({ kind: 'limit', reached });
  return blockers;
}

function preparing({ pending, delay }: Job, photos: readonly StoredPhoto[]): Blocker {
  return { kind: 'preparing', photos: pending.length + photos.length, ...(delay && { delay: delay.why }) };
}

export function isBaseModelListed({ order }: Job, listed: readonly BaseModel[] | undefined): boolean | undefined {
  if (order.baseModel === undefined || !findSetting(methods[order.method], 'baseModel')) return undefined;
  return listed?.some(({ id }) => id === order.baseModel);
}

/** Whether what the wallet held when it was last asked does not pay for the order. An hourly price says how much only afterwards. */
export function isShort({ wallet, order }: Job): boolean {
  const { price } = methods[order.method];
  if (wallet?.usd === undefined || isFree(methods[order.method])) return false;
  return price.per === 'hour' ? wallet.usd <= 0 : wallet.usd < price.usd;
}

/** The photos are kept and come up by themselves, whatever it is that they wait for. */
const delayed: Readonly<Record<Delay['why'], string>> = {
  decoder: 'The photos wait, because the program that reads photos cannot be started here at the moment.',
  'used-up': 'The photos wait, because reading yours has taken very long in the last minutes.',
};

/** Why Start does not work yet, and what to do about it. */
export function blockedText(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'preparing':
      return blocker.delay === undefined
        ? 'The photos are still being looked at. Start can be pressed in a moment.'
        : `${delayed[blocker.delay]} Start can be pressed once they are looked at.`;
    case 'too-few-photos':
      return `${blocker.needed} usable photos are needed and there ${blocker.usable === 1 ? 'is' : 'are'} ${blocker.usable}. Press Add photos to attach more.`;
    case 'people-not-allowed':
      return `${peopleRefused} Press Settings for that, or Discard.`;
    case 'no-key':
      return 'This server has no ModelsLab API key yet. Ask an admin to set one with /config key, then press Start.';
    case 'limit':
      return reachedText(blocker.reached);
  }
}
