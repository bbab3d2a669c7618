import type { Job } from './job.ts';
import { isAt, newRound, newsKeyOf, type PictureRound } from './picture-round.ts';

type PictureOrder = Pick<PictureRound, 'prompt' | 'count'> & { readonly round: number };

/** A press on a choice of the round that is due; the one before must be over, and told unless nobody can be. */
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
