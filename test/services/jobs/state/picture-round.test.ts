import { describe, expect, it } from 'vitest';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import {
  longestPictureWaitMs,
  moveRound,
  newsKeyOf,
  nextRoundAt,
  type Outcome,
  type PictureEvent,
  type PictureRound,
  type RoundStep,
} from '../../../../src/services/jobs/state/picture-round.ts';
import { ledgerLine } from '../../../../src/services/jobs/store/ledger.ts';
import { aJob, noon } from '../job-builder.ts';
import { aRound, made, pictureIntent, progresses, steps } from '../round-builder.ts';

type EventType = PictureEvent['type'];

const later = noon + 5000;
const until = noon + 9000;

const events: { readonly [T in EventType]: Extract<PictureEvent, { type: T }> } = {
  'put-off': { type: 'put-off', until, hold: 'provider-busy' },
  'reload-asked': { type: 'reload-asked', isTaken: true, until },
  leaving: { type: 'leaving', intent: pictureIntent },
  'not-accepted': { type: 'not-accepted', until, hold: 'provider-silent' },
  begun: { type: 'begun', requestId: 'r1', until },
  over: { type: 'over', outcome: made },
  counted: { type: 'counted', spent: { amount: 0.02, currency: 'USD' } },
};

/** Where each event leads from each step. What is not written here must change nothing at all. */
const transitions: Readonly<Record<RoundStep, Partial<Record<EventType, RoundStep>>>> = {
  wanted: { 'put-off': 'wanted', 'reload-asked': 'wanted', leaving: 'sending', over: 'ended' },
  sending: { 'not-accepted': 'wanted', begun: 'making', over: 'counting' },
  making: { 'put-off': 'making', over: 'counting' },
  counting: { counted: 'ended' },
  ended: {},
};

const pairs = steps.flatMap((step) =>
  (Object.keys(events) as EventType[]).map((event) => ({ step, event, next: transitions[step][event] })),
);

describe('every step meets every event', () => {
  it.each(pairs.filter(({ next }) => next))('$step meets $event and is $next', ({ step, event, next }) => {
    expect(moveRound(aRound(step), events[event], later).progress.step).toBe(next);
  });

  it.each(pairs.filter(({ next }) => !next))('$step meets $event and stays the very same object', ({ step, event }) => {
    const round = aRound(step);
    expect(moveRound(round, events[event], later)).toBe(round);
  });

  it('leaves only once: nothing but "provably not accepted" leads back to where it is sent from', () => {
    const back = pairs.filter(({ step, next }) => step !== 'wanted' && next === 'wanted');
    expect(back).toEqual([{ step: 'sending', event: 'not-accepted', next: 'wanted' }]);
  });
});

describe('a round', () => {
  const move = (step: RoundStep, event: PictureEvent) => moveRound(aRound(step, { tries: 3 }), event, later);

  it('waits longer each time it is put off, and afresh after each step', () => {
    expect(move('wanted', events['put-off'])).toMatchObject({ tries: 4, lookAt: until });
    expect(move('making', events['put-off'])).toMatchObject({ tries: 4, lookAt: until });
    expect(move('sending', events['not-accepted'])).toMatchObject({ tries: 4, lookAt: until });
    expect(move('sending', events.begun)).toMatchObject({ tries: 0, lookAt: until });
  });

  it('remembers that the model was asked to load, so that it is not asked again and again', () => {
    const asked = move('wanted', events['reload-asked']);
    expect(asked).toMatchObject({ reload: { at: later, isTaken: true }, progress: { hold: 'loading' } });
  });

  it('compares no wallets after a refusal, or where the balance before is not known', () => {
    const refused: Outcome = { kind: 'refused', reason: 'credit' };
    expect(move('sending', { type: 'over', outcome: refused }).progress).toEqual({ step: 'ended', outcome: refused });
    const blind = aRound('sending', { progress: { step: 'sending', intent: { attempt: 1, at: noon } } });
    expect(moveRound(blind, events.over, later).progress).toEqual({ step: 'ended', outcome: made });
  });

  it('is looked at when it is due, never once it has ended, and at once after the clock was set back', () => {
    expect(nextRoundAt(aRound('making', { lookAt: until }), noon)).toBe(until);
    expect(nextRoundAt(aRound('ended'), noon)).toBeNull();
    expect(nextRoundAt(aRound('making', { lookAt: noon + longestPictureWaitMs + 1 }), noon)).toBe(noon);
  });
});

describe('a job with pictures', () => {
  const withRound = (round: PictureRound, change: Partial<Job> = {}) =>
    aJob('ready', { pictures: round, nextAt: null, ...change });
  const order = (round: number) => ({ type: 'pictures-ordered', round, count: 3, prompt: 'p' }) as const;
  const told = (round: PictureRound) => ({ ...aJob('ready').told, news: [newsKeyOf(round)] });

  it('takes the first order, and is looked at for it at once', () => {
    const job = advance(aJob('ready', { nextAt: null }), order(1), later);
    expect(job).toMatchObject({ nextAt: later, pictures: { number: 1, count: 3, orderedAt: later } });
  });

  it('is told in its thread again, whatever happened to that before', () => {
    const nowhere = { ...aJob('ready').told, place: 'nowhere' } as const;
    expect(advance(aJob('ready', { told: nowhere }), order(1), later).told.place).toBe('thread');
  });

  it.each(steps)('takes no second press of one choice while a round is %s', (step) => {
    const job = withRound(aRound(step), { told: told(aRound(step)) });
    expect(advance(job, order(1), later)).toBe(job);
  });

  it('takes the next round once the one before has ended and was told', () => {
    const ended = aRound('ended');
    expect(advance(withRound(ended, { told: told(ended) }), order(2), later).pictures?.number).toBe(2);
    const untold = withRound(ended);
    expect(advance(untold, order(2), later), 'paid pictures must not be forgotten').toBe(untold);
    const making = withRound(aRound('making'));
    expect(advance(making, order(2), later)).toBe(making);
    const skipped = withRound(ended, { told: told(ended) });
    expect(advance(skipped, order(3), later)).toBe(skipped);
  });

  it('moves its own round only', () => {
    const job = withRound(aRound('making'));
    const moved = (round: number) => advance(job, { type: 'pictures-moved', round, event: events.over }, later);
    expect(moved(1).pictures?.progress.step).toBe('counting');
    expect(moved(2)).toBe(job);
  });

  it('forgets with its model what was not sent, and nothing that may be paid for', () => {
    const left = steps.filter((step) => advance(withRound(aRound(step)), { type: 'deleted' }, later).pictures);
    expect(left).toEqual(['sending', 'making', 'counting', 'ended']);
  });

  it('has its paid pictures fetched after the model was deleted', () => {
    const deleted = advance(withRound(aRound('making')), { type: 'deleted' }, later);
    const event = { type: 'pictures-moved', round: 1, event: events.over } as const;
    expect(advance(deleted, event, later).pictures?.progress.step).toBe('counting');
  });
});

describe('the ledger about pictures', () => {
  const line = (before: PictureRound | undefined, after: PictureRound | undefined) =>
    ledgerLine(aJob('ready', before && { pictures: before }), aJob('ready', after && { pictures: after }), noon);
  const over = (outcome: Outcome): PictureRound => aRound('ended', { progress: { step: 'ended', outcome } });

  it.each<readonly [string, PictureRound | undefined, PictureRound | undefined, string | undefined]>([
    ['ordered', undefined, aRound('wanted'), 'pictures-pressed'],
    ['ordered once more', aRound('ended'), aRound('wanted', { number: 2 }), 'pictures-pressed'],
    ['put off', aRound('wanted'), aRound('wanted', { tries: 1 }), undefined],
    ['about to be sent', aRound('wanted'), aRound('sending'), 'pictures-intent'],
    ['impossible', aRound('wanted'), over({ kind: 'no-key' }), 'pictures-not-sent'],
    ['gone with the model', aRound('wanted'), undefined, 'pictures-not-sent'],
    ['not accepted', aRound('sending'), aRound('wanted'), 'pictures-not-sent'],
    ['given up', aRound('sending'), over({ kind: 'not-taken' }), 'pictures-not-sent'],
    ['refused', aRound('sending'), over({ kind: 'refused', reason: 'credit' }), 'pictures-refused'],
    ['promised', aRound('sending'), aRound('making'), 'pictures-charged'],
    ['made at once', aRound('sending'), aRound('counting'), 'pictures-charged'],
    ['unclear', aRound('sending'), over({ kind: 'unclear' }), 'pictures-no-verdict'],
    ['fetched', aRound('making'), aRound('counting'), undefined],
    ['counted', aRound('counting'), aRound('ended'), 'pictures-counted'],
  ])('%s', (_what, before, after, event) => {
    expect(line(before, after)?.event).toBe(event);
  });

  it('names the round, how many, and the request, and neither prompt nor person', () => {
    expect(line(aRound('sending'), aRound('making'))?.detail).toBe('round 1, pictures 2, request r1');
    expect(line(undefined, aRound('wanted'))?.detail).toBe('round 1, pictures 2');
  });
});

it('has an example of every step', () => {
  expect(Object.values(progresses).map(({ step }) => step)).toEqual(steps);
});
