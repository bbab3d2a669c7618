import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Color } from '../../../src/services/photos/canvas.ts';
import type { Tile, Verdict } from '../../../src/services/photos/photo.ts';
import { drawSheet, layOut, paints } from '../../../src/services/photos/sheet.ts';
import { drawPlain } from './draw.ts';

const blue = { r: 20, g: 60, b: 220 };
const kinds: readonly Verdict[] = [
  { kind: 'good' },
  { kind: 'warning', reason: 'small' },
  { kind: 'refused', reason: 'damaged' },
];

describe('drawSheet', () => {
  let thumbnail: Buffer;
  beforeAll(async () => {
    thumbnail = await drawPlain({ width: 256, height: 256 }, blue).jpeg().toBuffer();
  });

  const tiles = (count: number): Tile[] =>
    Array.from({ length: count }, (_, index) => ({ number: index + 1, verdict: kinds[index % 3]!, thumbnail }));

  async function draw(list: readonly Tile[]) {
    const sheet = await drawSheet(list);
    const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true });
    const pixel = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    return { sheet, info, pixel };
  }

  it.each([
    [1, 2],
    [4, 2],
    [9, 3],
    [10, 4],
    [17, 5],
    [30, 5],
  ])('puts %d photos into %d columns', (count, columns) => {
    expect(layOut(count).columns).toBe(columns);
  });

  it.each([1, 2, 7, 30])('is a JPEG of a phone-friendly width with room for all of %d photos', async (count) => {
    const { sheet, info } = await draw(tiles(count));
    expect(await sharp(sheet).metadata()).toMatchObject({ format: 'jpeg' });
    expect(info.width).toBeGreaterThan(960);
    expect(info.width).toBeLessThanOrEqual(1000);
    expect(sheet.length).toBeLessThan(1e6);
  });

  it('frames each photo in the colour of its verdict', async () => {
    const { pixel } = await draw(tiles(3));
    const { gap, side, frame } = layOut(3);
    const frames = [
      pixel(gap + 3, gap + 60),
      pixel(2 * gap + side + 2 * frame + 3, gap + 60),
      pixel(gap + 3, 2 * gap + Math.round(side * 1.24) + frame + 60),
    ];
    const strongest = frames.map(([red = 0, green = 0, blue = 0]) => {
      if (green > red) return 'green';
      return green > 1.5 * blue ? 'amber' : 'red';
    });
    expect(strongest).toEqual(['green', 'amber', 'red']);
  });

  it('shows the crop itself, with nothing drawn over it', async () => {
    const { pixel } = await draw(tiles(1));
    const { gap, frame, side } = layOut(1);
    for (const at of [4, side / 2, side - 4].map((offset) => Math.round(gap + frame + offset))) {
      expect(pixel(at, at)[2]).toBeGreaterThan(180);
    }
  });

  it('gives verdicts a sign too, for who cannot tell the colours apart', async () => {
    const inkIn = async (verdict: Verdict) => {
      const { pixel } = await draw([{ number: 1, verdict, thumbnail }]);
      const { gap, frame: rim, side, band } = layOut(1);
      const [right, top] = [gap + side + 2 * rim, gap + rim + side];
      const points = Array.from({ length: 100 }, (_, at) => [
        right - band + (at % 10) * 10,
        top + Math.floor(at / 10) * 11,
      ]);
      const frame = lightOf(paints[verdict.kind].frame);
      return points.map(([x, y]) => contrast(lightOf(pixel(x!, y!)), frame) > 3).join();
    };
    const signs = await Promise.all(kinds.map(inkIn));
    expect(new Set(signs).size).toBe(3);
    for (const sign of signs) expect(sign).toContain('true');
  });

  it('gives verdicts a light of their own, which is left when the colours are not seen, and readable ink', () => {
    const lights = Object.values(paints).map(({ frame }) => lightOf(frame));
    const [dark, middle, bright] = lights.toSorted((a, b) => a - b);
    expect(contrast(dark!, middle!)).toBeGreaterThan(1.7);
    expect(contrast(middle!, bright!)).toBeGreaterThan(1.7);
    for (const { frame, ink } of Object.values(paints))
      expect(contrast(lightOf(frame), lightOf(ink))).toBeGreaterThan(4.5);
  });

  it('shows a crop that is left out pale and crossed out: it is not sent', async () => {
    const { pixel } = await draw([{ number: 1, verdict: kinds[2]!, thumbnail }]);
    const { gap, frame, side } = layOut(1);
    const corner = Math.round(gap + frame + side * 0.1);
    const middle = Math.round(gap + frame + side / 2);
    expect(pixel(corner, corner)[2], 'blue, but little of it').toBeLessThan(140);
    expect(lightOf(pixel(middle, middle))).toBeGreaterThan(0.5);
  });

  it('shows a grey tile for a photo that could not be read', async () => {
    const { pixel } = await draw([{ number: 1, verdict: kinds[2]! }]);
    const { gap, frame } = layOut(1);
    const [red = 0, green = 0, blue = 0] = pixel(gap + frame + 20, gap + frame + 20);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(20);
  });
});

/** Relative luminance and contrast, as WCAG 2 has them. */
function lightOf(colour: Color | readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
