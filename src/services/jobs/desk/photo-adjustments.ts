import type { Clock } from '../../../lib/clock.ts';
import { UserError } from '../../../lib/errors.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { PhotoEdit } from '../state/adjustment.ts';
import { advance } from '../state/advance.ts';
import { cropName, excludedOf, isRecropping } from '../state/crops.ts';
import { isIn, type Job, type JobIn } from '../state/job.ts';
import type { PhotoStore, StoredPhoto } from '../store/photo-store.ts';
import { draftIsOver, type Actor, type JobEditor } from './job-editor.ts';

/** One photo of a draft, among the others. */
export interface PhotoView {
  readonly job: JobIn<'draft'>;
  readonly photos: readonly StoredPhoto[];
  readonly photo: StoredPhoto;
  /** The stored crop is not yet the one that was asked for. */
  readonly isCropping: boolean;
}

/** What an owner does with single photos of a draft after they saw the crops. */
export interface PhotoAdjustments {
  /** Stores an edit of one photo; the poller crops. One that would change nothing is no mistake: its button was shown. */
  adjustPhoto(actor: Actor, id: JobId, edited: { readonly position: number; readonly edit: PhotoEdit }): Promise<Job>;
  /** Without a position the first photo. Waits a moment for a crop that is being cut. */
  viewPhoto(actor: Actor, id: JobId, position: number | undefined, signal: AbortSignal): Promise<PhotoView>;
}

export interface PhotoAdjustmentsDeps {
  readonly photos: Pick<PhotoStore, 'list'>;
  readonly clock: Clock;
}

/** A crop takes a tenth of a second, and longer when the machine is busy; a press is not worth waiting for longer than this. */
const cuttingMs = 2500;
const lookEveryMs = 100;

export function createPhotoAdjustments({ photos, clock }: PhotoAdjustmentsDeps, editor: JobEditor): PhotoAdjustments {
  const view = async (actor: Actor, id: JobId, position: number | undefined): Promise<PhotoView> => {
    const job = await editor.findDraft(actor, id);
    const all = await photos.list(id, excludedOf(job));
    const photo = position === undefined ? all[0] : all.find((one) => one.position === position);
    if (!photo) throw new UserError(all.length === 0 ? nothingToAdjust(job) : photoIsGone);
    const hasCrop = photo.thumbnail !== undefined;
    return {
      job,
      photos: all,
      photo,
      isCropping: hasCrop && isRecropping(job) && photo.cropName !== cropName(job, photo.position),
    };
  };

  return {
    adjustPhoto: async (actor, id, { position, edit }) => {
      const { job, photo } = await view(actor, id, position);
      const edited = { position, ...(photo.scene && { scene: photo.scene }) };
      const adjusted = (now: Job, at: number) => advance(now, { type: 'photo-adjusted', photo: edited, edit }, at);
      return adjusted(job, clock.now()) === job ? job : editor.change(id, adjusted, tooLate);
    },

    viewPhoto: async (actor, id, position, signal) => {
      const latest = clock.steady() + cuttingMs;
      let seen = await view(actor, id, position);
      while (seen.isCropping && clock.steady() < latest && !signal.aborted) {
        await clock.sleep(lookEveryMs, signal);
        seen = await view(actor, id, position);
      }
      return seen;
    },
  };
}

const photoIsGone =
  'This photo was removed from the order. Press Adjust photos on its card to see those that are left.';

function nothingToAdjust({ pending }: Job): string {
  return pending.length > 0
    ? 'The photos are still being looked at. Press Adjust photos again in a moment.'
    : 'There are no photos to adjust. Press Add photos to attach some.';
}

/** Another press came first: in a draft it was one that had the same effect. */
function tooLate(job: Job): string {
  return isIn(job, 'draft') ? 'The crop reaches as far as it can already.' : draftIsOver(job);
}
