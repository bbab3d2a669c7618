import type { Review } from '../../jobs/review/review.ts';
import { isIn, type Job } from '../../jobs/state/job.ts';
import type { Body } from './body.ts';
import { modelCard } from './model-card.ts';
import { orderCard } from './order-card.ts';
import { progressCard } from './progress-card.ts';

/** The one message that shows a job: first the order, then how it goes, then the model. Pure. */
export function cardOf(job: Job, review: Review): Body {
  if (isIn(job, 'draft')) return orderCard(job, review);
  return isIn(job, 'ready') ? modelCard(job) : progressCard(job, review);
}
