import { describe, expect, it } from 'vitest';
import { frame, nudged, unframed } from '../../../src/services/photos/framing.ts';

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

describe('nudged', () => {
  const scene = { ...wide, chosen: middle };

  it('takes one step to where the square goes', () => {
    expect(nudged(unframed, 'right', scene)).toEqual({ dx: 1, dy: 0, zoomOut: 0 });
    expect(nudged({ dx: 1, dy: 0, zoomOut: 0 }, 'left', scene)).toEqual(unframed);
    expect(nudged(unframed, 'out', scene)).toEqual({ dx: 0, dy: 0, zoomOut: 1 });
  });

  it('ends where the photo ends, after a last step that is shorter', () => {
    const narrow = { width: 560, height: 500, chosen: { left: 30, top: 0, side: 500 } };
    expect(nudged(unframed, 'right', narrow)).toEqual({ dx: 1, dy: 0, zoomOut: 0 });
    expect(nudged({ dx: 1, dy: 0, zoomOut: 0 }, 'right', narrow)).toBeUndefined();
    expect(nudged(unframed, 'up', narrow)).toBeUndefined();
    expect(nudged(unframed, 'in', narrow)).toBeUndefined();
    expect(nudged({ dx: 0, dy: 0, zoomOut: 5 }, 'out', narrow)).toBeUndefined();
  });

  it('moves over the blurred edge of a square that is larger than the photo', () => {
    expect(nudged({ dx: 0, dy: 0, zoomOut: 2 }, 'up', scene)).toEqual({ dx: 0, dy: -1, zoomOut: 2 });
  });

  it('shows something else with each step, also back from further than the photo reaches', () => {
    expect(nudged({ dx: 9, dy: 0, zoomOut: 0 }, 'left', scene)).toEqual({ dx: 4, dy: 0, zoomOut: 0 });
    expect(nudged({ dx: 9, dy: 0, zoomOut: 0 }, 'right', scene)).toBeUndefined();
  });

  it('counts every step while nobody knows how far the photo reaches', () => {
    expect(nudged(unframed, 'up', undefined)).toEqual({ dx: 0, dy: -1, zoomOut: 0 });
  });
});
