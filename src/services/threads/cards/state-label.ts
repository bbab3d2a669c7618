import { shorten } from '../../../lib/text.ts';
import { isIn, type Job } from '../../jobs/state/job.ts';
import { stageLabel } from '../../modelslab/methods.ts';
import { picturesUnderWay } from './pictures-news.ts';
import { placeText } from './words.ts';

/** Where a job stands, in a word or two. */
export function stateLabel(job: Job): string {
  if (isIn(job, 'training'))
    return job.cancelAskedAt === undefined ? shorten(stageLabel(job.phase.stage).toLowerCase(), 40) : 'cancelling';
  switch (job.phase.state) {
    case 'draft':
      return 'not started';
    case 'queued':
      return isIn(job, 'queued') && job.phase.line ? `waiting, ${placeText(job.phase.line).toLowerCase()}` : 'waiting';
    case 'sending':
      return 'being sent';
    case 'unknown':
      return 'checking';
    case 'asking':
      return 'needs your answer';
    case 'ready':
      return picturesUnderWay(job) === undefined ? 'ready' : 'making pictures';
    case 'training':
    case 'failed':
    case 'cancelled':
    case 'discarded':
    case 'deleted':
      return job.phase.state;
  }
}
