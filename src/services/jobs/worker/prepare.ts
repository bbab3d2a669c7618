import { isArchive, PhotoDelay, type LeftOut, type PreparedPhoto } from '../../photos/photo.ts';
import { advance } from '../state/advance.ts';
import { cropName, cropPlanOf, cropsName, recipeOf } from '../state/crops.ts';
import { isIn, maxPhotos, photographerOf, type Job, type LeftOutFiles } from '../state/job.ts';
import { bytesIn, type StoredPhoto } from '../store/photo-store.ts';
import { lackOfRoom } from '../store/storage-room.ts';
import type { WorkerContext } from './worker-context.ts';

type Pending = Job['pending'][number];

/**
 * Downloads and crops what a draft still waits for, and cuts those crops anew that it wants otherwise. Each photo is
 * stored as soon as it is finished; after a crash, or a delay that is noted in the job, only the unfinished ones are done again.
 */
export async function prepare(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  try {
    // Whose photos they are tells how much of the darkroom they get.
    await prepareAll(job, { ...deps, darkroom: deps.darkroom.for(photographerOf(job)) }, signal);
  } catch (error) {
    if (!(error instanceof PhotoDelay)) throw error;
    const { why, ms } = error;
    await deps.jobs.update(job.id, (now) => advance(now, { type: 'photos-delayed', why, ms }, deps.clock.now()));
  }
}

async function prepareAll(job: Job, deps: WorkerContext, signal: AbortSignal): Promise<void> {
  const stored = await deps.photos.list(job.id);
  if (job.cropped !== cropsName(job)) await recrop(job, stored, deps, signal);
  const room = createRoom(stored.map(({ position }) => position));
  const leftOut = await prepareSingles({ job, room }, deps, signal);
  for (const archive of job.pending.filter(isArchive)) {
    leftOut.push(...(await unpack(archive, { job, room }, deps, signal)));
  }
  const positions = job.pending.map(({ position }) => position);
  const prepared = { type: 'photos-prepared', positions, recipe: cropsName(job), leftOut: byReason(leftOut) } as const;
  await deps.jobs.update(job.id, (now) => advance(now, prepared, deps.clock.now()));
}

/** The places of one order. What was stored before a crash has its place already. */
interface Room {
  readonly has: (position: number) => boolean;
  /** False when all places are taken. */
  readonly take: (position: number) => boolean;
}

function createRoom(stored: readonly number[]): Room {
  const taken = new Set(stored);
  return {
    has: (position) => taken.has(position),
    take: (position) => {
      if (taken.size >= maxPhotos) return false;
      taken.add(position);
      return true;
    },
  };
}

interface Preparing {
  readonly job: Job;
  readonly room: Room;
}

async function prepareSingles({ job, room }: Preparing, deps: WorkerContext, signal: AbortSignal): Promise<LeftOut[]> {
  const missing = job.pending.filter((source) => !isArchive(source) && !room.has(source.position));
  const leftOut: LeftOut[] = [];
  // Photos may have been attached while an archive was being unpacked that has filled the order since.
  const sources = missing.filter(({ position, name }) => {
    const fits = room.take(position);
    if (!fits) leftOut.push({ name, reason: noRoom });
    return fits;
  });
  const keep = async (index: number, photo: PreparedPhoto) => {
    const source = sources[index];
    if (source) await keepCut({ job, deps }, source.position, photo);
  };
  await deps.darkroom.prepare(sources, recipeOf(job.order), keep, signal);
  return leftOut;
}

async function unpack(
  archive: Pending,
  { job, room }: Preparing,
  deps: WorkerContext,
  signal: AbortSignal,
): Promise<readonly LeftOut[]> {
  const leftOut: LeftOut[] = [];
  const choose = (names: readonly string[]) =>
    names.flatMap((name, index) => {
      const position = archive.position + index;
      const isItsOwn = index < maxPhotos;
      if (isItsOwn && room.has(position)) return [];
      if (isItsOwn && room.take(position)) return [index];
      leftOut.push({ name, reason: noRoom });
      return [];
    });
  const onPhoto = (index: number, photo: PreparedPhoto) => keepCut({ job, deps }, archive.position + index, photo);
  const others = await deps.darkroom.unpack(archive, recipeOf(job.order), { choose, onPhoto }, signal);
  return [...leftOut, ...others];
}

async function keepCut(
  { job, deps }: { readonly job: Job; readonly deps: WorkerContext },
  position: number,
  photo: PreparedPhoto,
): Promise<void> {
  const reason = await lackOfRoom(bytesIn(photo), job, deps.photos);
  const kept = reason === undefined ? photo : ({ name: photo.name, verdict: { kind: 'refused', reason } } as const);
  await deps.photos.add(job.id, position, { ...kept, cropName: cropName(job, position) });
}

/** An archive may hold a thousand files that are no photos: some are named, the others counted. */
const named = 3;

const noRoom = `an order has ${maxPhotos} photos at most: remove some, then attach these again`;

/** By their reasons, in the order in which these came first. */
function byReason(files: readonly LeftOut[]): readonly LeftOutFiles[] {
  const reasons = new Map<string, string[]>();
  for (const { name, reason } of files) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  return [...reasons].map(([reason, names]) => ({ names: names.slice(0, named), count: names.length, reason }));
}

/** Originals are large: more of them at once would only wait in memory for the cropping. */
const originalsAtOnce = 3;

/** Cuts those of the stored crops anew that the order wants otherwise; after a crash only the unfinished ones. */
async function recrop(
  job: Job,
  stored: readonly StoredPhoto[],
  deps: WorkerContext,
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
  { photos, darkroom }: WorkerContext,
  signal: AbortSignal,
): Promise<void> {
  const original = await photos.original(job.id, position);
  if (!original) return;
  const { recipe, framing } = cropPlanOf(job, position);
  const photo = await darkroom.recrop({ name, original, ...(framing && { framing }) }, recipe, signal);
  await photos.replace(job.id, position, { ...photo, cropName: cropName(job, position) });
}
