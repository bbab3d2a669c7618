import { earlierCallKey, isIn, type Failure, type Job, type Phase } from './job.ts';
import { isAt, newRound, newsKeyOf, type PictureRound } from './picture-round.ts';

/** Every change of phase is looked at (and told) at once; the poller then says when to look again. */
export function to(job: Job, phase: Phase, at: number): Job {
  return { ...job, phase, nextAt: at };
}

export function ended(job: Job, phase: Phase, at: number): Job {
  return to({ ...job, pending: [], endedAt: at }, phase, at);
}

export function calm({ refused, quietUntil, ...job }: Job): Job {
  return { ...job, trouble: 0 };
}

export function quiet(job: Job, quietMs: number | undefined, at: number): Job {
  return quietMs === undefined ? loud(job) : { ...job, quietUntil: at + quietMs };
}

export function loud({ quietUntil: _over, ...job }: Job): Job {
  return job;
}

/** A person who touches an order looks at its thread: what could not be told there before may be told there again. */
export function touched(job: Job, at: number): Job {
  const told = { ...job.told, place: 'thread' } as const;
  return { ...job, told, orderRev: job.orderRev + 1, touchedAt: at, nextAt: at };
}

/** The worker's own words are `Valid image links less than 3`. */
const imageLink = /image (link|url)/i;
const image = /image/i;
const fetching = /download|fetch|access|load/i;

/**
 * Whether the provider says that it could not get at the pictures. A refusal charged nothing, so any that is about images
 * is reason enough to hand them over in the other way.
 */
export function couldNotFetch(failure: Failure): boolean {
  const said = failure.kind === 'training-failed' ? (failure.said ?? '') : '';
  if (imageLink.test(said) || (image.test(said) && fetching.test(said))) return true;
  return failure.kind === 'refused' && /\bimages?\b/i.test(failure.said ?? '');
}

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

type PictureOrder = Pick<PictureRound, 'prompt' | 'count'> & { readonly round: number };

/** A press on a choice of the round that is due; the one before must be over, and told unless that is impossible. */
export function canOrderPictures({ pictures, told }: Job, round: number): boolean {
  if (pictures === undefined) return round === 1;
  const isTold = told.place === 'nowhere' || told.news.includes(newsKeyOf(pictures));
  return isAt(pictures, 'ended') && isTold && round === pictures.number + 1;
}

/** They are posted in the thread, although something else may have gone elsewhere before. */
export function withPictures(job: Job, { round, count, prompt }: PictureOrder, at: number): Job {
  const told = { ...job.told, place: 'thread' } as const;
  return { ...job, told, pictures: newRound({ number: round, count, prompt }, at), nextAt: at };
}

/** Pictures that were not asked for yet go with their model. */
export function withoutWish({ pictures, ...job }: Job): Job {
  return pictures === undefined || isAt(pictures, 'wanted') ? job : { ...job, pictures };
}
