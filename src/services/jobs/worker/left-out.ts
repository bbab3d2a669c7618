import type { LeftOut } from '../../photos/photo.ts';
import { maxPhotos, type LeftOutFiles } from '../state/job.ts';

/** An archive may hold a thousand files that are no photos: some are named, the others counted. */
const named = 3;

export const noRoom = `an order has ${maxPhotos} photos at most: remove some, then attach these again`;

/** By their reasons, in the order in which these came first. */
export function byReason(files: readonly LeftOut[]): readonly LeftOutFiles[] {
  const reasons = new Map<string, string[]>();
  for (const { name, reason } of files) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  return [...reasons].map(([reason, names]) => ({ names: names.slice(0, named), count: names.length, reason }));
}
