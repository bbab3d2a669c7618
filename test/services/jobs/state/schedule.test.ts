import { describe, expect, it } from 'vitest';
import type { Hold, Job, State } from '../../../../src/services/jobs/state/job.ts';
import { overdueAt, scheduledAt, usualTime, type UsualTime } from '../../../../src/services/jobs/state/schedule.ts';
import {
  aJob,
  hour,
  intent,
  minute,
  noon,
  order,
  phases,
  second,
  states,
  trainingId,
  webhook,
} from '../job-builder.ts';

const pollMs = 30 * second;
const now = noon;

interface Given {
  readonly random?: number;
  readonly pollMs?: number;
  readonly usual?: UsualTime;
  readonly now?: number;
}

function waitMs(job: Job, given: Given = {}): number | null {
  const at = given.now ?? now;
  const rhythm = { pollMs: given.pollMs ?? pollMs, random: () => given.random ?? 0 };
  const next = scheduledAt(job, { now: at, rhythm, usual: given.usual });
  return next === null ? null : next - at;
}

const training = (change: Partial<(typeof phases)['training']>, job: Partial<Job> = {}) =>
  aJob('training', { ...job, phase: { ...phases.training, ...change } });

const queued = (hold: Hold, trouble = 1) => aJob('queued', { trouble, phase: { state: 'queued', hold } });

/** It left so long ago that nothing of it can turn up any more. */
const unknown = (looks: number, change: Partial<Job> = {}) =>
  aJob('unknown', {
    ...change,
    phase: { ...phases.unknown, intent: { ...intent, at: now - minute }, looks, lookedAt: now },
  });

describe('when a job is looked at again', () => {
  const waits: Readonly<Record<State, number | null>> = {
    draft: hour,
    queued: 0,
    sending: 0,
    unknown: 45 * second,
    asking: null,
    training: pollMs,
    ready: null,
    failed: 24 * hour,
    cancelled: null,
    discarded: null,
    deleted: null,
  };

  it.each(states)('knows for a job that is %s', (state) => {
    expect(waitMs(aJob(state))).toBe(waits[state]);
  });

  it.each(states)('gives whole milliseconds, as the database wants them, for a job that is %s', (state) => {
    const odd: Given = { random: 0.123456789, pollMs: 12_347, now: noon + 98_765 };
    for (const trouble of [0, 1, 7]) {
      const wait = waitMs(aJob(state, { trouble }), odd);
      expect(wait === null || Number.isInteger(wait), `${wait}`).toBe(true);
    }
  });

  it('prepares photos that wait at once', () => {
    const pending = [{ url: 'https://cdn/a', name: 'a.jpg', sizeBytes: 1, position: 1 }];
    expect(waitMs(aJob('draft', { pending, touchedAt: now - minute }))).toBe(0);
    expect(waitMs(aJob('draft', { cropped: 'attention-512', touchedAt: now - minute }))).toBe(0);
  });

  it('looks at delayed photos when their time has come', () => {
    const pending = [{ position: 1, url: 'https://cdn/1', name: '1.jpg', sizeBytes: 1 }];
    expect(waitMs(aJob('draft', { pending, delay: { why: 'decoder', lookAt: now + minute } }))).toBe(minute);
    expect(waitMs(aJob('draft', { pending, delay: { why: 'decoder', lookAt: now - minute } }))).toBe(0);
  });

  it('counts the silence of a draft from the last touch', () => {
    expect(waitMs(aJob('draft', { touchedAt: now - 50 * minute }))).toBe(10 * minute);
  });
});

describe('a queued order', () => {
  it('that waits for another order is tried again soon', () => {
    expect(waitMs(queued('another-first'))).toBe(2 * second);
    expect(waitMs(queued('list-lags'))).toBe(2 * second);
    expect(waitMs(queued('another-first'), { pollMs: 500 })).toBe(500);
  });

  it('in the line is looked at the sooner the nearer it stands, once a minute at the least', () => {
    const at = (place: number) =>
      waitMs(aJob('queued', { phase: { state: 'queued', hold: 'in-line', line: { place, slots: 5 } } }));
    expect([1, 2, 10, 30, 300].map(at)).toEqual([2, 4, 20, 60, 60].map((seconds) => seconds * second));
  });

  it('is not sent before the provider wants it', () => {
    const busy = (quietUntil: number) => waitMs({ ...queued('provider-busy'), quietUntil });
    expect(busy(now + 90 * second)).toBe(90 * second);
    expect(busy(now + second)).toBe(30 * second);
  });

  it('gives a list that lags half a minute in all, before it is taken for one that cannot be relied on', () => {
    const waits = [1, 2, 3, 4].map((trouble) => waitMs(queued('list-lags', trouble)));
    expect(waits).toEqual([2, 4, 8, 16].map((seconds) => seconds * second));
  });

  it.each(['provider-silent', 'provider-busy'] as const)(
    'waits twice as long after each %s, five minutes at most',
    (hold) => {
      const waits = [1, 2, 3, 4, 5, 9].map((trouble) => waitMs(queued(hold, trouble)));
      expect(waits).toEqual([30, 60, 120, 240, 300, 300].map((seconds) => seconds * second));
    },
  );

  it('waits up to a quarter longer, so that many orders do not come at one moment', () => {
    expect(waitMs(queued('provider-silent'), { random: 0.999_999 })).toBeCloseTo(1.25 * pollMs, -2);
  });
});

describe('an order without a verdict', () => {
  it('is looked for after a lag, and long after that once more', () => {
    expect(waitMs(unknown(0))).toBe(60 * second);
    expect(waitMs(unknown(1))).toBe(300 * second);
  });

  it('is looked for when nothing of it can turn up any more, if that comes first', () => {
    expect(waitMs(aJob('unknown'), { pollMs: 10 * second })).toBe(20 * second);
    expect(waitMs(aJob('unknown', { phase: { ...phases.unknown, looks: 1 } }))).toBe(45 * second);
  });

  it('is looked for at once when the provider called about it and named its training', () => {
    const named = { webhook: { ...webhook, called: true, named: trainingId('t1') } };
    expect(waitMs(unknown(0, named))).toBe(0);
    expect(waitMs(unknown(1, named))).toBe(60 * second);
  });

  it('is never looked for sooner than the provider’s list may lag, however short the polling', () => {
    expect(waitMs(unknown(0), { pollMs: 20 })).toBe(5 * second);
    expect(waitMs(unknown(1), { pollMs: 20 })).toBe(20 * second);
  });

  it('keeps that time when it is looked at earlier for another reason', () => {
    expect(waitMs(unknown(1), { now: now + 100 * second })).toBe(200 * second);
  });

  it('keeps that time after calls that failed as well', () => {
    expect(waitMs(unknown(1, { trouble: 1 }), { pollMs: 20 })).toBe(20 * second);
  });

  it('is asked for less and less often while the provider does not answer', () => {
    const late = { now: now + hour };
    expect(waitMs(unknown(1, { trouble: 2 }), late)).toBe(60 * second);
    expect(waitMs(unknown(1, { trouble: 9 }), late)).toBe(5 * minute);
  });
});

describe('a training', () => {
  it('is never asked for more often than POLL_SECONDS says, and at most a fifth later', () => {
    for (const random of [0, 0.1, 0.5, 0.9, 0.999_999]) {
      const wait = waitMs(aJob('training'), { random });
      expect(wait).toBeGreaterThanOrEqual(pollMs);
      expect(wait).toBeLessThanOrEqual(1.2 * pollMs);
    }
  });

  it('is asked for less often in the long middle of a stage, four times at most', () => {
    const waits = [0, 2, 5, 10, 100].map((minutes) => waitMs(training({ stageAt: now - minutes * minute })));
    expect(waits).toEqual([30, 30, 60, 120, 120].map((seconds) => seconds * second));
  });

  it('is asked for often again near its usual end', () => {
    const usual = { fromMs: 40 * minute, toMs: 50 * minute };
    const after = (minutes: number) =>
      waitMs(training({ stageAt: now - 30 * minute }, { startedAt: now - minutes * minute }), { usual });
    expect([35, 37, 45, 54, 56].map(after)).toEqual([120, 30, 30, 30, 120].map((seconds) => seconds * second));
  });

  it('is cancelled at once when that was asked for', () => {
    expect(waitMs(training({}, { cancelAskedAt: now }))).toBe(0);
  });

  it('that is not found while it shall be cancelled is given time to appear', () => {
    expect(waitMs(training({ misses: 1 }, { cancelAskedAt: now }))).toBe(pollMs);
  });

  it('is asked for less and less often while the provider does not answer, also to cancel it', () => {
    expect([1, 2, 3, 9].map((trouble) => waitMs(training({}, { trouble, cancelAskedAt: now })))).toEqual(
      [30, 60, 120, 300].map((seconds) => seconds * second),
    );
  });
});

describe('the usual time', () => {
  it('is unknown before three trainings have ended', () => {
    expect(usualTime([])).toBeUndefined();
    expect(usualTime([1, 2])).toBeUndefined();
  });

  it('leaves out the quickest and the slowest tenth, in whatever order they come', () => {
    expect(usualTime([110, 10, 20, 100, 30, 90, 40, 80, 50, 70, 60])).toEqual({ fromMs: 20, toMs: 100 });
    expect(usualTime([3, 1, 2])).toEqual({ fromMs: 1, toMs: 3 });
  });

  it('makes a training overdue fifteen minutes later', () => {
    const job = aJob('training', { startedAt: noon });
    expect(overdueAt(job, { fromMs: 10 * minute, toMs: 20 * minute })).toBe(noon + 35 * minute);
  });

  it('counts from when the order was sent: it may have waited in the line for hours', () => {
    const job = aJob('training', { startedAt: noon - 5 * hour, sentAt: noon });
    expect(overdueAt(job, { fromMs: 10 * minute, toMs: 20 * minute })).toBe(noon + 35 * minute);
  });

  it('is what the documents promise as long as there is no history', () => {
    expect(overdueAt(aJob('training', { order, startedAt: noon }), undefined)).toBe(noon + 60 * minute);
  });
});
