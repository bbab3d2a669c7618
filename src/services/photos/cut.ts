import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { maxPixels, type Header } from './header.ts';
import type { CropRecipe, CropStrategy } from './photo.ts';
import type { Raster } from './raster.ts';

/** Wider pictures are narrowed to this before cropping: a 256 × 50 000 strip must not become 100 times its square. */
const maxAspect = 4;

/** As much as a tile of four in a row needs; fewer and larger tiles are a little soft. */
export const thumbnailSide = 256;

/** Encoding is outside this limit, which is why the process around it has a harder one. */
const decodeSeconds = 15;

const positions: Record<CropStrategy, string> = { attention: 'attention', centre: 'centre', entropy: 'entropy' };

const reading = {
  // A warning is how libjpeg and libpng report a file that ends too early.
  failOn: 'warning',
  limitInputPixels: maxPixels,
  limitInputChannels: 5,
  ignoreIcc: true,
} as const satisfies SharpOptions;

/**
 * The whole picture, upright, its shorter side `side` long. The one full decode of a photo: whatever else is wanted is
 * made of this.
 */
export async function decode(file: Buffer, header: Header, side: number): Promise<Raster> {
  if (header.colours !== 'after-resize') {
    const ignoreIcc = header.colours === 'as-is';
    return toRaster(shrink(sharp(file, { ...reading, ignoreIcc }), header, side));
  }
  // libvips converts colours before it resizes, on every pixel of the photo. Carrying the profile over to the small
  // result costs an uncompressed PNG. It also makes that result 8-bit: sharp takes 16-bit colours for Display P3.
  const small = await shrink(sharp(file, reading), header, side)
    .keepIccProfile()
    .png({ compressionLevel: 0 })
    .toBuffer();
  return toRaster(sharp(small).toColourspace('srgb'));
}

function shrink(photo: Sharp, { width, height }: Header, side: number): Sharp {
  const scale = side / Math.min(width, height);
  const fit = (length: number) => Math.min(Math.round(length * scale), side * maxAspect);
  return photo
    .timeout({ seconds: decodeSeconds })
    .autoOrient()
    .flatten({ background: '#fff' })
    .resize(fit(width), fit(height), { fit: 'cover' })
    .toColourspace('srgb');
}

async function toRaster(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

export const fromRaster = ({ pixels, width, height }: Raster): Sharp =>
  sharp(pixels, { raw: { width, height, channels: 3 } });

/** The square of a decoded picture whose shorter side is `size` already: nothing is scaled a second time. */
export async function cutSquare(picture: Raster, { size, strategy }: CropRecipe): Promise<Raster> {
  return toRaster(fromRaster(picture).resize(size, size, { fit: 'cover', position: positions[strategy] }));
}

/** Level 1: level 2 takes half as long again for a tenth fewer bytes. */
export async function toPng(square: Raster): Promise<Buffer> {
  return fromRaster(square).png({ compressionLevel: 1 }).toBuffer();
}

/** For measuring and for thumbnails: quick, and as good as any when a picture gets smaller. */
export async function shrinkSquare(square: Raster, side: number): Promise<Raster> {
  if (square.width === side) return square;
  return toRaster(fromRaster(square).resize(side, side, { kernel: 'linear' }));
}

export async function toJpeg(thumbnail: Raster): Promise<Buffer> {
  return fromRaster(thumbnail).jpeg({ quality: 82 }).toBuffer();
}
