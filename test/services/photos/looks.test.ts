import { describe, expect, it } from 'vitest';
import { looksDistance, looksOf, looksSide } from '../../../src/services/photos/looks.ts';

const grey = (light: (x: number, y: number) => number) =>
  Uint8Array.from({ length: looksSide ** 2 }, (_, at) => light(at % looksSide, Math.floor(at / looksSide)));

describe('looksOf', () => {
  it('is 128 bits in hex, also when the first bits are 0', () => {
    expect(looksOf(grey(() => 7))).toBe('0'.repeat(32));
  });

  it('stays the same when the whole picture gets lighter', () => {
    const wave = (x: number, y: number) => 80 + 40 * Math.sin(x * 2 + y);
    expect(looksOf(grey((x, y) => wave(x, y) + 30))).toBe(looksOf(grey(wave)));
  });

  it('tells a ground that darkens downwards from one that darkens to the right', () => {
    const [right, down] = [looksOf(grey((x) => 200 - x)), looksOf(grey((_, y) => 200 - y))];
    expect(looksDistance(right, down)).toBe(128);
  });
});
