import { describe, expect, it } from 'vitest';
import type { Job, State } from '../../../../src/services/jobs/state/job.ts';
import { ledgerLine } from '../../../../src/services/jobs/store/ledger.ts';
import { aJob, guildId, noon, order, phases, states } from '../job-builder.ts';
import { aRound, progresses } from '../round-builder.ts';

/** What the ledger says of each change of state. What is not written here says nothing about money. */
const lines: Readonly<Partial<Record<`${State} ${State}`, string>>> = {
  'draft queued': 'pressed',
  'queued sending': 'intent',
  'sending training': 'charged',
  'sending queued': 'not-sent',
  'sending cancelled': 'not-sent',
  'sending failed': 'not-sent',
  'sending unknown': 'no-verdict',
  'unknown training': 'adopted',
  'unknown queued': 'resent',
  'unknown cancelled': 'not-sent',
  'unknown asking': 'asked',
  'asking training': 'adopted',
  'asking queued': 'resent',
  'asking cancelled': 'dropped',
};

const transitions: readonly (readonly [State, State])[] = [
  ['draft', 'queued'],
  ['draft', 'discarded'],
  ['queued', 'sending'],
  ['queued', 'failed'],
  ['queued', 'cancelled'],
  ['sending', 'training'],
  ['sending', 'queued'],
  ['sending', 'cancelled'],
  ['sending', 'failed'],
  ['sending', 'unknown'],
  ['unknown', 'training'],
  ['unknown', 'queued'],
  ['unknown', 'cancelled'],
  ['unknown', 'asking'],
  ['unknown', 'failed'],
  ['asking', 'training'],
  ['asking', 'queued'],
  ['asking', 'cancelled'],
  ['training', 'ready'],
  ['training', 'failed'],
  ['training', 'cancelled'],
  ['failed', 'draft'],
  ['ready', 'deleted'],
];

describe('the ledger', () => {
  it.each(transitions)('from %s to %s', (from, to) => {
    expect(ledgerLine(aJob(from), aJob(to), noon)?.event).toBe(lines[`${from} ${to}`]);
  });

  it.each(states)('says nothing while a job stays %s', (state) => {
    expect(ledgerLine(aJob(state), aJob(state, { trouble: 3 }), noon)).toBeUndefined();
  });

  it('tells a refusal of the provider from an order that was given up', () => {
    const refused: Job = aJob('failed', {
      phase: { state: 'failed', failure: { kind: 'refused', reason: 'credit', said: 'words of a stranger' } },
    });
    for (const from of ['sending', 'unknown'] as const)
      expect(ledgerLine(aJob(from), refused, noon)).toMatchObject({ event: 'refused', detail: 'refused' });
  });

  it('says what the wallet lost by a round of pictures, once that is known', () => {
    const at = (round: ReturnType<typeof aRound>) => aJob('ready', { pictures: round });
    const { spent: _spent, ...silent } = progresses.ended;
    const counted = ledgerLine(at(aRound('counting')), at(aRound('ended')), noon);
    expect(counted).toMatchObject({ event: 'pictures-counted', detail: 'round 1, pictures 2, wallet -0.01 USD' });
    expect(ledgerLine(at(aRound('counting')), at(aRound('ended', { progress: silent })), noon)).toBeUndefined();
  });

  it.each([
    ['charged', 'sending', 'training'],
    ['adopted', 'unknown', 'training'],
    ['dropped', 'asking', 'cancelled'],
    ['resent', 'asking', 'queued'],
  ] as const)('%s counts the price of the method: it was billed, or may have been', (event, from, to) => {
    const line = (method: Job['order']['method']) => {
      const priced = { order: { ...order, method } };
      return ledgerLine(aJob(from, priced), aJob(to, priced), noon);
    };
    expect(line('dreambooth')).toMatchObject({ event, usd: 3 });
    expect(line('sandbox')).toMatchObject({ event, usd: 0 });
    expect(line('flux'), 'nobody knows').toMatchObject({ event, usd: null });
  });

  it.each([
    ['draft', 'queued'],
    ['queued', 'sending'],
    ['sending', 'queued'],
    ['sending', 'unknown'],
    ['unknown', 'queued'],
    ['unknown', 'asking'],
  ] as const)('from %s to %s nothing was billed', (from, to) => {
    expect(ledgerLine(aJob(from), aJob(to), noon)?.usd).toBe(0);
  });

  it.each([
    ['of an order that was given up: it seems to run', aJob('failed'), 1],
    ['of one that was cancelled before it was known to have arrived', aJob('cancelled'), 1],
    [
      'of one that was dropped: it was counted then',
      aJob('cancelled', { phase: { state: 'cancelled', unclear: true } }),
      0,
    ],
  ])('counts what the provider called about after the end %s', (_what, job, usd) => {
    expect(ledgerLine(job, { ...job, lateCallAt: noon }, noon)).toMatchObject({ event: 'called-late', usd });
    expect(ledgerLine({ ...job, lateCallAt: noon }, { ...job, lateCallAt: noon, trouble: 1 }, noon)).toBeUndefined();
  });

  it('counts what the wallet lost over pictures, where it is in dollars', () => {
    const counted = (amount: number, currency: string) => {
      const ended = { ...aRound('ended'), progress: { ...aRound('ended').progress, spent: { amount, currency } } };
      const after = aJob('ready', { pictures: ended });
      return ledgerLine(aJob('ready', { pictures: aRound('counting') }), after, noon);
    };
    expect(counted(0.012, 'USD')).toMatchObject({ event: 'pictures-counted', usd: 0.012 });
    expect([counted(-5, 'USD'), counted(9, 'INR')].map((line) => line?.usd)).toEqual([0, 0]);
  });

  it('names job, server, time, attempt and training, and no person', () => {
    const sending = ledgerLine(aJob('queued'), aJob('sending', { phase: phases.sending }), noon);
    expect(sending).toEqual({
      at: noon,
      job_id: 'job1',
      guild_id: guildId,
      event: 'intent',
      detail: 'attempt 1, request 0123456789ab',
      usd: 0,
    });
    expect(ledgerLine(aJob('sending'), aJob('training'), noon)?.detail).toBe('training t1');
  });
});
