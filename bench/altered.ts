import sharp from 'sharp';
import { createRandom } from '../playground/random.ts';
import { fromRaster } from '../src/services/photos/crop.ts';
import type { Raster } from '../src/services/photos/photo.ts';

/* What goes wrong in taking a photo, done to a crop that was sharp and well lit. */

export async function blur(crop: Raster, sigma: number): Promise<Raster> {
  return { ...crop, pixels: await fromRaster(crop).blur(sigma).raw().toBuffer() };
}

/** As of a camera that moved while it looked: each pixel is the mean of a line of them. */
export function shake({ pixels, width, height }: Raster, along: 'x' | 'y' | 'diagonal', length: number): Raster {
  const moved = Buffer.alloc(pixels.length);
  const [dx, dy] = [along === 'y' ? 0 : 1, along === 'x' ? 0 : 1];
  for (let at = 0; at < pixels.length; at++) {
    const [channel, x, y] = [at % 3, Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    let sum = 0;
    for (let step = 0; step < length; step++) {
      const [fromX, fromY] = [Math.min(width - 1, x + dx * step), Math.min(height - 1, y + dy * step)];
      sum += pixels[(fromY * width + fromX) * 3 + channel] ?? 0;
    }
    moved[at] = sum / length;
  }
  return { pixels: moved, width, height };
}

/** Grain of that standard deviation, the same in each run. */
export function addGrain(crop: Raster, sigma: number): Raster {
  const random = createRandom('grain');
  // The sum of six is near enough to a normal distribution; its own deviation is the root of a half.
  const grain = () => Math.SQRT2 * sigma * (random() + random() + random() + random() + random() + random() - 3);
  return { ...crop, pixels: Buffer.from(Uint8ClampedArray.from(crop.pixels, (level) => level + grain())) };
}

export function flatten(crop: Raster, contrast: number): Raster {
  return {
    ...crop,
    pixels: Buffer.from(Uint8ClampedArray.from(crop.pixels, (level) => 128 + (level - 128) * contrast)),
  };
}

/** Compressed hard, as messengers do. */
export async function compress(crop: Raster, quality: number): Promise<Raster> {
  const jpeg = await fromRaster(crop).jpeg({ quality }).toBuffer();
  return { ...crop, pixels: await sharp(jpeg).raw().toBuffer() };
}

/** A small picture that somebody made large again. */
export async function enlarge(crop: Raster, times: number): Promise<Raster> {
  const small = await fromRaster(crop)
    .resize(Math.round(crop.width / times))
    .png()
    .toBuffer();
  return { ...crop, pixels: await sharp(small).resize(crop.width, crop.height).raw().toBuffer() };
}

/** Stops of the aperture: each doubles or halves the light, which levels of sRGB follow along a curve. */
export function expose(crop: Raster, stops: number): Raster {
  const levels = Uint8ClampedArray.from({ length: 256 }, (_, level) => 255 * encode(decode(level / 255) * 2 ** stops));
  return { ...crop, pixels: Buffer.from(crop.pixels.map((level) => levels[level] ?? 0)) };
}

const decode = (level: number) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4);
const encode = (light: number) => (light <= 0.003_130_8 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
