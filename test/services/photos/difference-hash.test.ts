import { describe, expect, it } from 'vitest';
import { differenceHashOf, hashDistance } from '../../../src/services/photos/difference-hash.ts';

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
    expect(differenceHashOf(picture(() => 7))).toBe('0'.repeat(32));
  });

  it('stays the same when the whole picture gets lighter', () => {
    const wave = (x: number, y: number) => 80 + 40 * Math.sin((x * 2 + y) / 8);
    expect(differenceHashOf(picture((x, y) => wave(x, y) + 30))).toBe(differenceHashOf(picture(wave)));
  });

  it('tells a ground that darkens downwards from one that darkens to the right', () => {
    const [right, down] = [differenceHashOf(picture((x) => 200 - x)), differenceHashOf(picture((_, y) => 200 - y))];
    expect(hashDistance(right, down)).toBe(128);
  });
});
