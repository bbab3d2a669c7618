import { describe, expect, it } from 'vitest';
import { isDark } from '../../../src/services/photos/light.ts';

const picture = (...shares: readonly (readonly [pixels: number, level: number])[]) =>
  Buffer.concat(shares.map(([pixels, level]) => Buffer.alloc(pixels * 3, level)));

describe('isDark', () => {
  it('calls a picture dark whose bright parts are dark too', () => {
    expect(isDark(picture([95, 20], [5, 200]))).toBe(true);
  });

  it('lets a lit face in the night pass', () => {
    expect(isDark(picture([85, 5], [15, 180]))).toBe(false);
  });

  it('weighs green more than blue, as the eye does', () => {
    expect(isDark(Buffer.alloc(300, Buffer.from([0, 0, 255])))).toBe(true);
    expect(isDark(Buffer.alloc(300, Buffer.from([0, 255, 0])))).toBe(false);
  });
});
