import { utcDay, utcMonth } from '../../../lib/calendar.ts';
import { UserError } from '../../../lib/errors.ts';
import type { Limits } from '../../guilds/guild-settings.ts';
import { methods, usdOf, type MethodId } from '../../modelslab/methods.ts';

/** What the limits of a server are compared with, for one of its members. Days and months are those of UTC. */
export interface Usage {
  /** When it was counted. */
  readonly at: number;
  readonly member: {
    /** Trainings that were started and are not over. */
    readonly atOnce: number;
    /** Those that began at the provider, or are on their way there. One that was refused there does not count. */
    readonly today: number;
    readonly thisMonth: number;
  };
  readonly server: {
    readonly atOnce: number;
    /** What was billed this month, or may have been, and what is on its way. */
    readonly usd: number;
    /** Trainings this month whose cost is unknown, as the price is by the hour. */
    readonly hourly: number;
    /** Rounds of sample pictures whose cost is not known yet. */
    readonly rounds: number;
  };
}

type Counted = 'memberAtOnce' | 'serverAtOnce' | 'memberPerDay' | 'memberPerMonth';

/** A limit beyond which something would go. `at` is when it was counted. */
export type Reached =
  | { readonly limit: Counted; readonly most: number; readonly at: number }
  /** `costs` is null for pictures: their price is not known beforehand. */
  | {
      readonly limit: 'usdPerMonth';
      readonly most: number;
      readonly at: number;
      readonly spent: number;
      readonly costs: number | null;
    }
  /** Pictures are being made, and what they cost is not known before they are there. */
  | { readonly limit: 'uncountedPictures'; readonly most: number }
  /** The price is by the hour, and no admin said what such a training counts as. */
  | { readonly limit: 'usdPerHourly'; readonly most: number; readonly method: MethodId };

const counts: Readonly<Record<Counted, (usage: Usage) => number>> = {
  memberAtOnce: ({ member }) => member.atOnce,
  memberPerDay: ({ member }) => member.today,
  memberPerMonth: ({ member }) => member.thisMonth,
  serverAtOnce: ({ server }) => server.atOnce,
};
const counted = Object.keys(counts) as Counted[]; // The table's keys are exactly these.

/** Whether anything has to be counted at all. */
export function hasLimits(limits: Limits): boolean {
  return limits.usdPerMonth !== undefined || counted.some((limit) => limits[limit] !== undefined);
}

/** Whether what one member starts can be in the way of another. */
export function areShared({ serverAtOnce, usdPerMonth }: Limits): boolean {
  return serverAtOnce !== undefined || usdPerMonth !== undefined;
}

/** Pure: the first limit that one more training of this member would go beyond. */
export function reachedBy(method: MethodId, limits: Limits, usage: Usage): Reached | undefined {
  for (const limit of counted) {
    const most = limits[limit];
    if (most !== undefined && counts[limit](usage) >= most) return { limit, most, at: usage.at };
  }
  return reachedBySpending(method, limits, usage);
}

/** Pure: as `reachedBy`, for a training that counts already and may have to be paid for once more. */
export function reachedBySpending(method: MethodId, limits: Limits, usage: Usage): Reached | undefined {
  const { usdPerMonth: most, usdPerHourly } = limits;
  if (most === undefined) return undefined;
  const costs = usdOf(method) ?? usdPerHourly;
  if (costs === undefined) return { limit: 'usdPerHourly', most, method };
  const spent = spentIn(usage, limits);
  return costs > 0 && isMore(spent + costs, most)
    ? { limit: 'usdPerMonth', most, at: usage.at, spent, costs }
    : undefined;
}

/**
 * Pure: pictures have no price that could be added, so they may be ordered until nothing is left, by one press at a time: what
 * the round before cost is counted first.
 */
export function reachedByPictures(limits: Limits, usage: Usage): Reached | undefined {
  const { usdPerMonth: most } = limits;
  if (most === undefined) return undefined;
  const spent = spentIn(usage, limits);
  if (isMore(most, spent)) return usage.server.rounds > 0 ? { limit: 'uncountedPictures', most } : undefined;
  return { limit: 'usdPerMonth', most, at: usage.at, spent, costs: null };
}

/** In dollars, with what an admin said that a training by the hour counts as. */
export function spentIn({ server }: Pick<Usage, 'server'>, { usdPerHourly = 0 }: Limits): number {
  return server.usd + server.hourly * usdPerHourly;
}

/** Sums of decimal fractions have a tail as binary ones. */
function isMore(usd: number, than: number): boolean {
  return usd > than + 1e-6;
}

const orAsk = 'or ask an admin to raise the limit with /config limits';

/** Throws a `UserError` for what would go beyond a limit. */
export function demandWithin(reached: Reached | undefined): void {
  if (reached) throw new UserError(reachedText(reached));
}

/** Which limit is in the way, until when, and what can be done. */
export function reachedText(reached: Reached): string {
  switch (reached.limit) {
    case 'memberAtOnce':
      return `The admins of this server let a member have ${trainings(reached.most)} under way at once, and that is how many you have. Press Start when one of them has ended, which /status shows, ${orAsk}.`;
    case 'serverAtOnce':
      return `The admins let ${trainings(reached.most)} be under way at once in this server, and that is how many there are. Press Start when one of them has ended, ${orAsk}.`;
    case 'memberPerDay':
      return `The admins of this server let a member begin ${trainings(reached.most)} a day, and you have today. Days are those of UTC: order again from ${when(utcDay(reached.at).to)} on, ${orAsk}.`;
    case 'memberPerMonth':
      return `The admins of this server let a member begin ${trainings(reached.most)} a month, and you have this month. Months are those of UTC: order again from ${when(utcMonth(reached.at).to)} on, ${orAsk}.`;
    case 'usdPerMonth':
      return `The admins let this server spend ${dollars(reached.most)} a month. ${spentText(reached)} Months are those of UTC: order again from ${when(utcMonth(reached.at).to)} on, ${orAsk}.`;
    case 'uncountedPictures':
      return `The admins let this server spend ${dollars(reached.most)} a month, and pictures are being made here of which nobody knows yet what they cost. Order yours when those are posted, which takes a few minutes.`;
    case 'usdPerHourly':
      return `The admins let this server spend ${dollars(reached.most)} a month, and a training with ${methods[reached.method].label} is billed by the hour: nobody knows beforehand how much that is. Choose another method, or ask an admin to say with /config limits what such a training counts as.`;
  }
}

function spentText({ spent, costs }: Extract<Reached, { limit: 'usdPerMonth' }>): string {
  const sofar = `${dollars(spent)} of this month’s money is spent or on its way`;
  return costs === null
    ? `${sofar}, so nothing is left for pictures.`
    : `${sofar}, and this would cost ${dollars(costs)}.`;
}

function trainings(most: number): string {
  return most === 1 ? 'one training' : `${most === 0 ? 'no' : most} trainings`;
}

function dollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

/** Discord shows it in the reader's own zone. */
function when(at: number): string {
  return `<t:${Math.floor(at / 1000)}:f>`;
}
