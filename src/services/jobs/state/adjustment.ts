import { nudged, unframed, type Nudge } from '../../photos/framing.ts';
import type { Framing, Scene } from '../../photos/photo.ts';
import { adjustmentOf } from './crops.ts';
import type { Adjustment, Job } from './job.ts';

/** What a member may want of one photo after they saw its crop. */
export const photoEdits = ['left', 'right', 'up', 'down', 'out', 'in', 'reset', 'exclude', 'include'] as const;
export type PhotoEdit = Nudge | 'reset' | 'exclude' | 'include';

export interface EditedPhoto {
  readonly position: number;
  /** What its crop was cut from, as far as it is known. */
  readonly scene?: Scene;
}

/** Pure. Undefined where the edit would change nothing: the photo ends there, or it is so already. */
export function adjustedBy(
  edit: PhotoEdit,
  { position, scene }: EditedPhoto,
  job: Pick<Job, 'order' | 'adjusted'>,
): Adjustment | undefined {
  const { framing, isExcluded = false } = adjustmentOf(job, position);
  const kept = framing && { framing };
  switch (edit) {
    case 'exclude':
      return isExcluded ? undefined : { ...kept, isExcluded: true };
    case 'include':
      return isExcluded ? { ...kept } : undefined;
    case 'reset':
      return framing && { isExcluded };
    default: {
      const { strategy, ...from } = framing ?? { strategy: job.order.crop, ...unframed };
      const to = nudged(from, edit, scene);
      if (to === undefined) return undefined;
      // Back where the order puts it, a photo goes with the order again.
      return strategy === job.order.crop && isUnframed(to)
        ? { isExcluded }
        : { isExcluded, framing: { strategy, ...to } };
    }
  }
}

function isUnframed({ dx, dy, zoomOut }: Framing): boolean {
  return dx === 0 && dy === 0 && zoomOut === 0;
}
