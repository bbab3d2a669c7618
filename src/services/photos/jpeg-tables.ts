import { isFrame, readFrame, readScan, startOfScan, type Frame, type Scan, type Segment } from './jpeg.ts';

export const quantizationTables = 0xdb;
const huffmanTables = 0xc4;

/**
 * Whether frame, scans and tables are all as long as they say and every table is there that is used. Where bytes stood that belong to
 * nothing, this tells something put in between from something broken: of that, a table would be missing.
 */
export function areWhole(segments: readonly Segment[]): boolean {
  const seen = new Set<string>();
  let frame: Frame | undefined;
  for (const segment of segments) {
    if (isFrame(segment)) frame = readFrame(segment);
    if (segment.marker === quantizationTables && !noteTables(segment, quantizationLength, seen)) return false;
    if (segment.marker === huffmanTables && !noteTables(segment, huffmanLength, seen)) return false;
    if (segment.marker === startOfScan && !isReady(readScan(segment), frame, seen)) return false;
  }
  return frame !== undefined;
}

/** `lengthOf` tells how long the table is that begins at a place, with the byte that names it. */
function noteTables({ marker, data }: Segment, lengthOf: typeof huffmanLength, seen: Set<string>): boolean {
  let at = 0;
  while (at < data.length) {
    seen.add(`${marker} ${data[at] ?? 0}`);
    at += lengthOf(data, at);
  }
  return at === data.length;
}

function quantizationLength(data: Buffer, at: number): number {
  return (data[at] ?? 0) >> 4 === 0 ? 65 : 129;
}

function huffmanLength(data: Buffer, at: number): number {
  return data.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 17);
}

function isReady(scan: Scan | undefined, frame: Frame | undefined, seen: ReadonlySet<string>): boolean {
  if (scan === undefined || frame === undefined) return false;
  return scan.components.every(({ id, tables: [dc, ac] }) => {
    const component = frame.components.find((one) => one.id === id);
    if (component === undefined) return false;
    const { quantization } = component;
    const isQuantized =
      seen.has(`${quantizationTables} ${quantization}`) || seen.has(`${quantizationTables} ${quantization + 16}`);
    const hasDc = scan.first > 0 || seen.has(`${huffmanTables} ${dc}`);
    const hasAc = scan.last === 0 || seen.has(`${huffmanTables} ${ac + 16}`);
    return isQuantized && hasDc && hasAc;
  });
}

/** Whether the scans hold every coefficient of every component, down to its lowest bit. */
export function areAllThere(frame: Frame, scans: readonly Scan[]): boolean {
  return frame.components.every(({ id }) => {
    const bitsLeft = Array<number>(64).fill(Infinity);
    for (const { components, first, last, bitsLeft: left } of scans) {
      if (components.some((one) => one.id === id)) bitsLeft.fill(left, first, last + 1);
    }
    return bitsLeft.every((left) => left === 0);
  });
}
