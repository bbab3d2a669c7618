import type { Header } from './header.ts';
import type { Raster, Verdict } from './photo.ts';
import { isBlurred } from './sharpness.ts';

/** A photo that could be read, in the forms in which it is looked at. */
export interface Reading {
  readonly header: Pick<Header, 'width' | 'height'>;
  /** It could be read only after something around its pixels had been put right. */
  readonly isMended?: boolean;
  /** The crop at the side at which sharpness is judged. */
  readonly judged: Raster;
  readonly thumbnail: Raster;
  /** Side of the crop that is sent. */
  readonly size: number;
}

/** One verdict for all that is to be said, what spoils a training most first. */
export function judge(reading: Reading): Verdict {
  const reasons = [lookOf(reading), ...shapeOf(reading), formOf(reading)].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? { kind: 'good' } : { kind: 'warning', reason: reasons.join('; ') };
}

/** Of a picture without light in it, or with nothing but light, sharpness cannot be told. */
function lookOf({ judged, thumbnail }: Reading): string | undefined {
  if (isDark(thumbnail)) return 'very dark: use a brighter photo if you have one';
  if (isBlownOut(thumbnail)) return 'blown out, its middle is plain white: use a darker photo if you have one';
  if (isBlurred(judged)) return 'blurred: use a sharper photo if you have one';
  return undefined;
}

function formOf({ isMended }: Reading): string | undefined {
  return isMended === true
    ? 'not a clean file: it could be read, so look whether all of the picture is there'
    : undefined;
}

function shapeOf({ header: { width, height }, size }: Reading): string[] {
  const seen = `${width} × ${height}`;
  const reasons: string[] = [];
  if (Math.min(width, height) < size) reasons.push(`small (${seen}): enlarged to ${size} × ${size}, so it is soft`);
  if (Math.max(width, height) > 3 * Math.min(width, height)) {
    reasons.push(`very long (${seen}): only a part of it fits into the square`);
  }
  return reasons;
}

/*
 * Exposure of a crop. Both limits were set by photographs and drawn portraits that were exposed from 6 stops too little to
 * 4 too much (docs/photos.md), and both only ever warn.
 */

/** Of 255. */
const darkLevel = 72;
const litShare = 0.1;

const whiteLevel = 250;
const whiteShare = 0.45;
/** Ink on white paper is black; what is left of a blown-out photo is not. */
const inkLevel = 48;
const inkShare = 0.04;

/** Whether even the bright parts of a picture are dark: a lit face in the night is not. */
export function isDark({ pixels }: Raster): boolean {
  let lit = 0;
  for (let at = 0; at < pixels.length; at += 3) if (lumaAt(pixels, at) > darkLevel) lit++;
  return lit < (pixels.length / 3) * litShare;
}

/**
 * Whether the middle of a picture is white with little in it. Only the middle, because a thing before a white wall is well
 * lit.
 */
export function isBlownOut({ pixels, width, height }: Raster): boolean {
  const [left, top] = [Math.floor(width / 4), Math.floor(height / 4)];
  const middle = (width - 2 * left) * (height - 2 * top);
  let [white, ink] = [0, 0];
  for (let y = top; y < height - top; y++) {
    for (let x = left; x < width - left; x++) {
      const luma = lumaAt(pixels, (y * width + x) * 3);
      if (luma >= whiteLevel) white++;
      else if (luma < inkLevel) ink++;
    }
  }
  return white > middle * whiteShare && ink < middle * inkShare;
}

/** Rec. 709 luma: what the eye makes of red, green and blue. */
function lumaAt(pixels: Uint8Array, at: number): number {
  return 0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0);
}
