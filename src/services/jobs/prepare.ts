import type { Clock } from '../../lib/clock.ts';
import type { CropRecipe, Darkroom } from '../photos/photo.ts';
import { advance } from './advance.ts';
import { recipeName, recipeOf, type Job } from './job.ts';
import type { JobStore } from './job-store.ts';
import type { PhotoStore } from './photo-store.ts';

export interface PrepareDeps {
  readonly jobs: Pick<JobStore, 'update'>;
  readonly photos: Pick<PhotoStore, 'list' | 'add' | 'replace' | 'original'>;
  readonly darkroom: Pick<Darkroom, 'prepare' | 'recrop'>;
  readonly clock: Clock;
}

/** Originals are large: more of them at once would only wait in memory for the cropping. */
const originalsAtOnce = 3;

/**
 * Downloads and crops what a draft still waits for, and cuts the crops anew when its recipe has changed. Each photo is
 * stored as soon as it is finished; after a crash only the unfinished ones are done again.
 */
export async function prepare(job: Job, deps: PrepareDeps, signal: AbortSignal): Promise<void> {
  const recipe = recipeOf(job.order);
  const stored = new Set((await deps.photos.list(job.id)).map(({ position }) => position));
  if (job.cropped !== recipeName(recipe)) await recropAll(job, recipe, deps, signal);
  const sources = job.pending.filter(({ position }) => !stored.has(position));
  const keep = async (index: number, photo: Parameters<PhotoStore['add']>[2]) => {
    const source = sources[index];
    if (source) await deps.photos.add(job.id, source.position, photo);
  };
  await deps.darkroom.prepare(sources, recipe, keep, signal);
  const positions = job.pending.map(({ position }) => position);
  const prepared = { type: 'photos-prepared', positions, recipe: recipeName(recipe) } as const;
  await deps.jobs.update(job.id, (now) => advance(now, prepared, deps.clock.now()));
}

async function recropAll(job: Job, recipe: CropRecipe, deps: PrepareDeps, signal: AbortSignal): Promise<void> {
  const recrop = async (position: number, name: string) => {
    const original = await deps.photos.original(job.id, position);
    if (original)
      await deps.photos.replace(job.id, position, await deps.darkroom.recrop({ name, original }, recipe, signal));
  };
  const photos = [...(await deps.photos.list(job.id))];
  const lane = async () => {
    for (let next = photos.shift(); next; next = photos.shift()) await recrop(next.position, next.name);
  };
  await Promise.all(Array.from({ length: originalsAtOnce }, lane));
}
