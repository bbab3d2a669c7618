import type { Failure } from './job.ts';

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
