import { z } from 'zod';
import { refusalReasons } from '../../modelslab/training-api-error.ts';
import { said } from './stored-words.ts';

/*
 * Sample pictures of a finished model: one round for each press on a number.
 *   wanted ───> sending    the intent is stored; the paid request leaves
 *   wanted ───> ended      something is missing, or waiting was given up: nothing was sent
 *   sending ──> wanted     provably not accepted: sent again later
 *   sending ──> making     the provider gave an id to fetch them with
 *   sending ──> counting   they came with the answer; or no verdict came back, and it is never sent again by itself
 *   sending ──> ended      the provider refused and charged nothing
 *   making ───> counting   made, failed there, or waiting was given up
 *   counting ─> ended      the wallet was compared with before
 *   ended ────> wanted     the next round
 */

const time = z.number();
const walletSchema = z.object({ balance: z.number(), currency: z.string() }).readonly();

const intentSchema = z
  .object({
    attempt: z.number(),
    at: time,
    /** What the wallet held just before, where the provider said so. */
    before: walletSchema.optional(),
  })
  .readonly();

const outcomeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('made'), links: z.array(z.string()).readonly() }),
    /** No key, or another one than the model belongs to. */
    z.object({ kind: z.literal('no-key') }),
    z.object({ kind: z.literal('refused'), reason: z.enum(refusalReasons), said: said.optional() }),
    /** The request could not be handed over for so long that waiting was given up. */
    z.object({ kind: z.literal('not-taken') }),
    /** Sent, and no verdict came back. */
    z.object({ kind: z.literal('unclear') }),
    z.object({ kind: z.literal('failed-there'), said: said.optional() }),
    /** They were begun, and did not come in time. */
    z.object({ kind: z.literal('late') }),
  ])
  .readonly();

const stepSchema = z
  .discriminatedUnion('step', [
    /** `hold` says why it is not sent at once. */
    z.object({ step: z.literal('wanted'), hold: z.enum(['loading', 'provider-silent', 'provider-busy']).optional() }),
    z.object({ step: z.literal('sending'), intent: intentSchema }),
    z.object({ step: z.literal('making'), intent: intentSchema, requestId: z.string(), since: time }),
    z.object({ step: z.literal('counting'), intent: intentSchema, outcome: outcomeSchema }),
    /** `spent`: how much less the wallet holds than before. */
    z.object({
      step: z.literal('ended'),
      outcome: outcomeSchema,
      spent: z.object({ amount: z.number(), currency: z.string() }).optional(),
    }),
  ])
  .readonly();

export const roundSchema = z
  .object({
    /** Counts the rounds of a job: a press on an older choice is recognised by it. */
    number: z.number(),
    count: z.number(),
    prompt: z.string(),
    orderedAt: time,
    /** Set once the provider was asked to load the model again; whether it took that on. */
    reload: z.object({ at: time, isTaken: z.boolean() }).optional(),
    /** How many times it was sent or about to be. */
    attempts: z.number(),
    /** How often in a row it had to be put off. */
    tries: z.number(),
    /** Not before this is anything done for it. */
    lookAt: time,
    progress: stepSchema,
  })
  .readonly();

export type PictureRound = z.infer<typeof roundSchema>;
export type Progress = z.infer<typeof stepSchema>;
export type RoundStep = Progress['step'];
export type PictureIntent = z.infer<typeof intentSchema>;
export type Outcome = z.infer<typeof outcomeSchema>;
export type PictureHold = NonNullable<Extract<Progress, { step: 'wanted' }>['hold']>;
export type Spent = Extract<Progress, { step: 'ended' }>['spent'];

/** What can happen to a round. */
export type PictureEvent =
  | { readonly type: 'put-off'; readonly until: number; readonly hold?: PictureHold }
  | { readonly type: 'reload-asked'; readonly isTaken: boolean; readonly until: number }
  | { readonly type: 'leaving'; readonly intent: PictureIntent }
  | { readonly type: 'not-accepted'; readonly until: number; readonly hold: PictureHold }
  | { readonly type: 'begun'; readonly requestId: string; readonly until: number }
  | { readonly type: 'over'; readonly outcome: Outcome }
  | { readonly type: 'counted'; readonly spent?: Spent };

export const pictureCounts = [1, 2, 3, 4] as const;

/** Narrows a round to one step, so that what only this step has can be read. */
export type PictureRoundAt<S extends RoundStep> = PictureRound & { readonly progress: Extract<Progress, { step: S }> };

export function isAt<S extends RoundStep>(round: PictureRound, step: S): round is PictureRoundAt<S> {
  return round.progress.step === step;
}

/** The key under which the end of a round is told, once. */
export function newsKeyOf({ number }: PictureRound): string {
  return `pictures-${number}`;
}

export function newRound(
  { number, count, prompt }: Pick<PictureRound, 'number' | 'count' | 'prompt'>,
  at: number,
): PictureRound {
  const progress = { step: 'wanted' } as const;
  return { number, count, prompt, orderedAt: at, attempts: 0, tries: 0, lookAt: at, progress };
}

/** Pure. An event that no longer applies leaves the round as it is. */
export function moveRound(round: PictureRound, event: PictureEvent, at: number): PictureRound {
  switch (event.type) {
    case 'put-off':
      return putOff(round, event);
    case 'reload-asked': {
      if (!isAt(round, 'wanted')) return round;
      const { isTaken, until } = event;
      return { ...to(round, { step: 'wanted', hold: 'loading' }, until), reload: { at, isTaken } };
    }
    case 'leaving': {
      const { intent } = event;
      return isAt(round, 'wanted')
        ? { ...round, attempts: intent.attempt, lookAt: at, progress: { step: 'sending', intent } }
        : round;
    }
    case 'not-accepted': {
      if (!isAt(round, 'sending')) return round;
      const waiting = { step: 'wanted', hold: event.hold } as const;
      return { ...round, tries: round.tries + 1, lookAt: event.until, progress: waiting };
    }
    case 'begun': {
      if (!isAt(round, 'sending')) return round;
      const { intent } = round.progress;
      return to(round, { step: 'making', intent, requestId: event.requestId, since: at }, event.until);
    }
    case 'over':
      return over(round, event.outcome, at);
    case 'counted':
      if (!isAt(round, 'counting')) return round;
      return to(round, ended(round.progress.outcome, event.spent), at);
  }
}

/** The longest that anything is put off; what lies further ahead is from before the clock was set back. */
export const longestPictureWaitMs = 5 * 60_000;

/** When to look at a round again; null is never. */
export function nextRoundAt(round: PictureRound, now: number): number | null {
  if (isAt(round, 'ended')) return null;
  return round.lookAt > now + longestPictureWaitMs ? now : round.lookAt;
}

function putOff(round: PictureRound, { until, hold }: Extract<PictureEvent, { type: 'put-off' }>): PictureRound {
  const later = { ...round, tries: round.tries + 1, lookAt: until };
  if (isAt(round, 'wanted')) return { ...later, progress: { step: 'wanted', ...(hold && { hold }) } };
  return isAt(round, 'making') ? later : round;
}

function over(round: PictureRound, outcome: Outcome, at: number): PictureRound {
  if (isAt(round, 'wanted')) return to(round, ended(outcome), at);
  if (!isAt(round, 'sending') && !isAt(round, 'making')) return round;
  const { intent } = round.progress;
  // Without the balance from before there is nothing to compare with.
  const canCount = mayBeBilled(outcome) && intent.before !== undefined;
  return to(round, canCount ? { step: 'counting', intent, outcome } : ended(outcome), at);
}

function mayBeBilled({ kind }: Outcome): boolean {
  return kind !== 'refused' && kind !== 'not-taken' && kind !== 'no-key';
}

function ended(outcome: Outcome, spent?: Spent): Progress {
  return { step: 'ended', outcome, ...(spent && { spent }) };
}

function to(round: PictureRound, progress: Progress, lookAt: number): PictureRound {
  return { ...round, tries: 0, lookAt, progress };
}
