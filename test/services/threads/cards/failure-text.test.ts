import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../../src/services/jobs/state/job.ts';
import type { RefusalReason } from '../../../../src/services/modelslab/training-api-error.ts';
import { failureText, refusalText } from '../../../../src/services/threads/cards/failure-text.ts';

const nextStep = /\b(ask an admin|press Try again|try again|wait until|change|choose|check)\b/i;

const refusals: Readonly<Record<RefusalReason, RegExp>> = {
  key: /API key.*admin.*\/config key/,
  credit: /wallet.*not enough credit.*admin.*modelslab\.com/,
  plan: /plan.*another method.*admin/,
  'queue-full': /takes no more orders.*Wait/,
  'not-loaded': /put this model away.*Wait/,
  'not-found': /does not know.*base model/,
  fields: /does not accept these settings.*Change/,
  other: /refused/,
};

describe('why the provider refused', () => {
  it.each(Object.entries(refusals))('%s: says what is the case, and who can change it', (reason, says) => {
    const text = refusalText(reason as RefusalReason);
    expect(text).toMatch(says);
    expect(text).toMatch(nextStep);
  });

  it('adds the provider’s own words as a quotation, and that nothing was billed', () => {
    const text = failureText({ kind: 'refused', reason: 'fields', said: 'The *seed*\nfield is required.' });
    expect(text).toMatch(/^> The \\\*seed\\\*\n> field is required\.$/m);
    expect(text).toMatch(/Nothing was billed\.$/);
  });
});

const failures: Readonly<Record<Failure['kind'], readonly [Failure, RegExp]>> = {
  refused: [{ kind: 'refused', reason: 'credit' }, /Nothing was billed/],
  'training-failed': [{ kind: 'training-failed', said: 'Valid image links less than 3' }, /> Valid image links/],
  lost: [{ kind: 'lost' }, /does not know this training.*full price/],
  'no-key': [{ kind: 'no-key' }, /no ModelsLab API key.*Nothing was sent or billed.*\/config key/],
  'no-hand-over': [{ kind: 'no-hand-over', why: 'no link came back' }, /no link came back\. Nothing was billed/],
  unreachable: [{ kind: 'unreachable' }, /whole day.*Nothing was sent or billed/],
  stuck: [{ kind: 'stuck' }, /in this bot.*Nothing was sent or billed.*Tell whoever runs this bot.*Try again/],
  'no-answer': [{ kind: 'no-answer' }, /never said what became of it.*free: nothing was billed/],
};

describe('why an order failed', () => {
  it.each(Object.values(failures))('$kind: says what happened, what it cost and what to do next', (failure, says) => {
    expect(failureText(failure)).toMatch(says);
    expect(failureText(failure)).toMatch(nextStep);
  });

  it.each(['refused', 'no-key', 'no-hand-over', 'unreachable', 'stuck'] as const)(
    '%s: claims nothing for an attempt before, of which nobody knows whether it arrived',
    (kind) => {
      const text = failureText(failures[kind][0], { inDoubt: true });
      expect(text).toMatch(/Nothing more was (sent or )?billed\. .*whether the attempt before was billed/);
      expect(text).toMatch(nextStep);
    },
  );

  it('does not claim to know what a training that began is billed', () => {
    expect(failureText({ kind: 'training-failed' })).toMatch(/cannot see whether ModelsLab charges/);
    expect(failureText({ kind: 'training-failed' })).not.toContain('Its words');
  });
});

it('says that photos which could not be fetched are handed over directly by Try again', () => {
  const failure = { kind: 'training-failed', said: 'Valid image links less than 3' } as const;
  expect(failureText(failure)).toMatch(/could not fetch the photos from this thread: press Try again/);
});
