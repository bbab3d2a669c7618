import sharp, { type Metadata } from 'sharp';
import { recognise } from './format.ts';
import { isSrgbProfile } from './profile.ts';
import { PhotoRefusal } from './refusal.ts';

const minSide = 256;
/** A 48-megapixel phone photo passes. */
export const maxPixels = 50e6;

/**
 * How the colours become sRGB:
 *   as-is         they are sRGB already, or nobody says what they are
 *   after-resize  RGB of another profile: converting the small result looks the same and costs less
 *   by-decoder    CMYK and grey with a profile: rare, and a PNG between the two steps could not hold them
 */
export type ColourPath = 'as-is' | 'after-resize' | 'by-decoder';

export interface Header {
  /** As seen upright. */
  readonly width: number;
  readonly height: number;
  readonly colours: ColourPath;
}

/**
 * Reads a file's header and nothing more (under 1 ms), so that whatever is too small, too large or no picture is refused before
 * a pixel of it is decoded. Throws `PhotoRefusal`.
 */
export async function readHeader(file: Buffer): Promise<Header> {
  const recognised = recognise(file);
  if ('reason' in recognised) throw new PhotoRefusal(recognised.reason);
  // Without the limit, because a refusal that names the pixels is of more use; the decoding itself has it.
  const metadata = await sharp(file, { limitInputPixels: false }).metadata();
  const { width, height } = metadata.autoOrient;
  if (width * height > maxPixels) {
    throw new PhotoRefusal(`too large (${width} × ${height}, at most 50 megapixels): attach a smaller copy`);
  }
  if (Math.min(width, height) < minSide) {
    throw new PhotoRefusal(`too small (${width} × ${height}, at least ${minSide} needed): attach a larger one`);
  }
  return { width, height, colours: colourPath(metadata) };
}

function colourPath({ space, icc }: Metadata): ColourPath {
  if (space === 'cmyk') return 'by-decoder';
  if (icc === undefined) return 'as-is';
  if (space !== 'srgb' && space !== 'rgb16') return 'by-decoder';
  return isSrgbProfile(icc) ? 'as-is' : 'after-resize';
}
