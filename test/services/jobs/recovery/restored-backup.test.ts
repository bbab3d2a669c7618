import { expect, it } from 'vitest';
import { restored } from '../../../../src/services/jobs/recovery/restored-backup.ts';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import { newRound } from '../../../../src/services/jobs/state/picture-round.ts';
import { aJob, hour, intent, key, noon, order, phaseOf, states } from '../job-builder.ts';

const later = noon + hour;
const free = { order: { ...order, method: 'sandbox' } } as const;

it.each(['queued', 'sending', 'unknown'] as const)(
  'looks for an order that was %s in the backup, and proves nothing by the list: its owner is asked',
  (state) => {
    const job = restored(aJob(state, { keyFingerprint: key.fingerprint, quietUntil: later }), later);
    expect(phaseOf(job, 'unknown')).toMatchObject({
      intent: { before: null, at: later, keyFingerprint: key.fingerprint, attempt: 1 },
      looks: 0,
      lookedAt: later,
    });
    // The buttons below the question name the attempt.
    expect(job).toMatchObject({ attempts: 1, isRestored: true, nextAt: later });
    expect(job.quietUntil).toBeUndefined();
  },
);

it.each(['queued', 'sending', 'unknown'] as const)(
  'goes on with a free order that was %s: twice costs nothing',
  (state) => {
    const job = aJob(state, free);
    expect(restored(job, later)).toBe(job);
  },
);

it('lets no card that was drawn after the backup start a draft', () => {
  const draft = aJob('draft', { told: { ...aJob('draft').told, card: 'digest' } });
  const job = restored(draft, later);
  expect(job).toMatchObject({ isRestored: true, touchedAt: later, nextAt: later });
  expect(job.told.card).toBeUndefined();
  for (let orderRev = draft.orderRev; orderRev < draft.orderRev + 100; orderRev += 1) {
    expect(advance(job, { type: 'started', orderRev }, later).phase.state).toBe('draft');
  }
});

it('has an order that had failed warn when it is tried again: that may have been done since', () => {
  const again = advance(restored(aJob('failed'), later), { type: 'reopened' }, later);
  expect(again).toMatchObject({ phase: { state: 'draft' }, isRestored: true });
});

it('asks once more what was asked in the backup, since the buttons may be gone', () => {
  const told = { ...aJob('asking').told, news: ['overdue-1', 'asking-1'] };
  const job = restored(aJob('asking', { told, nextAt: null }), later);
  expect(job.told.news).toEqual(['overdue-1']);
  expect(job.nextAt).toBe(later);
});

it('takes sample pictures that were wanted for asked for, which are never asked for again', () => {
  const pictures = newRound({ number: 2, count: 3, prompt: 'a photo' }, noon);
  const job = restored(aJob('ready', { pictures }), later);
  expect(job.pictures).toMatchObject({
    attempts: 1,
    lookAt: later,
    progress: { step: 'sending', intent: { attempt: 1 } },
  });
});

it('leaves alone what nothing more can be paid for', () => {
  const untouched = states.filter(
    (state) => !['draft', 'queued', 'sending', 'unknown', 'asking', 'failed'].includes(state),
  );
  for (const state of untouched) {
    const job = aJob(state);
    expect(restored(job, later), state).toBe(job);
  }
});

it('forgets that it came from a backup once it is sent', () => {
  const again = advance(aJob('queued', { isRestored: true }), { type: 'leaving', intent }, later);
  expect(again.phase.state).toBe('sending');
  expect(again.isRestored).toBeUndefined();
});
