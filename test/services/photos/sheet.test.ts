import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tile, Verdict } from '../../../src/services/photos/photo.ts';
import { drawSheet, layOut } from '../../../src/services/photos/sheet.ts';
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
      const { gap, frame, side, band } = layOut(1);
      const [right, top] = [gap + side + 2 * frame, gap + frame + side];
      const points = Array.from({ length: 100 }, (_, at) => [
        right - band + (at % 10) * 10,
        top + Math.floor(at / 10) * 11,
      ]);
      return points.map(([x, y]) => pixel(x!, y!).every((value) => value > 200)).join();
    };
    const signs = await Promise.all(kinds.map(inkIn));
    expect(new Set(signs).size).toBe(3);
    for (const sign of signs) expect(sign).toContain('true');
  });

  it('shows a grey tile for a photo that could not be read', async () => {
    const { pixel } = await draw([{ number: 1, verdict: kinds[2]! }]);
    const { gap, frame } = layOut(1);
    const [red = 0, green = 0, blue = 0] = pixel(gap + frame + 20, gap + frame + 20);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(20);
  });
});
