import type { Failure } from '../job.ts';

/** The worker's own words are `Valid image links less than 3`. */
const couldNotDownload =
  /image (link|url)|(download|fetch|access|load)\w* .*image|image.* (download|fetch|access|load)/i;

/**
 * Whether the provider says that it could not get at the pictures. A refusal charged nothing, so any that is about images
 * is reason enough to hand them over in the other way.
 */
export function couldNotFetch(failure: Failure): boolean {
  if (failure.kind === 'training-failed') return couldNotDownload.test(failure.said ?? '');
  return failure.kind === 'refused' && /\bimages?\b/i.test(failure.said ?? '');
}
