import type { Framing } from './photo.ts';

/** A square on a picture, in its pixels; zoomed out it reaches beyond the picture. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Of the square's side, for each step of a nudge and each step of the zoom. */
const step = 0.1;
/** Further out, more of the square would be edge than photo. */
export const maxZoomOut = 5;

/**
 * The window that a framing makes of the one that a strategy chose. It never leaves the picture where it fits into it, so a
 * nudge shows no more edge than the zoom asks for.
 */
export function frame(chosen: Window, picture: Extent, { dx, dy, zoomOut }: Framing): Window {
  const side = Math.round(chosen.side * (1 + step * Math.min(Math.max(zoomOut, 0), maxZoomOut)));
  const grown = (side - chosen.side) / 2;
  return {
    left: keepInside(Math.round(chosen.left - grown + dx * step * chosen.side), picture.width - side),
    top: keepInside(Math.round(chosen.top - grown + dy * step * chosen.side), picture.height - side),
    side,
  };
}

/** `room` is negative for a window that is wider than the picture: then the picture stays inside the window. */
function keepInside(offset: number, room: number): number {
  return Math.min(Math.max(offset, Math.min(0, room)), Math.max(0, room));
}
