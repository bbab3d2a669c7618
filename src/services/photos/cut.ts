import sharp from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';
import type { Header } from './header.ts';
import { maxPixels } from './header.ts';
import { looksSide } from './looks.ts';
import type { CropRecipe, CropStrategy } from './photo.ts';

/** Pixels of a finished decode: 8-bit sRGB, three channels, upright. */
export interface Raster {
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Wider pictures are narrowed to this before cropping: a 256 × 50 000 strip must not become 100 times its square. */
const maxAspect = 4;

export const thumbnailSide = 320;

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

/** Level 2: higher ones take up to ten times as long for a tenth of the bytes. */
export async function toPng(square: Raster): Promise<Buffer> {
  return fromRaster(square).png({ compressionLevel: 2 }).toBuffer();
}

export async function toThumbnail(square: Raster): Promise<Raster> {
  return toRaster(fromRaster(square).resize(thumbnailSide, thumbnailSide, { kernel: 'linear' }));
}

export async function toJpeg(thumbnail: Raster): Promise<Buffer> {
  return fromRaster(thumbnail).jpeg({ quality: 82 }).toBuffer();
}

/** The few grey pixels that a difference hash is made of. */
export async function toLooks(picture: Raster): Promise<Buffer> {
  return fromRaster(picture).resize(looksSide, looksSide, { fit: 'fill' }).greyscale().raw().toBuffer();
}
