/*
 * Words
 *   archive   a .zip file that a member attached
 *   entry     a file in it; its name is only shown, never a path
 *   picture   an entry that begins like a picture that we take
 *   companion what a program put beside a picture
 *   stranger  any other entry
 *
 * The archive is read in the gateway, from memory: its directory by yauzl, which is JavaScript and lets everything else
 * have its turn between two entries, and its entries by Node's own zlib, each in one call with a limit on what may come out,
 * in another thread.
 */
import { promisify } from 'node:util';
import { constants, crc32, inflateRaw } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { createBreather } from '../../lib/breather.ts';
import { companion, isCompanion, momentsOf } from './companions.ts';
import { pathOf } from './entry-name.ts';
import { fileName } from './file-name.ts';
import { isZip, recognise } from './format.ts';
import { mebibytes, PhotoRefusal, tooLarge } from './photo-refusal.ts';
import type { LeftOut } from './photo.ts';
import { inPieces } from './pieces.ts';

export interface ArchiveLimits {
  /** Files and folders that its directory may list. */
  readonly entries: number;
  /** For that list: names, and what stands beside them. */
  readonly directoryBytes: number;
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
/** An entry of the directory without its name. */
const entryBytes = 46;
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
  const isEmpty = archive.pictures.length === 0 && archive.strangers.every(({ reason }) => reason === companion);
  if (isEmpty) throw new PhotoRefusal(empty);
  return archive;
}

async function listed(file: Buffer, limits: ArchiveLimits): Promise<Archive> {
  const zip = await fromBufferPromise(file, { decodeStrings: false }).catch(refuse);
  const entries = await entriesOf({ zip, file }, limits).catch(refuse);
  checkTogether(entries, limits);
  const pictures: Listed[] = [];
  const others: Stranger[] = [];
  const breathe = createBreather();
  for (const entry of entries.filter((one) => !isFolder(one))) {
    await breathe();
    const reason = await strangeness({ file, entry }).catch(reasonOf);
    if (reason === undefined) pictures.push(entry);
    else others.push({ ...entry, reason });
  }
  return {
    pictures: pictures.map((entry) => ({ name: entry.name, fetch: () => unpack({ file, entry }, limits) })),
    strangers: strangersIn(others, momentsOf(pictures.map(({ path }) => path))),
  };
}

/** All that is kept of an entry: one may bring thousands of fields. */
interface Listed {
  readonly path: string;
  readonly name: string;
  readonly at: number;
  readonly packedSize: number;
  readonly size: number;
  readonly method: number;
  readonly crc: number;
  readonly isLocked: boolean;
}

interface Stranger extends Listed {
  readonly reason: string;
}

function listedAs(entry: Entry): Listed {
  const path = pathOf(entry);
  return {
    path,
    name: fileName(path),
    at: entry.relativeOffsetOfLocalHeader,
    packedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    method: entry.compressionMethod,
    crc: entry.crc32,
    isLocked: entry.isEncrypted(),
  };
}

async function entriesOf(
  { zip, file }: { readonly zip: ZipFile; readonly file: Buffer },
  limits: ArchiveLimits,
): Promise<readonly Listed[]> {
  if (zip.entryCount > limits.entries) {
    throw new PhotoRefusal(
      `too many files in it (${zip.entryCount}, at most ${limits.entries}): pack the photos alone`,
    );
  }
  const entries: Listed[] = [];
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    bytes += entryBytes + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    if (bytes > limits.directoryBytes) throw new PhotoRefusal(endless);
    entries.push(listedAs(entry));
  }
  // More than it counts would be lost without a word.
  if (isEntry(file, Number(zip.readEntryCursor))) throw new PhotoRefusal(damaged);
  return entries;
}

function isEntry(file: Buffer, at: number): boolean {
  return file.subarray(at, at + 4).toString('latin1') === 'PK\x01\x02';
}

/** What an ordinary zip program never makes is not looked at more closely. */
function checkTogether(entries: readonly Listed[], { unpackedBytes }: ArchiveLimits): void {
  if (entries.some(({ isLocked }) => isLocked)) throw new PhotoRefusal(locked);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > unpackedBytes) {
    throw new PhotoRefusal(
      `too large (${mebibytes(total)} MB when unpacked, at most ${mebibytes(unpackedBytes)}): pack fewer photos into one`,
    );
  }
  // Entries that share their bytes are how 10 MB become 281 TB without any of them being large.
  const byPlace = entries.toSorted((a, b) => a.at - b.at);
  const overlaps = ({ at, packedSize }: Listed, index: number) =>
    at + headerBytes + packedSize > (byPlace[index + 1]?.at ?? Infinity);
  if (byPlace.some(overlaps)) throw new PhotoRefusal(damaged);
}

/** An entry without a byte may be one. With some it is a file, whatever its name ends in. */
function isFolder({ path, size }: Listed): boolean {
  return size === 0 && path.endsWith('/');
}

/** What belongs beside photos comes last. */
function strangersIn(others: readonly Stranger[], isOfPhoto: (path: string) => boolean): readonly LeftOut[] {
  // What could not be looked into may be anything, and an archive may be full of photos.
  const isKnown = ({ reason }: Stranger) => ![nested, emptyEntry, damagedEntry, unusual].includes(reason);
  const isBeside = (other: Stranger) => isCompanion(other) || (isKnown(other) && isOfPhoto(other.path));
  const [beside, strangers] = [others.filter(isBeside), others.filter((other) => !isBeside(other))];
  const named = (given: readonly Stranger[], why?: string) =>
    given.map(({ name, reason }) => ({ name, reason: why ?? reason }));
  return [...named(strangers), ...named(beside, companion)];
}

interface Place {
  readonly file: Buffer;
  readonly entry: Listed;
}

/** Why an entry is no picture; undefined when it is one. */
async function strangeness({ file, entry }: Place): Promise<string | undefined> {
  const head = packedBytes({ file, entry }).subarray(0, peekBytes);
  const begin = entry.method === stored ? head : await inflate(head, { finishFlush: constants.Z_SYNC_FLUSH });
  if (begin.length === 0) return emptyEntry;
  if (isZip(begin)) return nested;
  const recognised = recognise(begin);
  return 'reason' in recognised ? recognised.reason : undefined;
}

/** Behind the entry's own header, which repeats the name, in a length of its own. */
function packedBytes({ file, entry: { at, method, packedSize } }: Place): Buffer {
  if (method !== stored && method !== deflated) throw new PhotoRefusal(unusual);
  const header = file.subarray(at, at + headerBytes);
  if (header.toString('latin1', 0, 4) !== 'PK\x03\x04') throw new PhotoRefusal(damagedEntry);
  const start = at + headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + packedSize > file.length) throw new PhotoRefusal(damagedEntry);
  return file.subarray(start, start + packedSize);
}

async function unpack({ file, entry }: Place, { photoBytes }: ArchiveLimits): Promise<Buffer> {
  const { size, packedSize, method, crc } = entry;
  if (size > photoBytes) throw tooLarge(size, photoBytes);
  if (size > smallBytes && size > maxRatio * packedSize) throw new PhotoRefusal(swollen);
  try {
    const packed = packedBytes({ file, entry });
    const photo = method === stored ? packed : await inflate(packed, { maxOutputLength: size, chunkSize });
    if (photo.length === size && (await checksum(photo)) === crc) return photo;
  } catch (error) {
    throw new PhotoRefusal(damagedEntry, { cause: error });
  }
  throw new PhotoRefusal(damagedEntry);
}

async function checksum(photo: Buffer): Promise<number> {
  let sum = 0;
  for await (const piece of inPieces(photo)) sum = crc32(piece, sum);
  return sum;
}

const locked = 'locked with a password: pack it again without one';
const damaged = 'damaged or incomplete: pack it again, or attach the photos themselves';
const split = 'one part of an archive that was split: pack it as one file, or attach the photos themselves';
const empty = 'there are no photos in it: attach the photos themselves';
const endless = 'its list of files is longer than in any ordinary archive: pack the photos alone';
const emptyEntry = 'empty in the archive: pack it again, or attach the photo itself';
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
