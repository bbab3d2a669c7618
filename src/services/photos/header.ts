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

/* How a photo is turned, by the one tag of EXIF (a TIFF inside the picture) that is of use here. */

const orientationTag = 0x112;
const upright = 1;

/** 2 to 8; undefined for a photo that is upright, and where nothing that can be read says so. */
export function orientationIn(exif: Buffer): number | undefined {
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return undefined;
  const uint = (at: number, bytes: number) => {
    if (at + bytes > tiff.length) return 0;
    return order === 'II' ? tiff.readUIntLE(at, bytes) : tiff.readUIntBE(at, bytes);
  };
  const directory = uint(4, 4);
  const entries = Math.min(uint(directory, 2), Math.floor(tiff.length / 12));
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + 12 * index;
    if (uint(at, 2) !== orientationTag) continue;
    const value = uint(at + 8, uint(at + 2, 2) === 4 ? 4 : 2);
    return value > upright && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** A TIFF that says how a photo is turned, and nothing else. */
export function tiffOf(orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}
