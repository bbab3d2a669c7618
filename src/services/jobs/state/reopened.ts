import { couldNotFetch } from './fetch-trouble.ts';
import { earlierCallKey, isIn, type Job } from './job.ts';
import { touched } from './transitions.ts';

/** A new round: the same photos and settings, a new card, and nothing of the old round's news. */
export function reopened(job: Job, at: number): Job {
  const {
    startedAt: _startedAt,
    endedAt: _endedAt,
    cancelAskedAt: _cancelAskedAt,
    keyFingerprint: _key,
    webhook: _webhook,
    lateCallAt: _lateCallAt,
    earlierCalls = [],
    calledAt: _calledAt,
    sentAt: _sentAt,
    quietUntil: _quietUntil,
    wallet: _wallet,
    ...rest
  } = job;
  const { cardId: _cardId, cardAt: _cardAt, card: _card, ...told } = job.told;
  const mustUpload = job.mustUpload === true || (isIn(job, 'failed') && couldNotFetch(job.phase.failure));
  // Its news begin anew: what was told of them must not be told once more.
  const untold = earlierCalls.filter((call) => !job.told.news.includes(earlierCallKey(call)));
  const fresh: Job = {
    ...rest,
    ...(untold.length > 0 && { earlierCalls: untold }),
    mustUpload,
    phase: { state: 'draft' },
    trouble: 0,
    told: { ...told, news: [] },
  };
  return touched(fresh, at);
}
