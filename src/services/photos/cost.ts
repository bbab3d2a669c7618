/*
 * What a photo costs to decode, told by its header. An ordinary JPEG is made small while it is unpacked, a row of blocks at a time, so
 * that 200 megapixels cost little; everything else is unpacked as a whole, or takes as long as if it were.
 */
import type { Metadata } from 'sharp';
import { webpChunks } from './chunks.ts';
import type { PictureFormat } from './format.ts';
import { isFrame, readFrame, readScan, segmentsOf, startOfScan } from './jpeg.ts';

/** A phone's 200 megapixels pass: 16320 × 12240. */
export const maxPixels = 210e6;

/** For the unpacked picture: with the rest of the process below the limit of its memory (docs/reliability.md). */
const maxBytes = 400e6;

export function isTooMuch(file: Buffer, format: PictureFormat, metadata: Metadata): boolean {
  const pixels = metadata.width * metadata.height;
  return pixels > maxPixels || pixels * bytesPerPixel(file, format, metadata) > maxBytes;
}

function bytesPerPixel(file: Buffer, format: PictureFormat, { channels, depth }: Metadata): number {
  switch (format) {
    case 'JPEG':
      return coefficientBytes(file);
    case 'PNG':
      return channels * (depth === 'ushort' ? 2 : 1);
    case 'WebP':
      // Without loss the decoder has a picture of its own beside the one that it gives.
      return [...webpChunks(file)].some(({ name }) => name === 'VP8 ') ? 4 : 8;
  }
}

/** What libjpeg keeps where a picture comes in more than one scan: two bytes for every sample. */
function coefficientBytes(jpeg: Buffer): number {
  const header = [...segmentsOf(jpeg)];
  const segment = header.find(isFrame);
  const frame = segment && readFrame(segment);
  const last = header.at(-1);
  const scan = last?.marker === startOfScan ? readScan(last) : undefined;
  // Of one that cannot be read nothing is decoded.
  if (frame === undefined || scan === undefined) return 0;
  const isOneScan = frame.marker <= 0xc1 && scan.components.length === frame.components.length;
  if (isOneScan) return 0;
  const across = Math.max(...frame.components.map((component) => component.across));
  const down = Math.max(...frame.components.map((component) => component.down));
  return frame.components.reduce((sum, one) => sum + (2 * one.across * one.down) / (across * down), 0);
}
