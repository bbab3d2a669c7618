import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../../../src/lib/ids.ts';
import type { Hold, Job, Phase } from '../../../../src/services/jobs/state/job.ts';
import { cardOf } from '../../../../src/services/threads/cards/card.ts';
import { cancelledText } from '../../../../src/services/threads/cards/progress-card.ts';
import { aJob, intent, minute, noon, order, phases, states, trainingId } from '../../jobs/job-builder.ts';
import { aReview, textIn } from './review-builder.ts';

function training(phase: Partial<Extract<Phase, { state: 'training' }>> = {}, change: Partial<Job> = {}): Job {
  return aJob('training', { phase: { ...phases.training, ...phase }, ...change });
}

function text(job: Job, review = aReview()): string {
  return textIn(cardOf(job, review));
}

function labels(job: Job): string[] {
  const row = cardOf(job, aReview()).components.flatMap(({ components }) => components);
  return row.flatMap((one) => ('label' in one ? (one.label ?? []) : []));
}

describe('each state', () => {
  it.each(states)('%s names the model, and says in whole sentences what is the case', (state) => {
    const body = cardOf(aJob(state), aReview());
    expect(textIn(body)).toContain('“Ambika”');
    expect(textIn(body)).toMatch(/\.$/m);
  });

  const nextSteps = {
    queued: /nothing you need to do/,
    sending: /on its way/,
    unknown: /I am looking whether it arrived/,
    asking: /question below/,
    failed: /what to do next/,
    cancelled: /\/train/,
    discarded: /\/train/,
    deleted: /\/train/,
  } as const;
  it.each(Object.entries(nextSteps))('%s says what comes next', (state, next) => {
    expect(text(aJob(state as keyof typeof nextSteps))).toMatch(next);
  });

  const holds: Readonly<Record<Hold, RegExp>> = {
    'provider-silent': /does not answer.*Nothing has been sent or billed.*nothing you need to do/,
    'provider-busy': /takes no more orders.*Nothing has been sent or billed.*nothing you need to do/,
    'another-first': /Another order.*follows by itself/,
    'in-line': /In line.*sent by itself.*Nothing has been sent or billed.*nothing you need to do/,
    'list-lags': /handed over.*nothing you need to do/,
  };
  it.each(Object.entries(holds))(
    'queued because of %s says why it waits, and that it goes on by itself',
    (hold, why) => {
      expect(text(aJob('queued', { phase: { state: 'queued', hold: hold as Hold } }))).toMatch(why);
    },
  );
});

describe('an order in the line', () => {
  const inLine = (place: number) =>
    aJob('queued', { phase: { state: 'queued', hold: 'in-line', line: { place, slots: 5 } } });

  it('shows its place and why it waits, and can be cancelled', () => {
    expect(text(inLine(3))).toMatch(/Number 3 in line.*takes 5 orders of this server at a time/);
    expect(text(inLine(1))).toMatch(/Next in line/);
    expect(labels(inLine(3))).toEqual(['Cancel']);
  });

  it('is edited ten times at most and once for each ten before that, however long the line is', () => {
    const shown = Array.from({ length: 100 }, (_, index) => text(inLine(100 - index)));
    expect(new Set(shown).size).toBe(19);
  });
});

describe('a running training', () => {
  it('marks the stages that are done, the one that runs, and those to come', () => {
    const lines = text(training({ stage: 'training_success' })).split('\n');
    expect(lines).toContain('✓ Training');
    expect(lines).toContain('▶ **Training finished** (now)');
    expect(lines.some((line) => line.startsWith('· '))).toBe(true);
  });

  it('shows a stage that nobody knows in its own words, and calls none done', () => {
    const shown = text(training({ stage: 'polishing_the_model' }));
    expect(shown).toContain('▶ **Polishing the model** (now)');
    expect(shown).not.toContain('✓');
  });

  it('takes no formatting from a stage, and not more than a line', () => {
    const shown = text(training({ stage: `[free](https://evil.example) ${'x'.repeat(200)}` }));
    expect(shown).toContain('\\[free](');
    expect(shown).not.toContain('x'.repeat(60));
  });

  it('says since when it runs in Discord’s own counting, so that no edit is needed', () => {
    expect(text(training())).toContain(`Started <t:${noon / 1000}:R>`);
  });

  it('expects an end only where earlier trainings tell, as a range', () => {
    expect(text(training())).not.toContain('expect it');
    const usual = { fromMs: 25 * minute, toMs: 35 * minute };
    const [from, to] = [noon / 1000 + 25 * 60, noon / 1000 + 35 * 60];
    expect(text(training(), aReview({ usual }))).toContain(
      `took 25 to 35 minutes here: expect it between <t:${from}:t> and <t:${to}:t>`,
    );
  });

  it('says that it is late instead of repeating an expectation that did not hold', () => {
    const late = text(training(), aReview({ overdue: true, usual: { fromMs: minute, toMs: 2 * minute } }));
    expect(late).toMatch(/longer than usual.*Cancel/);
    expect(late).not.toContain('expect it');
  });

  it('says that the provider is silent while the training goes on', () => {
    expect(text(training({}, { trouble: 2 }))).toMatch(/goes on there/);
    expect(text(training())).not.toMatch(/goes on there/);
  });

  it.each(['no-key', 'key'] as const)('says what to do about the key when that is why (%s)', (refused) => {
    expect(text(training({}, { trouble: 1, refused }))).toMatch(/goes on there; ask an admin.*\/config key/);
  });

  it('says that it is being cancelled, and takes no second press', () => {
    const job = training({}, { cancelAskedAt: noon });
    expect(text(job)).toMatch(/“Ambika”: cancelling[\s\S]*being asked to cancel/);
    const [cancel] = cardOf(job, aReview()).components[0]!.components;
    expect(cancel).toMatchObject({ label: 'Cancel', disabled: true });
  });

  it('quotes why a cancel was refused, and says that it goes on', () => {
    const shown = text(training({ cancelRefused: 'too late *really*' }));
    expect(shown).toMatch(/would not cancel it, so it goes on[\s\S]*> too late \\\*really\\\*/);
  });

  it('offers Cancel and Details', () => {
    expect(labels(training())).toEqual(['Cancel', 'Details']);
  });
});

it.each(['sending', 'unknown'] as const)('%s says that a cancel follows as soon as it can', (state) => {
  expect(text(aJob(state, { cancelAskedAt: noon }))).toMatch(/cancelled as soon as/);
  expect(text(aJob(state))).not.toMatch(/cancelled as soon as/);
});

it('promises not to send a paid order twice, and says that a free one is sent again', () => {
  expect(text(aJob('unknown'))).toMatch(/not sent again, so that nothing is billed twice/);
  expect(text(aJob('unknown', { order: { ...order, method: 'sandbox' } }))).toMatch(/it is sent again/);
});

it.each(['failed', 'cancelled', 'discarded', 'deleted', 'asking'] as const)('%s has nothing to press', (state) => {
  expect(cardOf(aJob(state), aReview()).components).toEqual([]);
});

it('claims nothing about crops that Discord keeps', () => {
  const told = { place: 'thread', cropIds: ['1' as MessageId], news: [], failures: 0 } as const;
  expect(text(aJob('cancelled', { told }))).toMatch(/crops posted in the thread stay until a moderator deletes them/);
  expect(text(aJob('cancelled'))).not.toMatch(/crops/);
});

it('does not call a discarded order free that was sent before', () => {
  expect(text(aJob('discarded'))).toMatch(/Nothing was billed/);
  expect(text(aJob('discarded', { attempts: 1 }))).toMatch(/Nothing more was billed/);
});

describe('what cancelling means for the bill', () => {
  it.each([
    ['free', aJob('cancelled', { order: { ...order, method: 'sandbox' } }), /was free/],
    ['never sent', aJob('cancelled', { attempts: 0 }), /never reached ModelsLab: nothing was billed/],
    ['sent and refused', aJob('cancelled', { attempts: 1 }), /never reached ModelsLab: nothing was billed/],
    ['dropped without a verdict', aJob('cancelled', { phase: { state: 'cancelled', unclear: true } }), /may be billed/],
    [
      'begun',
      aJob('cancelled', { phase: { state: 'cancelled', trainingId: trainingId('t1') } }),
      /charges \$1\.00 when a training begins/,
    ],
  ])('%s', (_case, job, says) => {
    expect(cancelledText(job)).toMatch(says);
  });
});

it('says nothing about the intent of an order: it is not for people', () => {
  expect(text(aJob('sending'))).not.toContain(intent.requestHash);
});

describe('a training that is billed by the hour, when it is cancelled', () => {
  const phase = { state: 'cancelled', trainingId: trainingId('t1') } as const;
  const cancelled = (change: Partial<Job>) =>
    cancelledText(aJob('cancelled', { phase, order: { ...order, method: 'flux' }, ...change }));

  it('says what is billed', () => {
    expect(cancelled({ cancelAskedAt: noon })).toMatch(/^ModelsLab bills this kind by the hour until it ends/);
  });

  it('says that it ended there, when nobody here asked for it', () => {
    expect(cancelled({})).toMatch(/^It ended at ModelsLab without a model: .* its billing page/);
  });
});
