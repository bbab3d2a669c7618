import { isIn, type Job } from '../jobs/job.ts';
import type { Review } from '../jobs/review.ts';
import type { Body } from './body.ts';
import { orderCard } from './order-card.ts';
import { progressCard } from './progress-card.ts';

/** The one message that shows a job: first the order, then how it goes. Pure. */
export function cardOf(job: Job, review: Review): Body {
  return isIn(job, 'draft') ? orderCard(job, review) : progressCard(job, review);
}
