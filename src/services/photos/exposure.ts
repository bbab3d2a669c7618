import type { Raster } from './raster.ts';

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
