import { describe, expect, it } from 'vitest';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { dueNews } from '../../../../src/services/threads/cards/news.ts';
import { aJob, noon, phases } from '../../jobs/job-builder.ts';
import { aReview } from './review-builder.ts';

/** Try again was pressed on a message that Discord had, but that was marked as posted only after the press. */
function nextRound(failed: Job): Job {
  const end = dueNews(failed, aReview())!;
  const again = advance(failed, { type: 'reopened' }, noon);
  return { ...again, told: { ...again.told, news: [...again.told.news, end.key] } };
}

describe('the next round of an order whose end was marked too late', () => {
  const round = nextRound(aJob('failed'));

  it.each(['ready', 'failed', 'cancelled'] as const)('has its own end told when it is %s', (state) => {
    expect(dueNews({ ...round, phase: phases[state] }, aReview())?.body.content).toContain('<@owner1>');
  });

  it('has its delay told as well', () => {
    const overdue = aReview({ overdue: true });
    const first = dueNews(aJob('training'), overdue)!;
    const second = { ...round, phase: phases.training, told: { ...round.told, news: [first.key] } };
    expect(dueNews(second, overdue)?.key).toMatch(/^overdue/);
  });
});
