import type { Framing, Scene, Window } from './photo.ts';

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Of the square's side, for each step of a nudge and each step of the zoom. */
const step = 0.1;
/** Further out, more of the square would be edge than photo. */
const maxZoomOut = 5;

export const unframed: Framing = { dx: 0, dy: 0, zoomOut: 0 };

const moves = {
  left: { ...unframed, dx: -1 },
  right: { ...unframed, dx: 1 },
  up: { ...unframed, dy: -1 },
  down: { ...unframed, dy: 1 },
  out: { ...unframed, zoomOut: 1 },
  in: { ...unframed, zoomOut: -1 },
} as const satisfies Record<string, Framing>;

/** One step of a framing, by where the square goes. */
export type Nudge = keyof typeof moves;

/** More steps than any photo is wide: its longer side is at most four squares. */
const mostSteps = 80;

/**
 * The framing one visible step further; undefined when the photo ends there. Zoomed out, a framing may have gone further
 * than the photo then reaches: what would show nothing else is skipped on the way back. Without a scene every step counts.
 */
export function nudged(framing: Framing, nudge: Nudge, scene: Scene | undefined): Framing | undefined {
  let next = framing;
  for (let taken = 0; taken < mostSteps; taken++) {
    next = sum(next, moves[nudge]);
    if (scene === undefined || !isSameWindow(windowOf(scene, next), windowOf(scene, framing))) return next;
  }
  return undefined;
}

function sum(one: Framing, other: Framing): Framing {
  return { dx: one.dx + other.dx, dy: one.dy + other.dy, zoomOut: one.zoomOut + other.zoomOut };
}

const windowOf = (scene: Scene, framing: Framing) => frame(scene.chosen, scene, framing);

function isSameWindow(one: Window, other: Window): boolean {
  return one.left === other.left && one.top === other.top && one.side === other.side;
}

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
