import { describe, expect, it } from 'vitest';
import sharp, { type Sharp } from 'sharp';
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

  it('takes fewer bytes than libvips does, for a photo and for a plain picture', async () => {
    const plain = drawPlain({ width: 512, height: 512 }, { r: 190, g: 120, b: 80 });
    for (const picture of [drawScene({ width: 512, height: 512 }).blur(0.7), plain]) {
      const raster = await rasterOf(picture);
      const usual = sharp(raster.pixels, { raw: { width: 512, height: 512, channels: 3 } });
      const usualBytes = (await usual.png({ compressionLevel: 1 }).toBuffer()).length;
      expect((await encodePng(raster)).length).toBeLessThan(usualBytes);
    }
  });
});
