import type { Point } from './canvas.ts';

/** Lines through points, in a box of width `glyphWidth` and height 1, y downwards. */
export type Glyph = readonly (readonly Point[])[];

export const glyphWidth = 0.6;

const line = (...coordinates: readonly (readonly [number, number])[]) => coordinates.map(([x, y]) => ({ x, y }));

/** A piece of an ellipse, clockwise for a growing angle: 0 is right, 90 is down. */
function arc(centre: readonly [number, number], radius: readonly [number, number], angles: readonly [number, number]) {
  const steps = 12;
  return Array.from({ length: steps + 1 }, (_, step): Point => {
    const angle = ((angles[0] + ((angles[1] - angles[0]) * step) / steps) * Math.PI) / 180;
    return { x: centre[0] + radius[0] * Math.cos(angle), y: centre[1] + radius[1] * Math.sin(angle) };
  });
}

const digits: readonly Glyph[] = [
  [arc([0.3, 0.5], [0.28, 0.5], [0, 360])],
  [line([0.1, 0.2], [0.36, 0], [0.36, 1])],
  [[...arc([0.3, 0.27], [0.27, 0.27], [190, 395]), ...line([0.03, 1], [0.58, 1])]],
  [[...arc([0.28, 0.25], [0.26, 0.25], [200, 450]), ...arc([0.28, 0.74], [0.3, 0.26], [-90, 160])]],
  [line([0.44, 1], [0.44, 0], [0, 0.7], [0.6, 0.7])],
  [[...line([0.54, 0], [0.1, 0], [0.06, 0.45]), ...arc([0.28, 0.68], [0.3, 0.32], [-125, 150])]],
  [[...line([0.44, 0], [0.08, 0.52]), ...arc([0.3, 0.7], [0.28, 0.3], [-155, 205])]],
  [line([0.02, 0], [0.58, 0], [0.2, 1])],
  [arc([0.3, 0.25], [0.24, 0.25], [0, 360]), arc([0.3, 0.74], [0.29, 0.26], [0, 360])],
  [[...line([0.16, 1], [0.52, 0.48]), ...arc([0.3, 0.3], [0.28, 0.3], [25, 385])]],
];

/** The glyphs of a whole number, the first digit first. */
export function digitsOf(number: number): Glyph[] {
  return Array.from(String(number), (digit) => digits[Number(digit)] ?? []);
}

export const signs = {
  good: [line([-0.05, 0.55], [0.22, 0.85], [0.68, 0.15])],
  warning: [line([0.3, 0], [0.3, 0.62]), line([0.3, 0.98])],
  refused: [line([0, 0.15], [0.6, 0.85]), line([0.6, 0.15], [0, 0.85])],
} as const satisfies Record<string, Glyph>;
