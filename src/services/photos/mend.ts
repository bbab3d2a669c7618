/*
 * Files of which every other program shows the whole picture, and which libjpeg warns of. A warning is also how it tells that half of
 * the picture is missing, so it is not the warning that is passed over: the file is put right, and has to be read without
 * any. Only what is around the packed pixels is ever touched.
 */
import { webpChunks } from './chunks.ts';
import { recognise } from './format.ts';
import { areAllThere, areWhole, quantizationTables } from './jpeg-tables.ts';
import {
  endOfImage,
  endOfPixels,
  isFrame,
  readFrame,
  readScan,
  segmentsOf,
  startOfImage,
  startOfScan,
  type Frame,
  type Scan,
  type Segment,
} from './jpeg.ts';

/** The file put right, or nothing where there is nothing to put right or too much is missing. */
export function mend(file: Buffer): Buffer | undefined {
  const recognised = recognise(file);
  if (!('format' in recognised)) return undefined;
  // libpng shows whatever is whole in spite of all that is around it.
  if (recognised.format === 'PNG') return undefined;
  const mended = recognised.format === 'JPEG' ? mendJpeg(file) : mendWebp(file);
  return mended?.equals(file) === false ? mended : undefined;
}

function mendJpeg(file: Buffer): Buffer | undefined {
  const parts = [file.subarray(0, 2)];
  const segments: Segment[] = [];
  let at = 2;
  // Where another picture begins, this one has ended as well.
  while (at < file.length && file[at + 1] !== endOfImage && (at === 2 || file[at + 1] !== startOfImage)) {
    const header = [...segmentsOf(file, at)];
    const scan = header.at(-1);
    if (scan?.marker !== startOfScan || scan.end > file.length) break;
    if (strayBytes(header, at) > mostStray) return undefined;
    segments.push(...header);
    at = endOfPixels(file, scan.end);
    parts.push(...header.map((segment) => put(file, segment, segments)), withoutPadding(file.subarray(scan.end, at)));
  }
  const hasEnd = file[at] === 0xff && file[at + 1] === endOfImage;
  if (!areWhole(segments) || !(hasEnd || isComplete(segments))) return undefined;
  return Buffer.concat([...parts, hasEnd || !isOneScan(segments) ? end : noEnd]);
}

const end = Buffer.from([0xff, endOfImage]);

/**
 * Eight bytes of pixels, which is how far libjpeg reads ahead. Of a picture in one scan it gives the last rows before it warns of
 * them, but without an end it fails as soon as it needs more than these.
 */
const noEnd = Buffer.alloc(16, Buffer.from([0xff, 0]));

function isOneScan(segments: readonly Segment[]): boolean {
  return segments.filter(({ marker }) => marker === startOfScan).length === 1;
}

/** Of bytes between segments that belong to none: as many as somebody puts there by mistake. */
const mostStray = 4096;
/** Behind a quantization table they may be what was pushed out of it, and no table can be told from a wrong one. */
const mostBehindTable = 16;

function strayBytes(segments: readonly Segment[], start: number): number {
  let sum = 0;
  segments.forEach((segment, index) => {
    const before = segments[index - 1];
    const stray = segment.start - (before?.end ?? start);
    sum += before?.marker === quantizationTables && stray > mostBehindTable ? Infinity : stray;
  });
  return sum;
}

/** Sequential: all there is of a component is in one scan. */
const isSequential = ({ marker }: Frame) => marker === 0xc0 || marker === 0xc1;

function frameOf(segments: readonly Segment[]): Frame | undefined {
  const segment = segments.find(isFrame);
  return segment && readFrame(segment);
}

const [jfif, adobe] = [0xe0, 0xee];

function put(file: Buffer, { marker, start, end, data }: Segment, segments: readonly Segment[]): Buffer {
  const bytes = Buffer.from(file.subarray(start, Math.max(end, start + 2)));
  const frame = frameOf(segments);
  // Some phones leave here what they had in their memory; of a sequential picture there is only one thing to say.
  if (marker === startOfScan && frame && isSequential(frame)) bytes.set([0, 63, 0], bytes.length - 3);
  // There is one version; of any other libjpeg warns, and reads the same.
  if (marker === jfif && data.toString('latin1', 0, 5) === 'JFIF\0' && data.length > 5) bytes[9] = 1;
  // How the colours are stored: none, or the usual of so many components, for which libjpeg takes whatever else it finds.
  if (marker === adobe && data.toString('latin1', 0, 5) === 'Adobe' && (data[11] ?? 0) > 0) {
    bytes[15] = frame?.components.length === 4 ? 2 : 1;
  }
  return bytes;
}

/** Packed pixels are filled up with ones: whole bytes of zeros at their end were put there. */
function withoutPadding(pixels: Buffer): Buffer {
  let end = pixels.length;
  while (end > 0 && pixels[end - 1] === 0) end -= 1;
  // 0xff stands for itself only with a zero behind it.
  return pixels.subarray(0, end < pixels.length && pixels[end - 1] === 0xff ? end + 1 : end);
}

/** Where the end is not marked, the last scan has to be the last one; whether it is whole, decoding tells. */
function isComplete(segments: readonly Segment[]): boolean {
  const frame = frameOf(segments);
  const scans = segments.filter(({ marker }) => marker === startOfScan).map(readScan);
  const read = scans.filter((scan): scan is Scan => scan !== undefined);
  if (frame === undefined) return false;
  return areAllThere(
    frame,
    isSequential(frame) ? read.map((scan) => ({ ...scan, first: 0, last: 63, bitsLeft: 0 })) : read,
  );
}

const mostOff = 64;

/** A length of the whole that is not quite that of its parts, or any where they are all there is of the file. */
function mendWebp(file: Buffer): Buffer | undefined {
  const last = [...webpChunks(file)].at(-1)?.data;
  if (last === undefined) return undefined;
  const start = last.byteOffset - file.byteOffset;
  const end = start + last.length;
  if (file.readUInt32LE(start - 4) !== last.length) return undefined;
  const isWholeFile = file.length === end || file.length === end + (end % 2);
  if (!isWholeFile && Math.abs(file.readUInt32LE(4) + 8 - end) > mostOff) return undefined;
  const mended = Buffer.concat([file.subarray(0, end), Buffer.alloc(end % 2)]);
  mended.writeUInt32LE(mended.length - 8, 4);
  return mended;
}
