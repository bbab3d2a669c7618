import { beforeAll, describe, expect, it } from 'vitest';
import { addGrain, blur, enlarge, expose, flatten, shake } from '../../../bench/altered.ts';
import { drawPortraits } from '../../../playground/photos/portraits.ts';
import { cropSquare, decode } from '../../../src/services/photos/crop.ts';
import { readHeader } from '../../../src/services/photos/header.ts';
import type { Raster } from '../../../src/services/photos/photo.ts';
import { isBlurred, sharpnessOf } from '../../../src/services/photos/sharpness.ts';

describe('isBlurred', () => {
  /** A sharp person before a soft background. */
  let crop: Raster;

  beforeAll(async () => {
    const [portrait] = await drawPortraits({ count: 1, seed: 'sharp', size: { width: 800, height: 600 } });
    const { bytes } = portrait!;
    crop = await cropSquare(await decode(bytes, await readHeader(bytes), 512), { size: 512, strategy: 'attention' });
  });

  it('lets a sharp face before a soft background pass', () => {
    expect(isBlurred(crop)).toBe(false);
  });

  it('lets grain, fog and night pass: they are not blur', () => {
    const altered = [addGrain(crop, 8), flatten(crop, 0.25), expose(crop, -2)];
    expect(altered.map(isBlurred)).toEqual([false, false, false]);
  });

  it('finds a picture out of focus, also below grain and in fog', async () => {
    const soft = await blur(crop, 2.5);
    expect([soft, addGrain(soft, 6), flatten(soft, 0.25)].map(isBlurred)).toEqual([true, true, true]);
  });

  it('finds a picture that moved, whatever the direction', () => {
    const moved = (['x', 'y', 'diagonal'] as const).map((along) => shake(crop, along, 10));
    expect(moved.map(isBlurred)).toEqual([true, true, true]);
  });

  it('finds a small picture that somebody enlarged', async () => {
    expect(isBlurred(await enlarge(crop, 4))).toBe(true);
  });

  it('finds a picture without any edge', () => {
    expect(sharpnessOf({ pixels: Buffer.alloc(256 * 256 * 3, 90), width: 256, height: 256 })).toBe(0);
  });

  it('judges the sharpest parts: a sharp quarter is enough', async () => {
    const soft = await blur(crop, 4);
    const pixels = Buffer.from(soft.pixels);
    const [first, last] = [512 * 512 * 3 * 0.2, 512 * 512 * 3 * 0.45].map((at) => Math.floor(at / 1536) * 1536);
    crop.pixels.copy(pixels, first, first, last);
    expect([isBlurred(soft), isBlurred({ ...soft, pixels })]).toEqual([true, false]);
  });
});
