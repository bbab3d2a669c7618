/*
 * Words
 *   archive   a .zip file that a member attached
 *   entry     a file in it; its name is only shown, never a path
 *   picture   an entry that begins like a picture that we take
 *   stranger  any other entry
 *
 * The archive is read in the gateway, from memory: its directory by yauzl, which is JavaScript, and its entries by Node's
 * own zlib, each in one call with a limit on what may come out, in another thread.
 */
import { promisify } from 'node:util';
import { constants, crc32, inflateRaw } from 'node:zlib';
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import { isZip, recognise } from './format.ts';
import type { LeftOut } from './photo.ts';
import { mebibytes, PhotoRefusal, tooLarge } from './refusal.ts';

export interface ArchiveLimits {
  /** Files and folders that its directory may list. */
  readonly entries: number;
  /** What all its files may come to, by its directory. */
  readonly unpackedBytes: number;
  /** The largest picture that is unpacked. */
  readonly photoBytes: number;
}

export interface Picture {
  readonly name: string;
  /** Unpacks it. Rejects with `PhotoRefusal`. */
  readonly fetch: () => Promise<Buffer>;
}

export interface Archive {
  /** In the order of the archive, which is the same whenever it is opened. */
  readonly pictures: readonly Picture[];
  readonly strangers: readonly LeftOut[];
}

export interface NamedFile {
  readonly name: string;
  readonly file: Buffer;
}

const inflate = promisify(inflateRaw);

const stored = 0;
const deflated = 8;
/** A local header without its name. */
const headerBytes = 30;
/** Pictures are compressed already: what packs better than this, and is not small, was made to fill a memory. */
const maxRatio = 100;
const smallBytes = 2 ** 20;
/** Every chunk passes by the event loop: few large ones hold it up less than many small ones. */
const chunkSize = 2 ** 18;
/** So many packed bytes tell what an entry is: they unpack to 1 MB at most, which is deflate's own limit. */
const peekBytes = 1024;

/** Lists what is in an archive and unpacks nothing yet. Rejects with `PhotoRefusal` where all of it has to be refused. */
export async function openArchive({ name, file }: NamedFile, limits: ArchiveLimits): Promise<Archive> {
  // A photo whose name says that it is an archive is a photo.
  if ('format' in recognise(file)) return { pictures: [{ name, fetch: () => Promise.resolve(file) }], strangers: [] };
  const archive = await listed(file, limits);
  if (archive.pictures.length + archive.strangers.length === 0) throw new PhotoRefusal(empty);
  return archive;
}

async function listed(file: Buffer, limits: ArchiveLimits): Promise<Archive> {
  const zip = await fromBufferPromise(file, { decodeStrings: false }).catch(refuse);
  const entries = await entriesOf(zip, limits).catch(refuse);
  checkTogether(entries, limits);
  const pictures: Picture[] = [];
  const strangers: LeftOut[] = [];
  for (const entry of entries.filter(isShown)) {
    const name = nameOf(entry);
    const reason = await strangeness({ zip, file, entry }).catch(reasonOf);
    if (reason === undefined) pictures.push({ name, fetch: () => unpack({ zip, file, entry }, limits) });
    else strangers.push({ name, reason });
  }
  return { pictures, strangers };
}

async function entriesOf(zip: ZipFile, limits: ArchiveLimits): Promise<readonly Entry[]> {
  if (zip.entryCount > limits.entries) {
    throw new PhotoRefusal(
      `too many files in it (${zip.entryCount}, at most ${limits.entries}): pack the photos alone`,
    );
  }
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

/** What an ordinary zip program never makes is not looked at more closely. */
function checkTogether(entries: readonly Entry[], { unpackedBytes }: ArchiveLimits): void {
  if (entries.some((entry) => entry.isEncrypted())) throw new PhotoRefusal(locked);
  const total = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > unpackedBytes) {
    throw new PhotoRefusal(
      `too large (${mebibytes(total)} MB when unpacked, at most ${mebibytes(unpackedBytes)}): pack fewer photos into one`,
    );
  }
  // Entries that share their bytes are how 10 MB become 281 TB without any of them being large.
  const byPlace = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  const overlaps = ({ relativeOffsetOfLocalHeader, compressedSize }: Entry, index: number) =>
    relativeOffsetOfLocalHeader + headerBytes + compressedSize >
    (byPlace[index + 1]?.relativeOffsetOfLocalHeader ?? Infinity);
  if (byPlace.some(overlaps)) throw new PhotoRefusal(damaged);
}

/** Folders, and what computers add by themselves: nobody attached it on purpose, so nothing is said about it. */
function isShown(entry: Entry): boolean {
  const path = pathOf(entry);
  const segments = path.split('/');
  const isHidden = segments.some((segment) => /^\.[^.]/.test(segment) || segment === '__MACOSX');
  return !path.endsWith('/') && !isHidden && !/^(thumbs\.db|desktop\.ini)$/i.test(segments.at(-1) ?? '');
}

function pathOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/** The last part of the path, without what does not print or would turn the text around it. */
function nameOf(entry: Entry): string {
  const name = pathOf(entry).replace(/^.*\//s, '').replaceAll(/\p{C}/gu, '').slice(0, 100).trim();
  return name === '' ? 'a file without a name' : name;
}

interface Place {
  readonly zip: ZipFile;
  readonly file: Buffer;
  readonly entry: Entry;
}

/** Why an entry is no picture; undefined when it is one. */
async function strangeness({ zip, file, entry }: Place): Promise<string | undefined> {
  const packed = await packedBytes({ zip, file, entry });
  const head = packed.subarray(0, peekBytes);
  const begin =
    entry.compressionMethod === stored ? head : await inflate(head, { finishFlush: constants.Z_SYNC_FLUSH });
  if (isZip(begin)) return nested;
  const recognised = recognise(begin);
  return 'reason' in recognised ? recognised.reason : undefined;
}

async function packedBytes({ zip, file, entry }: Place): Promise<Buffer> {
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) throw new PhotoRefusal(unusual);
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return file.subarray(fileDataStart, fileDataStart + entry.compressedSize);
}

async function unpack({ zip, file, entry }: Place, { photoBytes }: ArchiveLimits): Promise<Buffer> {
  const { uncompressedSize: size, compressedSize } = entry;
  if (size > photoBytes) throw tooLarge(size, photoBytes);
  if (size > smallBytes && size > maxRatio * compressedSize) throw new PhotoRefusal(swollen);
  try {
    const packed = await packedBytes({ zip, file, entry });
    const photo =
      entry.compressionMethod === stored ? packed : await inflate(packed, { maxOutputLength: size, chunkSize });
    if (photo.length === size && crc32(photo) === entry.crc32) return photo;
  } catch (error) {
    throw new PhotoRefusal(damagedEntry, { cause: error });
  }
  throw new PhotoRefusal(damagedEntry);
}

const locked = 'locked with a password: pack it again without one';
const damaged = 'damaged or incomplete: pack it again, or attach the photos themselves';
const split = 'one part of an archive that was split: pack it as one file, or attach the photos themselves';
const empty = 'there are no photos in it: attach the photos themselves';
const damagedEntry = 'damaged in the archive: pack it again, or attach the photo itself';
const nested = 'an archive in the archive: attach it on its own';
const unusual =
  'packed in a way that I cannot read: choose “deflate” or “store” when you pack it, or attach the photo itself';
const swollen = 'packed as no ordinary photo is: attach the photo itself';

/** yauzl tells what is wrong by its words only. */
function refuse(error: unknown): never {
  if (error instanceof PhotoRefusal) throw error;
  const message = error instanceof Error ? error.message : '';
  if (message.includes('encryption')) throw new PhotoRefusal(locked, { cause: error });
  throw new PhotoRefusal(message.includes('multi-disk') ? split : damaged, { cause: error });
}

function reasonOf(error: unknown): string {
  return error instanceof PhotoRefusal ? error.reason : damagedEntry;
}
