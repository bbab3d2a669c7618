import { describe, expect, it } from 'vitest';
import { looksDistance, looksOf } from '../../../src/services/photos/looks.ts';

const size = 72;
const picture = (light: (x: number, y: number) => number) => ({
  pixels: Buffer.from(
    Array.from({ length: size ** 2 }, (_, at) => Array<number>(3).fill(light(at % size, Math.floor(at / size)))).flat(),
  ),
  width: size,
  height: size,
});

describe('looksOf', () => {
  it('is 128 bits in hex, also when the first bits are 0', () => {
    expect(looksOf(picture(() => 7))).toBe('0'.repeat(32));
  });

  it('stays the same when the whole picture gets lighter', () => {
    const wave = (x: number, y: number) => 80 + 40 * Math.sin((x * 2 + y) / 8);
    expect(looksOf(picture((x, y) => wave(x, y) + 30))).toBe(looksOf(picture(wave)));
  });

  it('tells a ground that darkens downwards from one that darkens to the right', () => {
    const [right, down] = [looksOf(picture((x) => 200 - x)), looksOf(picture((_, y) => 200 - y))];
    expect(looksDistance(right, down)).toBe(128);
  });
});
