import { createHash } from 'node:crypto';
import { systemClock, type Clock } from '../../lib/clock.ts';
import { silentLog, type Log } from '../../lib/logger.ts';
import { openArchive, type Archive, type ArchiveLimits } from './archive.ts';
import { decodingProgram, startChild } from './child.ts';
import { createDecoder, DecodingError, type Decoder } from './decoder.ts';
import type { DevelopedPhoto } from './develop.ts';
import { createDownloader, type Downloader } from './download.ts';
import { createFairSemaphore, type FairSemaphore, type Owner } from './fair-semaphore.ts';
import { PhotoRefusal, poisonous, skipped, tooSlow } from './photo-refusal.ts';
import {
  PhotoDelay,
  type CropRecipe,
  type Darkroom,
  type Framing,
  type LeftOut,
  type PhotoSource,
  type Picking,
  type PreparedPhoto,
} from './photo.ts';
import { inPieces } from './pieces.ts';
import { developedSchema, sheetSchema, type Task } from './protocol.ts';
import { createTimeShare, type TimeShare } from './time-share.ts';

export interface DarkroomLimits extends ArchiveLimits {
  /** The largest photo that is taken, in an archive as well. */
  readonly photoBytes: number;
  /** The largest archive that is taken: one at a time is in memory. */
  readonly archiveBytes: number;
  /** For the download of one archive. */
  readonly archiveMs: number;
  /** For the download of one photo. */
  readonly downloadMs: number;
  /** For the decoding of one photo; the decoding process is killed when it is over. */
  readonly decodeMs: number;
  /** For the decoding process, with two photos at work. */
  readonly decodeBytes: number;
  /** How long the decoding process stays without work. */
  readonly idleMs: number;
  /** Before a process that was ended by others, or could not be started, is replaced; twice as long each time. */
  readonly retryMs: number;
}

/** Remembers which files took the decoding process with them. */
export interface PoisonFiles {
  has(sha256: string): Promise<boolean>;
  /** Durable when it resolves. */
  add(sha256: string): Promise<void>;
}

export interface DarkroomDeps {
  /** The only places photos are downloaded from, such as `https://cdn.discordapp.com`. */
  readonly cdnOrigins: readonly string[];
  /** For the waits between two tries of a download, and for what decoding takes. */
  readonly clock?: Clock;
  readonly logger?: Log;
  /** A decoding process had to be replaced because of a photo. */
  readonly onDecoderLost?: () => void;
  /** Files that must not be decoded again, by their hash. They are forgotten with this object where nothing is given. */
  readonly poisonFiles?: PoisonFiles;
  readonly limits?: Partial<DarkroomLimits>;
  /** Another program than the decoding process. */
  readonly program?: URL;
}

const defaultLimits: DarkroomLimits = {
  photoBytes: 20 * 2 ** 20,
  archiveBytes: 100 * 2 ** 20,
  archiveMs: 180_000,
  // A Mac packs a hidden file beside each photo, and a camera another one.
  entries: 1000,
  // A thousand of the longest paths there are.
  directoryBytes: 4 * 2 ** 20,
  unpackedBytes: 400 * 2 ** 20,
  downloadMs: 60_000,
  decodeMs: 30_000,
  // The heaviest file that is taken (cost.ts) takes 532 MiB alone. Two that are too much together run again, alone.
  decodeBytes: 640 * 2 ** 20,
  idleMs: 60_000,
  retryMs: 500,
};

/** The link stays busy while two photos are cropped; more crops at once would starve libuv's threads of DNS look-ups. */
const downloadsAtOnce = 3;
const cropsAtOnce = 2;
/** Each is in memory until its photos are stored. */
const archivesAtOnce = 1;

/** `inHand` bounds the memory: a photo is not even downloaded before one that is at work has been stored. */
interface Rooms {
  readonly downloader: Downloader;
  readonly archives: Downloader;
  readonly decoder: Decoder;
  readonly inHand: FairSemaphore;
  readonly downloading: FairSemaphore;
  readonly unpacking: FairSemaphore;
  readonly decoding: FairSemaphore;
  readonly share: TimeShare;
  /** Whose photos they are. */
  readonly owner: Owner;
  readonly limits: DarkroomLimits;
  readonly logger: Log;
  readonly poisonFiles: PoisonFiles;
}

interface Original {
  readonly name: string;
  readonly original: Buffer;
  readonly framing?: Framing;
}

export function createDarkroom(deps: DarkroomDeps): Darkroom {
  const {
    cdnOrigins,
    clock = systemClock,
    logger = silentLog,
    onDecoderLost = () => undefined,
    limits,
    program = decodingProgram,
  } = deps;
  const all = { ...defaultLimits, ...limits };
  const share = createTimeShare(clock);
  const isBehind = (owner: Owner) => share.isBehind(owner);
  const { photoBytes, downloadMs, archiveBytes, archiveMs, decodeMs, decodeBytes, idleMs, retryMs } = all;
  const rooms: Rooms = {
    downloader: createDownloader(cdnOrigins, { fileBytes: photoBytes, downloadMs }, clock),
    archives: createDownloader(cdnOrigins, { fileBytes: archiveBytes, downloadMs: archiveMs }, clock),
    decoder: createDecoder({
      logger,
      onLost: onDecoderLost,
      limits: { tasksAtOnce: cropsAtOnce, taskMs: decodeMs, memoryBytes: decodeBytes, idleMs, retryMs },
      startChild: (onMessage, memoryBytes) => startChild(program, onMessage, memoryBytes),
    }),
    inHand: createFairSemaphore({ places: downloadsAtOnce + cropsAtOnce, spare: 1, isBehind }),
    downloading: createFairSemaphore({ places: downloadsAtOnce, spare: 1, isBehind }),
    unpacking: createFairSemaphore({ places: archivesAtOnce, spare: 1, isBehind }),
    // One member has one of them: what is slow, or ends the process and runs again, never holds up all.
    decoding: createFairSemaphore({ places: 1, spare: cropsAtOnce - 1, isBehind }),
    share,
    owner: nobody,
    limits: all,
    logger,
    poisonFiles: deps.poisonFiles ?? createPoisonFilesInMemory(),
  };
  return servedTo(nobody, rooms);
}

const nobody: Owner = { guildId: '', memberId: '' };

function servedTo(owner: Owner, all: Rooms): Darkroom {
  const rooms = { ...all, owner };
  return {
    for: (other) => servedTo(other, all),
    prepare: async (sources, recipe, onPhoto, signal) => {
      const work = sources.map((source, index) =>
        rooms.inHand(
          owner,
          async () => {
            demandTurn(rooms);
            const fetch = () => rooms.downloading(owner, () => rooms.downloader.download(source, signal), signal);
            await onPhoto(index, await prepareOne(rooms, { name: source.name, recipe, fetch }, signal));
          },
          signal,
        ),
      );
      await settled(work, signal);
    },
    unpack: (archive, recipe, picking, signal) =>
      rooms.unpacking(owner, () => unpack(rooms, { archive, recipe, picking }, signal), signal),
    recrop: (photo, recipe, signal) =>
      rooms.inHand(
        owner,
        async () => {
          demandTurn(rooms);
          return cropOne(rooms, { photo, recipe }, signal);
        },
        signal,
      ),
    contactSheet: async (tiles, signal) => sheetSchema.parse(await decode(rooms, { kind: 'sheet', tiles }, signal)),
    isAble: () => rooms.decoder.isAble(),
    close: async () => {
      await Promise.all([rooms.downloader.close(), rooms.archives.close(), rooms.decoder.close()]);
    },
  };
}

/** How long photos wait when they cannot be decoded: they have waited for some seconds before. */
const delayMs = 15_000;

/** Before anything is downloaded in vain. */
function demandTurn({ decoder, share, owner }: Rooms): void {
  if (!decoder.isAble()) throw new PhotoDelay('decoder', delayMs);
  const waitMs = share.waitMs(owner);
  if (waitMs > 0) throw new PhotoDelay('used-up', waitMs);
}

/** In its owner's turn, and on their account. */
function decode({ decoder, decoding, share, owner }: Rooms, task: Task, signal: AbortSignal): Promise<unknown> {
  return decoding(
    owner,
    async () => {
      const end = share.begin(owner);
      return decoder.run(task, signal).finally(end);
    },
    signal,
  );
}

/** A photo that cannot be stored must not stop the others: all of them end before the first failure is passed on. */
async function settled(work: readonly Promise<void>[], signal: AbortSignal): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  signal.throwIfAborted();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

interface Developing {
  readonly name: string;
  readonly recipe: CropRecipe;
  /** Rejects with `PhotoRefusal`. */
  readonly fetch: () => Promise<Buffer>;
}

async function prepareOne(
  rooms: Rooms,
  { name, recipe, fetch }: Developing,
  signal: AbortSignal,
): Promise<PreparedPhoto> {
  try {
    return await cropOne(rooms, { photo: { name, original: await fetch() }, recipe }, signal);
  } catch (error) {
    if (!(error instanceof PhotoRefusal)) throw error;
    rooms.logger.info({ reason: error.reason, err: error.cause }, 'a photo was not taken');
    return { name, verdict: { kind: 'refused', reason: error.reason } };
  }
}

interface Unpacking {
  readonly archive: PhotoSource;
  readonly recipe: CropRecipe;
  readonly picking: Picking;
}

async function unpack(
  rooms: Rooms,
  { archive, recipe, picking }: Unpacking,
  signal: AbortSignal,
): Promise<readonly LeftOut[]> {
  demandTurn(rooms);
  const { pictures, strangers } = await openOne(rooms, archive, signal);
  const work = picking
    .choose(pictures.map(({ name }) => name))
    .map((index) => ({ index, picture: pictures[index] }))
    .map(({ index, picture }) =>
      rooms.inHand(
        rooms.owner,
        async () => {
          demandTurn(rooms);
          if (picture) await picking.onPhoto(index, await prepareOne(rooms, { ...picture, recipe }, signal));
        },
        signal,
      ),
    );
  await settled(work, signal);
  return strangers;
}

/** What cannot be taken at all is one file that is left out. */
async function openOne(rooms: Rooms, archive: PhotoSource, signal: AbortSignal): Promise<Archive> {
  const { name } = archive;
  try {
    return await openArchive({ name, file: await rooms.archives.download(archive, signal) }, rooms.limits);
  } catch (error) {
    if (!(error instanceof PhotoRefusal)) throw error;
    rooms.logger.info({ reason: error.reason, err: error.cause }, 'an archive was not taken');
    return { pictures: [], strangers: [{ name, reason: error.reason }] };
  }
}

async function cropOne(
  rooms: Rooms,
  { photo: { name, original, framing }, recipe }: { readonly photo: Original; readonly recipe: CropRecipe },
  signal: AbortSignal,
): Promise<PreparedPhoto> {
  const { logger, poisonFiles } = rooms;
  const sha256 = await hashOf(original);
  if (await poisonFiles.has(sha256)) return { name, original, verdict: { kind: 'refused', reason: poisonous } };
  try {
    const task = { kind: 'develop', file: original, recipe, ...(framing && { framing }) } as const;
    const developed = await decode(rooms, task, signal);
    return { name, original, ...(developedSchema.parse(developed) satisfies DevelopedPhoto) };
  } catch (error) {
    if (signal.aborted || !(error instanceof DecodingError) || error.kind === 'closed') throw error;
    if (error.kind === 'unavailable') throw new PhotoDelay('decoder', delayMs, { cause: error });
    logger.warn({ err: error }, 'a photo could not be decoded');
    if (error.kind === 'crashed') await poisonFiles.add(sha256);
    return { name, original, verdict: { kind: 'refused', reason: reasonOf(error) } };
  }
}

async function hashOf(file: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of inPieces(file)) hash.update(piece);
  return hash.digest('hex');
}

function reasonOf({ kind }: DecodingError): string {
  if (kind === 'crashed') return poisonous;
  return kind === 'too-slow' ? tooSlow : skipped;
}

function createPoisonFilesInMemory(): PoisonFiles {
  const known = new Set<string>();
  return {
    has: async (sha256) => Promise.resolve(known.has(sha256)),
    add: async (sha256) => Promise.resolve(void known.add(sha256)),
  };
}
