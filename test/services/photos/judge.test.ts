import { describe, expect, it } from 'vitest';
import { isBlownOut, isDark } from '../../../src/services/photos/judge.ts';

/** Ten by ten pixels, row by row. */
const picture = (...shares: readonly (readonly [pixels: number, level: number])[]) => ({
  pixels: Buffer.concat(shares.map(([pixels, level]) => Buffer.alloc(pixels * 3, level))),
  width: 10,
  height: 10,
});
const plain = (...colour: readonly number[]) => ({ ...picture(), pixels: Buffer.alloc(300, Buffer.from(colour)) });

describe('isDark', () => {
  it('calls a picture dark whose bright parts are dark too', () => {
    expect(isDark(picture([95, 20], [5, 200]))).toBe(true);
  });

  it('lets a lit face in the night pass', () => {
    expect(isDark(picture([85, 5], [15, 180]))).toBe(false);
  });

  it('weighs green more than blue, as the eye does', () => {
    expect(isDark(plain(0, 0, 255))).toBe(true);
    expect(isDark(plain(0, 255, 0))).toBe(false);
  });
});

describe('isBlownOut', () => {
  it('calls a picture blown out whose middle is white', () => {
    expect(isBlownOut(picture([20, 120], [60, 255], [20, 120]))).toBe(true);
  });

  it('lets a thing before a white wall pass', () => {
    expect(isBlownOut(picture([30, 255], [40, 120], [30, 255]))).toBe(false);
  });

  it('lets a drawing on white paper pass', () => {
    expect(isBlownOut(picture([40, 255], [5, 0], [55, 255]))).toBe(false);
  });

  it('lets pass what is bright and still has a colour', () => {
    expect(isBlownOut(plain(255, 235, 200))).toBe(false);
  });
});
