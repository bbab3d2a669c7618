/*
 * The outer form of a JPEG (ITU-T T.81, annex B): segments, each a marker, a length and what it holds; behind each start of a scan,
 * packed pixels; at the end a marker alone.
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

export const startOfImage = 0xd8;
export const endOfImage = 0xd9;
export const startOfScan = 0xda;

/** Markers without a body: restarts, and one that is not used. */
const isAlone = (marker: number) => (marker >= 0xd0 && marker <= startOfImage) || marker === 1;

/**
 * The segments from `start` up to the next start of a scan, with it. What stands between two segments and is none is passed
 * over, as every decoder does.
 */
export function* segmentsOf(jpeg: Buffer, start = 2): Generator<Segment> {
  for (let at = findMarker(jpeg, start); at !== undefined;) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === endOfImage || at + 4 > jpeg.length) return;
    const end = isAlone(marker) ? at + 2 : at + 2 + jpeg.readUInt16BE(at + 2);
    yield { marker, start: at, end, data: jpeg.subarray(at + 4, Math.max(at + 4, end)) };
    if (marker === startOfScan) return;
    at = findMarker(jpeg, end);
  }
}

/** Every start of a scan up to the end of the picture. */
export function* scansOf(jpeg: Buffer): Generator<Segment> {
  for (let at = 2; at < jpeg.length;) {
    let last: Segment | undefined;
    for (const segment of segmentsOf(jpeg, at)) last = segment;
    if (last?.marker !== startOfScan) return;
    yield last;
    at = endOfPixels(jpeg, last.end);
  }
}

/** Where the packed pixels end that begin at `start`: at the next marker that is no restart, or with the file. */
export function endOfPixels(jpeg: Buffer, start: number): number {
  for (let at = findMarker(jpeg, start); at !== undefined; at = findMarker(jpeg, at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (!isAlone(marker) || marker === startOfImage) return at;
  }
  return jpeg.length;
}

/** Any number of 0xff may stand before a marker; 0xff and zero are none. */
function findMarker(jpeg: Buffer, start: number): number | undefined {
  for (let at = jpeg.indexOf(0xff, start); at !== -1 && at + 1 < jpeg.length; at = jpeg.indexOf(0xff, at + 1)) {
    if (jpeg[at + 1] !== 0xff && jpeg[at + 1] !== 0) return at;
  }
  return undefined;
}

interface Component {
  readonly id: number;
  /** How often it is sampled across and down, beside the others. */
  readonly across: number;
  readonly down: number;
  readonly quantization: number;
}

/** What a start of frame says. */
export interface Frame {
  readonly marker: number;
  readonly components: readonly Component[];
}

/** All from SOF0 to SOF15; three of the numbers between are other things. */
export function isFrame({ marker }: Segment): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

export function readFrame({ marker, data }: Segment): Frame | undefined {
  const count = data[5] ?? 0;
  if (count === 0 || data.length !== 6 + 3 * count) return undefined;
  const components = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantization = 0] = data.subarray(6 + 3 * index);
    return { id, across: sampling >> 4, down: sampling & 15, quantization };
  });
  return { marker, components };
}

export interface Scan {
  readonly components: readonly { readonly id: number; readonly tables: readonly [dc: number, ac: number] }[];
  /** The first and the last coefficient it holds, and how many of their lowest bits are left for later. */
  readonly first: number;
  readonly last: number;
  readonly bitsLeft: number;
}

export function readScan({ data }: Segment): Scan | undefined {
  const count = data[0] ?? 0;
  if (count === 0 || data.length !== 4 + 2 * count) return undefined;
  const components = Array.from({ length: count }, (_, index) => {
    const [id = 0, tables = 0] = data.subarray(1 + 2 * index);
    return { id, tables: [tables >> 4, tables & 15] as const };
  });
  const [first = 0, last = 0, bits = 0] = data.subarray(1 + 2 * count);
  return { components, first, last, bitsLeft: bits & 15 };
}
