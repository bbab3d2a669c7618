/*
 * A raster to draw on without SVG and without fonts: the decoding process has no SVG loader, and a container may have no
 * font. All that is drawn is rectangles, pictures, and lines with round ends.
 */
import type { Raster } from './photo.ts';

export type Color = readonly [red: number, green: number, blue: number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

const channels = 3;

export function createCanvas(width: number, height: number, colour: Color): Raster {
  const canvas = { pixels: Buffer.alloc(width * height * channels), width, height };
  fill(canvas, { x: 0, y: 0, width, height }, colour);
  return canvas;
}

export function fill(canvas: Raster, { x, y, width, height }: Box, colour: Color): void {
  const row = Buffer.alloc(width * channels, Buffer.from(colour));
  for (let line = y; line < y + height; line++) row.copy(canvas.pixels, (line * canvas.width + x) * channels);
}

/** Puts a picture onto the canvas, its top left corner at `at`. */
export function paste(canvas: Raster, picture: Raster, at: Point): void {
  const rowBytes = picture.width * channels;
  for (let line = 0; line < picture.height; line++) {
    const target = ((at.y + line) * canvas.width + at.x) * channels;
    picture.pixels.copy(canvas.pixels, target, line * rowBytes, (line + 1) * rowBytes);
  }
}

export interface Pen {
  readonly colour: Color;
  readonly width: number;
}

/** Draws through all points. A single point makes a dot. */
export function drawLine(canvas: Raster, points: readonly Point[], pen: Pen): void {
  const reach = pen.width / 2 + 1;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const right = Math.min(canvas.width - 1, Math.ceil(Math.max(...xs) + reach));
  const bottom = Math.min(canvas.height - 1, Math.ceil(Math.max(...ys) + reach));
  for (let y = Math.max(0, Math.floor(Math.min(...ys) - reach)); y <= bottom; y++) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs) - reach)); x <= right; x++) {
      // Half a pixel inside to half a pixel outside goes from full colour to none: smooth edges.
      const cover = pen.width / 2 + 0.5 - distanceToLine({ x, y }, points);
      if (cover > 0) blend(canvas, { x, y }, { colour: pen.colour, share: Math.min(1, cover) });
    }
  }
}

function blend(canvas: Raster, { x, y }: Point, { colour, share }: { colour: Color; share: number }): void {
  const at = (y * canvas.width + x) * channels;
  colour.forEach((value, channel) => {
    const under = canvas.pixels[at + channel] ?? 0;
    canvas.pixels[at + channel] = Math.round(under + (value - under) * share);
  });
}

function distanceToLine(point: Point, points: readonly Point[]): number {
  let nearest = Infinity;
  points.forEach((start, index) => {
    nearest = Math.min(nearest, squareToSegment(point, start, points[index + 1] ?? start));
  });
  return Math.sqrt(nearest);
}

/** The square of the distance: the root of the nearest one is enough. */
function squareToSegment(point: Point, start: Point, end: Point): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - start.x) * dx + (point.y - start.y) * dy) / length;
  const share = Math.max(0, Math.min(1, along));
  return (point.x - start.x - share * dx) ** 2 + (point.y - start.y - share * dy) ** 2;
}
