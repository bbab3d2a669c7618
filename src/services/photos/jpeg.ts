/*
 * The outer form of a JPEG (ITU-T T.81, annex B): segments, each a marker, a length and what it holds, and behind the last one
 * before them, the start of a scan, the packed pixels.
 */

export interface Segment {
  /** Its second byte; the first is always 0xff. */
  readonly marker: number;
  /** Where it begins in the file, and where it ends. */
  readonly start: number;
  readonly end: number;
  /** Without marker and length; short where the file ends. */
  readonly data: Buffer;
}

export const startOfScan = 0xda;
const endOfImage = 0xd9;

/**
 * The segments from `start` up to the next start of a scan, with it. What stands between two segments and is none is passed
 * over, as every decoder does.
 */
export function* segmentsOf(jpeg: Buffer, start = 2): Generator<Segment> {
  for (let at = findMarker(jpeg, start); at !== undefined;) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === endOfImage || at + 4 > jpeg.length) return;
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    yield { marker, start: at, end, data: jpeg.subarray(at + 4, Math.max(at + 4, end)) };
    if (marker === startOfScan) return;
    at = findMarker(jpeg, end);
  }
}

/** Any number of 0xff may stand before a marker; 0xff and zero are none. */
function findMarker(jpeg: Buffer, start: number): number | undefined {
  for (let at = jpeg.indexOf(0xff, start); at !== -1 && at + 1 < jpeg.length; at = jpeg.indexOf(0xff, at + 1)) {
    if (jpeg[at + 1] !== 0xff && jpeg[at + 1] !== 0) return at;
  }
  return undefined;
}
