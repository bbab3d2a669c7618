import sharp, { type Sharp } from 'sharp';
import { createCanvas, drawLine, fill, paste, type Box, type Color, type Point } from './canvas.ts';
import { fromRaster, quickly } from './crop.ts';
import { digitsOf, glyphWidth, signs, type Glyph } from './glyphs.ts';
import type { Raster, Tile, Verdict } from './photo.ts';

/*
 * A tile is the crop in a frame of its verdict's colour, and below it a band of that colour with number and sign. Nothing
 * covers a crop that is sent; one that is left out is pale and crossed out. Reasons are not drawn. At the width of a phone
 * they would be 6 pixels high; the message beside the sheet has them as text, by number.
 */

/** Dark as Discord's own background, and no glare beside bright pictures. */
const background: Color = [30, 31, 34];
const missing: Color = [78, 80, 88];
const white: Color = [255, 255, 255];
const cross: Color = [214, 216, 222];
/** How much of a picture that is left out still shows. */
const paleness = 0.3;

interface Paint {
  readonly frame: Color;
  readonly ink: Color;
}

/**
 * Dark, bright and between: who takes red, green and amber for the same olive, as one man in twelve does, still sees three
 * lights. The ink has a contrast above 4.5 on each.
 */
export const paints: Readonly<Record<Verdict['kind'], Paint>> = {
  good: { frame: [24, 88, 48], ink: white },
  warning: { frame: [242, 169, 0], ink: background },
  refused: { frame: [214, 50, 58], ink: white },
};

/** About what a phone shows of a picture at twice or three times its 400 points. */
const sheetWidth = 1000;

interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly gap: number;
  readonly frame: number;
  /** Side of the square inside the frame. */
  readonly side: number;
  readonly band: number;
}

/** At most 30 tiles stay readable at five in a row. */
export function layOut(count: number): Layout {
  const columns = count <= 4 ? 2 : count <= 9 ? 3 : count <= 16 ? 4 : 5;
  const gap = Math.round(48 / columns);
  const frame = Math.round(24 / columns);
  const side = Math.floor((sheetWidth - gap * (columns + 1)) / columns) - 2 * frame;
  return { columns, rows: Math.max(1, Math.ceil(count / columns)), gap, frame, side, band: Math.round(side * 0.24) };
}

/** JPEG, 1000 pixels wide. */
export async function drawSheet(tiles: readonly Tile[]): Promise<Buffer> {
  const layout = layOut(tiles.length);
  const last = boxOf(layout, layout.columns * layout.rows - 1);
  const canvas = createCanvas(last.x + last.width + layout.gap, last.y + last.height + layout.gap, background);
  await Promise.all(tiles.map((tile, index) => drawTile(canvas, tile, layout, boxOf(layout, index))));
  return fromRaster(canvas)
    .jpeg({ quality: 85, ...quickly })
    .toBuffer();
}

function boxOf({ columns, gap, frame, side, band }: Layout, index: number): Box {
  const [width, height] = [side + 2 * frame, side + frame + band];
  return {
    x: gap + (index % columns) * (width + gap),
    y: gap + Math.floor(index / columns) * (height + gap),
    width,
    height,
  };
}

async function drawTile(canvas: Raster, tile: Tile, { frame, side, band }: Layout, box: Box): Promise<void> {
  const inside = { x: box.x + frame, y: box.y + frame };
  const square = { ...inside, width: side, height: side };
  const isLeftOut = tile.verdict.kind === 'refused';
  fill(canvas, box, paints[tile.verdict.kind].frame);
  if (tile.thumbnail === undefined) fill(canvas, square, missing);
  else paste(canvas, await toSquare(tile.thumbnail, { side, isPale: isLeftOut }), inside);
  if (isLeftOut) crossOut(canvas, square);
  drawBand(canvas, tile, { ...box, y: box.y + box.height - band, height: band });
}

function drawBand(canvas: Raster, { number, verdict }: Tile, band: Box): void {
  const { ink } = paints[verdict.kind];
  const size = band.height * 0.62;
  const y = band.y + (band.height - size) / 2;
  drawGlyphs(canvas, digitsOf(number), { size, colour: ink, x: band.x + size * 0.4, y });
  drawGlyphs(canvas, [signs[verdict.kind]], { size, colour: ink, x: band.x + band.width - size * 1.1, y });
}

/** Also where there is no picture at all: an empty tile looks as if its picture were still to come. */
function crossOut(canvas: Raster, square: Box): void {
  const size = square.width * 0.4;
  const at = { x: square.x + square.width / 2 - (size * glyphWidth) / 2, y: square.y + (square.height - size) / 2 };
  drawGlyphs(canvas, [signs.refused], { ...at, size, colour: cross });
}

async function toSquare(thumbnail: Buffer, { side, isPale }: { side: number; isPale: boolean }): Promise<Raster> {
  const picture = sharp(thumbnail, { failOn: 'warning', ignoreIcc: true }).resize(side, side).toColourspace('srgb');
  const shown = isPale ? fade(picture) : picture;
  return { pixels: await shown.raw().toBuffer(), width: side, height: side };
}

function fade(picture: Sharp): Sharp {
  return picture.linear(
    missing.map(() => paleness),
    missing.map((grey) => grey * (1 - paleness)),
  );
}

interface Lettering extends Point {
  readonly size: number;
  readonly colour: Color;
}

function drawGlyphs(canvas: Raster, glyphs: readonly Glyph[], at: Lettering): void {
  const pen = { colour: at.colour, width: at.size * 0.19 };
  glyphs.forEach((glyph, index) => {
    const left = at.x + index * (glyphWidth + 0.3) * at.size;
    for (const points of glyph) {
      const placed = points.map(({ x, y }) => ({ x: left + x * at.size, y: at.y + y * at.size }));
      drawLine(canvas, placed, pen);
    }
  });
}
