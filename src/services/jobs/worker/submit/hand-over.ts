import { shorten } from '../../../../lib/text.ts';
import { TrainingApiError } from '../../../modelslab/training-api-error.ts';
import type { ApiKey } from '../../../modelslab/training-api.ts';
import { isUsable } from '../../review/review.ts';
import { cropName, excludedOf } from '../../state/crops.ts';
import type { Job } from '../../state/job.ts';
import type { StoredPhoto } from '../../store/photo-store.ts';
import type { CropLinks, NamedCrop } from '../announcer.ts';
import type { WorkerContext } from '../worker-context.ts';

/** Some crops could not be brought anywhere; its message names them, for the member. */
export class HandOverError extends Error {
  override readonly name = 'HandOverError';
}

interface Delivery {
  readonly job: Job;
  readonly key: ApiKey;
  readonly missing: readonly StoredPhoto[];
}

/** The provider downloads the pictures in the minutes after the order; a link must last that long. */
const linkMustLastMs = 60 * 60 * 1000;
const filesPerMessage = 10;
const bytesPerMessage = 24 * 1024 * 1024;

/**
 * Brings the crops of an order to where the provider can download them; gives their links in order. What is there
 * already is not brought again. Rejects with the provider's error when that is what failed, with a `HandOverError` when
 * any link is missing in the end: a training on fewer photos than were shown must not be paid for.
 */
export async function handOver(
  job: Job,
  key: ApiKey,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const photos = await deps.photos.list(job.id, excludedOf(job));
  const wanted = photos.filter(isUsable);
  const known = new Map(
    wanted.flatMap(({ position, link }) => (link && lasts(link, deps.clock.now()) ? [[position, link]] : [])),
  );
  const missing = wanted.filter(({ position }) => !known.has(position));
  for (const [position, link] of await deliver({ job, key, missing }, deps, signal)) known.set(position, link);
  const links = wanted.flatMap(({ position }) => known.get(position) ?? []);
  if (links.length === wanted.length) return links;
  const left = wanted.filter(({ position }) => !known.has(position));
  throw new HandOverError(`${named(left, photos)} could not be handed over`);
}

/** By their numbers on the sheet; a message holds the names of some. */
function named(left: readonly StoredPhoto[], photos: readonly StoredPhoto[]): string {
  const names = left.slice(0, 5).map((photo) => `${photos.indexOf(photo) + 1} (${shorten(photo.name, 40)})`);
  const more = left.length - names.length;
  return `photo${left.length === 1 ? '' : 's'} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

async function deliver(
  delivery: Delivery,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const { job, missing } = delivery;
  if (missing.length === 0) return new Map();
  const { handOver: way } = await deps.settings.get(job.guildId);
  const isUpload = way === 'upload' || job.mustUpload === true;
  const posted = isUpload ? new Map<number, string>() : await postIfPossible(delivery, deps, signal);
  const unposted = missing.filter(({ position }) => !posted.has(position));
  return new Map([...posted, ...(await upload({ ...delivery, missing: unposted }, deps, signal))]);
}

async function postIfPossible(
  delivery: Delivery,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const posted = new Map<number, string>();
  try {
    await post(delivery, posted, deps, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { id: jobId } = delivery.job;
    deps.log.warn({ err: error, jobId }, 'crops could not be posted, handing them to the provider instead');
  }
  return posted;
}

async function upload(
  { job, key, missing }: Delivery,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const links = new Map<number, string>();
  for (const { position } of missing) {
    const png = await deps.photos.crop(job.id, position);
    if (!png) continue;
    const link = await deps.api.upload(png, key, signal).catch((error: unknown) => {
      if (!isAboutPicture(error)) throw error;
      deps.log.warn({ err: error, jobId: job.id, position }, 'the provider does not take a crop');
      return undefined;
    });
    if (link === undefined) continue;
    links.set(position, link);
    await deps.photos.setLinks(job.id, links); // A crash does not upload again what is there.
  }
  return links;
}

/** The others may be taken; what is about key, credit or plan would be refused for each of them. */
function isAboutPicture(error: unknown): boolean {
  const isRefusal = error instanceof TrainingApiError && error.kind === 'rejected';
  return isRefusal && ['fields', 'not-found', 'other'].includes(error.reason);
}

/** Fills `posted` message by message: what is there when the next one fails is not handed over in another way. */
async function post(
  { job, missing }: Delivery,
  posted: Map<number, string>,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<void> {
  const nameOf = ({ position }: StoredPhoto) => cropFileName(job, position);
  const keep = async (links: CropLinks) => {
    for (const photo of missing) {
      const link = links.get(nameOf(photo));
      if (link !== undefined) posted.set(photo.position, link);
    }
    await deps.photos.setLinks(job.id, posted);
  };
  const there: CropLinks =
    job.told.cropIds.length > 0 ? await deps.announcer.cropLinks(job, signal) : new Map<string, string>();
  await keep(there);
  const unposted = missing.filter((photo) => !there.has(nameOf(photo)));
  for (const batch of await batches(job, unposted, deps)) {
    const { messageId, links } = await deps.announcer.postCrops(job, batch, signal);
    await deps.jobs.update(job.id, (now) => ({
      ...now,
      told: { ...now.told, cropIds: [...now.told.cropIds, messageId] },
    }));
    await keep(links);
  }
}

async function batches(job: Job, photos: readonly StoredPhoto[], deps: WorkerContext): Promise<readonly NamedCrop[][]> {
  const all: NamedCrop[][] = [];
  let room = 0;
  for (const { position } of photos) {
    const png = await deps.photos.crop(job.id, position);
    if (!png) continue;
    const last = all.at(-1);
    const crop = { name: cropFileName(job, position), png };
    if (last && last.length < filesPerMessage && png.length <= room) last.push(crop);
    else {
      all.push([crop]);
      room = bytesPerMessage;
    }
    room -= png.length;
  }
  return all;
}

function cropFileName(job: Job, position: number): string {
  return `${String(position).padStart(2, '0')}-${cropName(job, position)}.png`;
}

/** Discord's links carry their end as hexadecimal seconds in `ex`; links without it last. */
function lasts(link: string, now: number): boolean {
  const ex = new URL(link).searchParams.get('ex');
  return ex === null || Number.parseInt(ex, 16) * 1000 > now + linkMustLastMs;
}
