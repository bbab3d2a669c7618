import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cropFramed, cropSquare } from '../../../src/services/photos/crop.ts';
import { develop } from '../../../src/services/photos/develop.ts';
import { cropStrategies, type Framing, type Raster } from '../../../src/services/photos/photo.ts';
import { difference, drawScene } from './draw.ts';

const recipe = { size: 300, strategy: 'centre' } as const;
const asCut: Framing = { dx: 0, dy: 0, zoomOut: 0 };

/** Green, with a red mark of 20 × 20 in the middle of 600 × 300. */
const marked = (): Raster => {
  const pixels = Buffer.alloc(600 * 300 * 3, Buffer.from([20, 160, 40]));
  for (let y = 140; y < 160; y++) pixels.fill(Buffer.from([220, 30, 30]), (y * 600 + 290) * 3, (y * 600 + 310) * 3);
  return { pixels, width: 600, height: 300 };
};

/** Where the red is: its middle and how wide it is. */
function findMark({ pixels, width }: Raster) {
  const reds = Array.from({ length: pixels.length / 3 }, (_, at) => at).filter((at) => pixels[at * 3]! > 150);
  const xs = reds.map((at) => at % width);
  const ys = reds.map((at) => Math.floor(at / width));
  const range = (all: readonly number[]) => [Math.min(...all), Math.max(...all) + 1] as const;
  const [[left, right], [top, bottom]] = [range(xs), range(ys)];
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left };
}

describe('cutSquare', () => {
  it.each(cropStrategies)('tells where the square of %s was cut', async (strategy) => {
    const picture = await drawScene({ width: 501, height: 300 }).raw().toBuffer({ resolveWithObject: true });
    const raster = { pixels: picture.data, width: 501, height: 300 };
    const how = { size: 300, strategy };
    expect((await cropFramed(raster, how, asCut)).pixels.equals((await cropSquare(raster, how)).pixels)).toBe(true);
    expect((await cropSquare(raster, how)).chosen.side).toBe(300);
  });
});

describe('cutFramed', () => {
  it('moves the subject against the square', async () => {
    expect(findMark(await cropFramed(marked(), recipe, asCut))).toEqual({ x: 150, y: 150, width: 20 });
    expect(findMark(await cropFramed(marked(), recipe, { ...asCut, dx: 2 }))).toEqual({ x: 90, y: 150, width: 20 });
    expect(findMark(await cropFramed(marked(), recipe, { ...asCut, dx: -3 }))).toEqual({ x: 240, y: 150, width: 20 });
  });

  it('makes the subject smaller around the middle when it zooms out', async () => {
    const mark = findMark(await cropFramed(marked(), recipe, { ...asCut, zoomOut: 5 }));
    expect(Math.abs(mark.x - 150) + Math.abs(mark.y - 150)).toBeLessThan(2);
    expect(mark.width).toBeGreaterThanOrEqual(12);
    expect(mark.width).toBeLessThanOrEqual(16);
  });

  it('fills what is beyond the photo with its edge, without a bar of another colour', async () => {
    const { pixels } = await cropFramed(marked(), recipe, { ...asCut, zoomOut: 5 });
    for (const at of [0, 299, 150, 299 * 300, 299 * 300 + 150, 300 * 300 - 1]) {
      expect([...pixels.subarray(at * 3, at * 3 + 3)], `pixel ${at}`).toEqual([20, 160, 40]);
    }
  });

  it('blurs that edge and nothing of the photo', async () => {
    const stripes = Buffer.alloc(600 * 300 * 3);
    for (let at = 0; at < stripes.length; at += 3) stripes.fill(((at / 3) % 600) % 60 < 30 ? 30 : 220, at, at + 3);
    const square = await cropFramed({ pixels: stripes, width: 600, height: 300 }, recipe, { ...asCut, zoomOut: 5 });
    const row = (y: number) => Array.from({ length: 300 }, (_, x) => square.pixels[(y * 300 + x) * 3]!);
    const spread = (levels: readonly number[]) => Math.max(...levels) - Math.min(...levels);
    expect(spread(row(150))).toBeGreaterThan(180);
    expect(spread(row(5).slice(40, 260))).toBeLessThan(60);
  });
});

it('shows a framed crop on the contact sheet exactly as it is sent', async () => {
  const file = await drawScene({ width: 900, height: 600 }).png().toBuffer();
  const { crop } = await develop(file, { size: 512, strategy: 'centre' }, { dx: 1, dy: 0, zoomOut: 3 });
  const sent = await sharp(crop!.png).resize(256, 256, { kernel: 'linear' }).png().toBuffer();
  expect(await difference(crop!.thumbnail, sent)).toBeLessThan(4);
  const unframed = await develop(file, { size: 512, strategy: 'centre' });
  expect(await difference(crop!.thumbnail, unframed.crop!.thumbnail)).toBeGreaterThan(8);
});
