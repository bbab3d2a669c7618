import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { damagedPhotos } from '../../../playground/photos/damaged.ts';
import { drawPortraits } from '../../../playground/photos/portraits.ts';

/** Eight by eight greys: near-duplicates have nearly the same. */
async function thumbprint(bytes: Buffer): Promise<number[]> {
  return [...(await sharp(bytes).autoOrient().resize(8, 8, { fit: 'fill' }).greyscale().raw().toBuffer())];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}

const size = { width: 480, height: 360 };

describe('drawPortraits', () => {
  it('draws the same bytes for the same seed, so that a demo can be repeated', async () => {
    const [first, second] = await Promise.all([drawPortraits({ count: 2, size }), drawPortraits({ count: 2, size })]);
    expect(first.map(({ name }) => name)).toEqual(['IMG_0001.jpg', 'IMG_0002.jpg']);
    expect(first.every(({ bytes }, i) => bytes.equals(second[i]!.bytes))).toBe(true);
  });

  it('draws another person for another seed', async () => {
    const [[one], [other]] = await Promise.all([
      drawPortraits({ count: 1, seed: 'a', size }),
      drawPortraits({ count: 1, seed: 'b', size }),
    ]);
    expect(one!.bytes.equals(other!.bytes)).toBe(false);
  });

  it('draws pictures that no duplicate check can mistake for each other', async () => {
    const photos = await drawPortraits({ count: 8, size });
    const prints = await Promise.all(photos.map(({ bytes }) => thumbprint(bytes)));
    const distances = prints.flatMap((print, i) => prints.slice(i + 1).map((other) => distance(print, other)));
    expect(Math.min(...distances)).toBeGreaterThan(12);
  });

  it('holds some pictures upright as phones do: wide pixels and an orientation tag', async () => {
    const photos = await drawPortraits({ count: 3, size });
    const metadata = await Promise.all(photos.map(({ bytes }) => sharp(bytes).metadata()));
    expect(metadata.map(({ orientation }) => orientation)).toEqual([1, 6, 1]);
    expect(metadata.every(({ width, height }) => width === 480 && height === 360)).toBe(true);
  });

  it('writes what must not reach a provider: a place, a camera, and wide colours in one picture', async () => {
    const photos = await drawPortraits({ count: 3, size });
    const metadata = await Promise.all(photos.map(({ bytes }) => sharp(bytes).metadata()));
    expect(metadata.every(({ exif }) => exif?.includes('Paper Camera'))).toBe(true);
    const profiles = metadata.map(({ icc }) => icc!);
    expect(profiles[0]!.equals(profiles[1]!)).toBe(true);
    expect(profiles[2]!.equals(profiles[0]!)).toBe(false);
  });

  it('draws about two megapixels unless told otherwise', async () => {
    const [photo] = await drawPortraits({ count: 1 });
    await expect(sharp(photo!.bytes).metadata()).resolves.toMatchObject({ width: 1632, height: 1224 });
  });
});

describe('damagedPhotos', () => {
  it('has one photo of each kind that people attach by mistake', async () => {
    const photos = new Map((await damagedPhotos()).map(({ damage, bytes }) => [damage, bytes]));
    await expect(sharp(photos.get('truncated'), { failOn: 'truncated' }).raw().toBuffer()).rejects.toThrow();
    await expect(sharp(photos.get('not-a-picture')).metadata()).rejects.toThrow('unsupported image format');
    await expect(sharp(photos.get('tiny')).metadata()).resolves.toMatchObject({ width: 64, height: 64 });
    expect(photos.get('duplicate')!.equals(photos.get('original')!)).toBe(true);
    const sharpness = async (damage: 'original' | 'blurred') => (await sharp(photos.get(damage)).stats()).sharpness;
    expect(await sharpness('blurred')).toBeLessThan((await sharpness('original')) / 2);
    const { channels } = await sharp(photos.get('dark')).stats();
    expect(channels.every(({ mean }) => mean < 20)).toBe(true);
  });
});
