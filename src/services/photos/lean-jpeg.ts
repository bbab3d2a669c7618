import { editsOf, tooManyParts } from './file-edits.ts';
import { orientationIn, tiffOf } from './header.ts';

const marks = { restart: 0xd0, start: 0xd8, end: 0xd9, scan: 0xda, app: 0xe0, comment: 0xfe } as const;
const [app1, app2, app14, lastApp] = [0xe1, 0xe2, 0xee, 0xef];

/** A photo with depth and its original in XMP has 160 blocks at the most; a progressive one has ten scans, an optimized one some more. */
const most = { exif: 16, blocks: 2000, scans: 200 };
/** Of a profile: those of printers have some megabytes. */
const mostProfileBytes = 8 * 2 ** 20;

/**
 * Keeps what libjpeg draws by: tables, frames, scans, JFIF, Adobe's mark and the profile. What stands between segments is kept as
 * well, since a decoder passes over it, and may complain.
 */
export function leanJpeg(file: Buffer): Buffer {
  const pieces = editsOf(file);
  const seen = { exif: 0, blocks: 0, scans: 0, profileBytes: 0 };
  const isDropped = (marker: number, data: Buffer) => {
    if (!isBlock(marker)) return false;
    if (++seen.blocks > most.blocks) throw tooManyParts(`more than ${most.blocks} blocks of metadata`);
    if (marker === app2 && startsWith(data, 'ICC_PROFILE\0')) {
      seen.profileBytes += data.length;
      return seen.profileBytes > mostProfileBytes;
    }
    return marker !== marks.app && marker !== app14;
  };
  let exif: Buffer | undefined;
  for (let found = findMarker(file, 2); found !== undefined;) {
    const { marker, at } = found;
    if (marker === marks.end) break;
    if (isAlone(marker)) {
      found = findMarker(file, at + 1);
      continue;
    }
    if (at + 3 > file.length) break;
    const end = at + 1 + Math.max(2, file.readUInt16BE(at + 1));
    const data = file.subarray(at + 3, end);
    if (marker === marks.scan && ++seen.scans > most.scans) throw tooManyParts(`more than ${most.scans} scans`);
    if (marker === app1 && startsWith(data, 'Exif\0\0')) {
      if (++seen.exif > most.exif) throw tooManyParts(`more than ${most.exif} blocks of EXIF`);
      exif ??= data;
    }
    if (isDropped(marker, data)) pieces.drop(found.start, Math.min(end, file.length));
    found = findMarker(file, end);
  }
  const orientation = exif && orientationIn(exif);
  return orientation === undefined ? pieces.join() : withOrientation(pieces.join(), orientation);
}

interface Marker {
  readonly marker: number;
  /** Where it begins, with the bytes of 0xff before it, and where its own byte stands. */
  readonly start: number;
  readonly at: number;
}

/** As libjpeg looks for one: past whatever is none, and past packed pixels, in which 0xff stands before zero only. */
function findMarker(file: Buffer, from: number): Marker | undefined {
  for (let start = file.indexOf(0xff, from); start !== -1; start = file.indexOf(0xff, start)) {
    let at = start + 1;
    while (file[at] === 0xff) at++;
    const marker = file[at];
    if (marker === undefined) return undefined;
    if (marker !== 0) return { marker, start, at };
    start = at + 1;
  }
  return undefined;
}

/** Of these nothing follows that has a length. */
function isAlone(marker: number): boolean {
  return (marker >= marks.restart && marker <= marks.start) || marker === 0x01;
}

function isBlock(marker: number): boolean {
  return (marker >= marks.app && marker <= lastApp) || marker === marks.comment;
}

function startsWith(data: Buffer, text: string): boolean {
  return data.toString('latin1', 0, text.length) === text;
}

function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const data = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiffOf(orientation)]);
  const head = Buffer.from([0xff, app1, 0, data.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}
