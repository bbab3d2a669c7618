import { describe, expect, it } from 'vitest';
import { frame } from '../../../src/services/photos/framing.ts';

const wide = { width: 1000, height: 500 };
const middle = { left: 250, top: 0, side: 500 };

describe('frame', () => {
  it('leaves the square where it is when nothing is wished', () => {
    expect(frame(middle, wide, { dx: 0, dy: 0, zoomOut: 0 })).toEqual(middle);
  });

  it('moves by tenths of the square, as far as the photo goes', () => {
    expect(frame(middle, wide, { dx: 2, dy: 0, zoomOut: 0 })).toEqual({ left: 350, top: 0, side: 500 });
    expect(frame(middle, wide, { dx: -9, dy: 0, zoomOut: 0 })).toEqual({ left: 0, top: 0, side: 500 });
    expect(frame(middle, wide, { dx: 9, dy: 3, zoomOut: 0 })).toEqual({ left: 500, top: 0, side: 500 });
  });

  it('grows around its middle and reaches beyond the photo only where it is larger', () => {
    expect(frame(middle, wide, { dx: 0, dy: 0, zoomOut: 2 })).toEqual({ left: 200, top: -50, side: 600 });
    expect(frame(middle, wide, { dx: -9, dy: 0, zoomOut: 2 })).toEqual({ left: 0, top: -50, side: 600 });
  });

  it('keeps all of the photo’s height in a square that is higher', () => {
    expect(frame(middle, wide, { dx: 0, dy: 9, zoomOut: 2 }).top).toBe(0);
    expect(frame(middle, wide, { dx: 0, dy: -9, zoomOut: 2 }).top).toBe(-100);
  });

  it('zooms out by half at most, and never in', () => {
    expect(frame(middle, wide, { dx: 0, dy: 0, zoomOut: 99 }).side).toBe(750);
    expect(frame(middle, wide, { dx: 0, dy: 0, zoomOut: -3 })).toEqual(middle);
  });
});
