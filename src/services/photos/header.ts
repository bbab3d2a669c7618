import sharp from 'sharp';
import { colorPathOf, type ColorPath } from './color-path.ts';
import { isTooManyTimes, isTooMuch } from './cost.ts';
import { recognise } from './format.ts';
import { PhotoRefusal, tooSlow } from './photo-refusal.ts';

const minSide = 256;
export interface Header {
  /** As seen upright. */
  readonly width: number;
  readonly height: number;
  /** 8 or 16 for each channel. */
  readonly depth: 8 | 16;
  readonly colours: ColorPath;
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
  if (isTooMuch(file, recognised.format, metadata)) {
    throw new PhotoRefusal(
      `too large (${width} × ${height}): save it at half its width and height, as an ordinary JPEG`,
    );
  }
  if (recognised.format === 'JPEG' && isTooManyTimes(file, metadata)) throw new PhotoRefusal(tooSlow);
  if (Math.min(width, height) < minSide) {
    throw new PhotoRefusal(`too small (${width} × ${height}, at least ${minSide} needed): attach a larger one`);
  }
  return {
    width,
    height,
    depth: metadata.depth === 'ushort' ? 16 : 8,
    colours: colorPathOf(file, { format: recognised.format, space: metadata.space }),
  };
}
