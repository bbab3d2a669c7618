import sharp, { type Metadata } from 'sharp';
import { describe, expect, it } from 'vitest';
import { isTooManyTimes, isTooMuch } from '../../../src/services/photos/cost.ts';
import { develop } from '../../../src/services/photos/develop.ts';
import type { PictureFormat } from '../../../src/services/photos/format.ts';
import { drawPlain, drawScene } from './draw.ts';

const scene = () => drawScene({ width: 64, height: 64 });
const files = {
  'an ordinary JPEG': async () => scene().jpeg().toBuffer(),
  'a progressive JPEG': async () => scene().jpeg({ progressive: true }).toBuffer(),
  'a progressive JPEG of full colour': async () =>
    scene().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
  'a progressive JPEG for print': async () => scene().toColourspace('cmyk').jpeg({ progressive: true }).toBuffer(),
  'a PNG': async () => scene().png().toBuffer(),
  'a PNG of 16 bits': async () => scene().toColourspace('rgb16').png().toBuffer(),
  'a PNG of 16 bits with transparency': async () => scene().ensureAlpha().toColourspace('rgb16').png().toBuffer(),
  'a WebP': async () => scene().webp().toBuffer(),
  'a WebP without loss': async () => scene().webp({ lossless: true }).toBuffer(),
} as const;

/** What phones give: 50, 50.3, 64, 108 and 200 megapixels. */
const phones = [
  [8160, 6144],
  [8192, 6144],
  [9248, 6936],
  [12_000, 9000],
  [16_320, 12_240],
] as const;

const most: Record<keyof typeof files, number> = {
  'an ordinary JPEG': 5,
  'a progressive JPEG': 4,
  'a progressive JPEG of full colour': 3,
  'a progressive JPEG for print': 0,
  'a PNG': 4,
  'a PNG of 16 bits': 3,
  'a PNG of 16 bits with transparency': 0,
  'a WebP': 3,
  'a WebP without loss': 0,
};

const formatOf = (what: string): PictureFormat => (['JPEG', 'PNG', 'WebP'] as const).find((one) => what.includes(one))!;

describe('isTooMuch', () => {
  it.each(Object.keys(files) as (keyof typeof files)[])(
    'takes as many pixels as unpacking %s costs memory for',
    async (what) => {
      const file = await files[what]();
      const metadata: Metadata = await sharp(file).metadata();
      const taken = phones.filter(
        ([width, height]) => !isTooMuch(file, formatOf(what), { ...metadata, width, height }),
      );
      expect(taken.length).toBe(most[what]);
      expect(isTooMuch(file, formatOf(what), { ...metadata, width: 7000, height: 7000 })).toBe(false);
      expect(isTooMuch(file, formatOf(what), { ...metadata, width: 16_384, height: 16_384 })).toBe(true);
    },
  );
});

describe('isTooManyTimes', () => {
  it.each(['a progressive JPEG', 'a progressive JPEG of full colour', 'a progressive JPEG for print'] as const)(
    'is said of no size of %s that its bytes let pass',
    async (what) => {
      const file = await files[what]();
      const metadata: Metadata = await sharp(file).metadata();
      const sizes = [[7000, 7000], ...phones].map(([width = 0, height = 0]) => ({ width, height }));
      const passing = sizes.filter((size) => !isTooMuch(file, 'JPEG', { ...metadata, ...size }));
      expect(passing.length).toBeGreaterThan(0);
      expect(passing.filter((size) => isTooManyTimes(file, size))).toEqual([]);
    },
  );

  it('refuses a JPEG that has little in it and a hundred scans of many pixels, by its header', async () => {
    const file = withEmptyScans(await scene().toColourspace('b-w').jpeg({ progressive: true }).toBuffer(), 190);
    expect(isTooManyTimes(file, { width: 14_000, height: 14_000 })).toBe(true);
    expect(isTooManyTimes(file, { width: 3000, height: 3000 })).toBe(false);
    const frame = file.indexOf(Buffer.from([0xff, 0xc2]));
    file.writeUInt16BE(14_000, frame + 5);
    file.writeUInt16BE(14_000, frame + 7);
    const { verdict } = await develop(file, { size: 512, strategy: 'centre' });
    expect(verdict).toEqual({ kind: 'refused', reason: 'too slow to read: save it again as an ordinary JPEG' });
  });
});

/** Its last scan so many times more. */
function withEmptyScans(jpeg: Buffer, count: number): Buffer {
  const last = jpeg.subarray(jpeg.lastIndexOf(Buffer.from([0xff, 0xda])), -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(count).fill(last), jpeg.subarray(-2)]);
}

it('develops a photo of 50 megapixels as phones take them, and says the way out of one that is too large', async () => {
  const recipe = { size: 512, strategy: 'centre' } as const;
  const large = await drawPlain({ width: 8192, height: 6144 }, { r: 90, g: 120, b: 60 }).jpeg().toBuffer();
  const { verdict, scene: seen } = await develop(large, recipe);
  expect(verdict.kind).not.toBe('refused');
  expect(seen).toMatchObject({ width: 683, height: 512 });
  const tooLarge = Buffer.from(await files['a progressive JPEG']());
  const frame = tooLarge.indexOf(Buffer.from([0xff, 0xc2]));
  tooLarge.writeUInt16BE(12_240, frame + 5);
  tooLarge.writeUInt16BE(16_320, frame + 7);
  expect((await develop(tooLarge, recipe)).verdict).toEqual({
    kind: 'refused',
    reason: 'too large (16320 × 12240): save it at half its width and height, as an ordinary JPEG',
  });
});
