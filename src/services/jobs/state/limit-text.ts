import { UserError } from '../../../lib/errors.ts';
import { utcDay, utcMonth } from '../../../lib/calendar.ts';
import { methods } from '../../modelslab/methods.ts';
import type { Reached } from './limits.ts';

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
