import type { Darkroom } from '../../photos/photo.ts';
import { cropName, cropPlanOf } from '../state/crops.ts';
import { isIn, type Job } from '../state/job.ts';
import type { JobStore } from '../store/job-store.ts';
import type { PhotoStore, StoredPhoto } from '../store/photo-store.ts';

export interface RecropDeps {
  readonly jobs: Pick<JobStore, 'update'>;
  readonly photos: Pick<PhotoStore, 'replace' | 'original'>;
  readonly darkroom: Pick<Darkroom, 'recrop'>;
}

/** Originals are large: more of them at once would only wait in memory for the cropping. */
const originalsAtOnce = 3;

/** Cuts those of the stored crops anew that the order wants otherwise; after a crash only the unfinished ones. */
export async function recrop(
  job: Job,
  stored: readonly StoredPhoto[],
  deps: RecropDeps,
  signal: AbortSignal,
): Promise<void> {
  const due = stored.filter((photo) => photo.cropName !== cropName(job, photo.position));
  if (due.length === 0) return;
  // Also for a member who wishes back what was there before: after a crash in the middle it is there no more.
  await deps.jobs.update(job.id, (now) => (isIn(now, 'draft') ? { ...now, cropped: '' } : now));
  const lane = async () => {
    for (let next = due.shift(); next; next = due.shift()) await recropOne(job, next, deps, signal);
  };
  // All of them end before the first failure is passed on: the next step must not find one still at work.
  const lanes = await Promise.allSettled(Array.from({ length: originalsAtOnce }, lane));
  const failed = lanes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

async function recropOne(
  job: Job,
  { position, name }: StoredPhoto,
  { photos, darkroom }: RecropDeps,
  signal: AbortSignal,
): Promise<void> {
  const original = await photos.original(job.id, position);
  if (!original) return;
  const { recipe, framing } = cropPlanOf(job, position);
  const photo = await darkroom.recrop({ name, original, ...(framing && { framing }) }, recipe, signal);
  await photos.replace(job.id, position, { ...photo, cropName: cropName(job, position) });
}
