import type { Insertable, Selectable } from 'kysely';
import type { JobsTable, LedgerTable } from '../../database/schema.ts';
import { usdOf } from '../../modelslab/methods.ts';
import { isIn, type Job, type State } from '../state/job.ts';
import { isAt, type PictureRound } from '../state/picture-round.ts';

/** What is noted when a training began at the provider. */
export const began: readonly LedgerEvent[] = ['charged', 'adopted', 'called-late'];

/** What can happen to money, in the words of the ledger. */
export type LedgerEvent =
  | 'pressed'
  | 'intent'
  | 'charged'
  | 'adopted'
  | 'not-sent'
  | 'refused'
  | 'no-verdict'
  | 'asked'
  | 'resent'
  | 'dropped'
  | 'called-late'
  | `pictures-${'pressed' | 'intent' | 'charged' | 'not-sent' | 'refused' | 'no-verdict' | 'counted'}`;

/**
 * The line that a change of a job adds to the ledger; most changes add none. Derived from the change itself, so that
 * no caller can forget it, and written in the same transaction.
 */
export function ledgerLine(before: Job, after: Job, at: number): Insertable<LedgerTable> | undefined {
  const line = trainingLine(before, after) ?? pictureLine(before.pictures, after.pictures);
  return line && { at, job_id: after.id, guild_id: after.guildId, ...line };
}

/** An order that is erased before anybody knows whether it was billed: a limit must hold all the same. */
export function forgottenLine(
  { id, guild_id, method }: Pick<Selectable<JobsTable>, 'id' | 'guild_id' | 'method'>,
  at: number,
): Insertable<LedgerTable> {
  const event: LedgerEvent = 'dropped';
  return { at, job_id: id, guild_id, event, detail: 'forgotten', usd: usdOf(method) };
}

type Line = Pick<Insertable<LedgerTable>, 'detail' | 'usd'> & { readonly event: LedgerEvent };

function trainingLine(before: Job, after: Job): Line | undefined {
  const event = eventOf(before, after);
  return event && { event, detail: detailOf(after), usd: billedBy(event, before) ? usdOf(after.order.method) : 0 };
}

function pictureLine(before: PictureRound | undefined, after: PictureRound | undefined): Line | undefined {
  const round = after ?? before;
  const event = pictureEventOf(before, after);
  if (!round || !event) return undefined;
  const said = `${requestOf(round)}${amountOf(round)}`;
  return { event, detail: `round ${round.number}, pictures ${round.count}${said}`, usd: spentOn(round) };
}

/** What the wallet lost meanwhile: the only price of pictures that can be known. */
function amountOf({ progress }: PictureRound): string {
  const { spent } = { spent: undefined, ...progress };
  return spent ? `, wallet ${-spent.amount} ${spent.currency}` : '';
}

/** With what else was billed meanwhile. */
function spentOn({ progress }: PictureRound): number {
  const spent = 'spent' in progress ? progress.spent : undefined;
  return spent?.currency === 'USD' ? Math.max(0, spent.amount) : 0;
}

/** A training that begins; and an attempt that may have been billed, since a limit must hold. */
function billedBy(event: LedgerEvent, { phase }: Job): boolean {
  const isInDoubt = phase.state === 'asking' && (event === 'resent' || event === 'dropped');
  const wasCounted = phase.state === 'cancelled' && phase.unclear === true;
  return isInDoubt || (began.includes(event) && !wasCounted);
}

function requestOf(round: PictureRound): string {
  return isAt(round, 'making') ? `, request ${round.progress.requestId}` : '';
}

function pictureEventOf(before: PictureRound | undefined, after: PictureRound | undefined): LedgerEvent | undefined {
  if (before?.number !== after?.number) return after ? 'pictures-pressed' : 'pictures-not-sent';
  if (!before || !after || before.progress.step === after.progress.step) return undefined;
  if (isAt(after, 'sending')) return 'pictures-intent';
  if (isAt(before, 'wanted')) return 'pictures-not-sent';
  if (isAt(before, 'counting')) return isAt(after, 'ended') && after.progress.spent ? 'pictures-counted' : undefined;
  return isAt(before, 'sending') ? verdictOn(after) : undefined;
}

function verdictOn({ progress }: PictureRound): LedgerEvent {
  if (progress.step === 'wanted') return 'pictures-not-sent';
  if (!('outcome' in progress)) return 'pictures-charged';
  switch (progress.outcome.kind) {
    case 'refused':
      return 'pictures-refused';
    case 'not-taken':
    case 'no-key':
      return 'pictures-not-sent';
    case 'unclear':
      return 'pictures-no-verdict';
    case 'made':
    case 'failed-there':
    case 'late':
      return 'pictures-charged';
  }
}

function eventOf(before: Job, after: Job): LedgerEvent | undefined {
  const [from, to] = [before.phase.state, after.phase.state];
  if (from === to) return after.lateCallAt === before.lateCallAt ? undefined : 'called-late';
  switch (to) {
    case 'queued':
      if (from === 'draft') return 'pressed';
      return from === 'sending' ? 'not-sent' : 'resent';
    case 'sending':
      return 'intent';
    case 'training':
      return from === 'sending' ? 'charged' : 'adopted';
    case 'unknown':
      return 'no-verdict';
    case 'asking':
      return 'asked';
    case 'failed':
      return failedIn(from, after);
    case 'cancelled':
      return cancelledIn(from);
    case 'draft':
    case 'ready':
    case 'discarded':
    case 'deleted':
      return undefined;
  }
}

/** A refusal may come so late that the order is being looked for already. */
function failedIn(from: State, job: Job): LedgerEvent | undefined {
  if (from !== 'sending' && from !== 'unknown') return undefined;
  if (isIn(job, 'failed') && job.phase.failure.kind === 'refused') return 'refused';
  return from === 'sending' ? 'not-sent' : undefined;
}

/** A cancel that waited for the verdict on a request is done when that had not been accepted. */
function cancelledIn(from: State): LedgerEvent | undefined {
  if (from === 'asking') return 'dropped';
  return from === 'sending' || from === 'unknown' ? 'not-sent' : undefined;
}

function detailOf(job: Job): string | null {
  if (isIn(job, 'sending'))
    return `attempt ${job.phase.intent.attempt}, request ${job.phase.intent.requestHash.slice(0, 12)}`;
  if (isIn(job, 'training')) return `training ${job.phase.trainingId}`;
  if (isIn(job, 'failed')) return job.phase.failure.kind;
  return null;
}
