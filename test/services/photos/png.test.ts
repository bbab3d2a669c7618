import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/services/photos/png.ts';
import { drawPlain, drawScene } from './draw.ts';

async function rasterOf(picture: Sharp) {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

describe('encodePng', () => {
  it.each([
    [512, 512],
    [301, 257],
    [1, 1],
  ])('keeps every pixel of %d × %d', async (width, height) => {
    const raster = await rasterOf(drawScene({ width, height }));
    const read = await sharp(await encodePng(raster), { failOn: 'warning' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(read.info).toMatchObject({ width, height, channels: 3 });
    expect(read.data.equals(raster.pixels)).toBe(true);
  });

  it('takes fewer bytes for a photo than libvips does', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const grain = sharp({ create: { width: 512, height: 512, channels: 3, background: '#000', noise } });
    const raster = await rasterOf(grain.blur(1.5));
    const usual = sharp(raster.pixels, { raw: { width: 512, height: 512, channels: 3 } });
    const usualBytes = (await usual.png({ compressionLevel: 6 }).toBuffer()).length;
    expect((await encodePng(raster)).length).toBeLessThan(usualBytes);
  });

  it('takes an eighth of the pixels for a picture of one colour', async () => {
    const raster = await rasterOf(drawPlain({ width: 512, height: 512 }, { r: 190, g: 120, b: 80 }));
    expect((await encodePng(raster)).length).toBeLessThan(raster.pixels.length / 7.9);
  });
});
