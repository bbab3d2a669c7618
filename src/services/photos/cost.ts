/*
 * What a photo costs to decode, told by its header. An ordinary JPEG is made small while it is unpacked, a row of blocks at a time, so
 * that 200 megapixels cost little; everything else is unpacked as a whole, or takes as long as if it were.
 */
import type { Metadata } from 'sharp';
import { webpChunks } from './chunks.ts';
import type { PictureFormat } from './format.ts';
import { isFrame, readFrame, readScan, scansOf, segmentsOf, startOfScan, type Frame } from './jpeg.ts';

/** A phone's 200 megapixels pass: 16320 × 12240. */
export const maxPixels = 210e6;

/** For the unpacked picture: with the rest of the process below the limit of its memory (docs/reliability.md). */
const maxBytes = 400e6;

/**
 * Samples, each as often as a scan passes by it: two to four seconds. What programs write has 8 to 24 for each pixel, the most of what
 * passes by its bytes has 1.2 thousand million.
 */
const mostScanned = 2e9;

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
  const frame = frameInScans(jpeg);
  return frame ? frame.components.reduce((sum, { id }) => sum + 2 * shareOf(frame, id), 0) : 0;
}

/**
 * Whether a JPEG would be gone through too often. Each scan passes by every sample again, and one that says nothing of millions
 * of them has some bytes: 200 such scans of 196 megapixels are 1.2 MB, and took a minute.
 */
export function isTooManyTimes(jpeg: Buffer, { width, height }: Pick<Metadata, 'width' | 'height'>): boolean {
  const frame = frameInScans(jpeg);
  if (frame === undefined) return false;
  let perPixel = 0;
  for (const scan of scansOf(jpeg)) {
    for (const { id } of readScan(scan)?.components ?? []) perPixel += shareOf(frame, id);
    if (perPixel * width * height > mostScanned) return true;
  }
  return false;
}

/** Of a picture that comes in more than one scan, and can be read. */
function frameInScans(jpeg: Buffer): Frame | undefined {
  const header = [...segmentsOf(jpeg)];
  const segment = header.find(isFrame);
  const frame = segment && readFrame(segment);
  const last = header.at(-1);
  const scan = last?.marker === startOfScan ? readScan(last) : undefined;
  if (frame === undefined || scan === undefined) return undefined;
  const isOneScan = frame.marker <= 0xc1 && scan.components.length === frame.components.length;
  return isOneScan ? undefined : frame;
}

/** Samples that a component has for each pixel. */
function shareOf({ components }: Frame, id: number): number {
  const one = components.find((component) => component.id === id);
  const across = Math.max(...components.map((component) => component.across));
  const down = Math.max(...components.map((component) => component.down));
  return one ? (one.across * one.down) / (across * down) : 1;
}
