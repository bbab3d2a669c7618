import sharp from 'sharp';
import { createCanvas, drawLine, fill, paste, type Box, type Colour, type Point } from './canvas.ts';
import type { Raster } from './raster.ts';
import { fromRaster } from './cut.ts';
import { digitsOf, glyphWidth, signs, type Glyph } from './glyphs.ts';
import type { Tile, Verdict } from './photo.ts';

/*
 * A tile is the crop in a frame of its verdict's colour, and below it a band of that colour with number and sign: nothing
 * covers the crop, and who cannot tell red from green reads the sign. Reasons are not drawn. At the width of a phone they
 * would be 6 pixels high; the message beside the sheet has them as text, by number.
 */

/** Dark as Discord's own background, and no glare beside bright pictures. */
const background: Colour = [30, 31, 34];
const missing: Colour = [78, 80, 88];
const ink: Colour = [255, 255, 255];
const faint: Colour = [128, 132, 142];
/** White is readable on all three (contrast above 4.5). */
const colours: Record<Verdict['kind'], Colour> = {
  good: [31, 122, 62],
  warning: [168, 90, 0],
  refused: [196, 43, 50],
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
  return fromRaster(canvas).jpeg({ quality: 85 }).toBuffer();
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
  fill(canvas, box, colours[tile.verdict.kind]);
  if (tile.thumbnail === undefined) drawMissing(canvas, { ...inside, width: side, height: side });
  else paste(canvas, await toSquare(tile.thumbnail, side), inside);
  const size = band * 0.56;
  const top = box.y + box.height - band + (band - size) / 2;
  drawGlyphs(canvas, digitsOf(tile.number), { size, colour: ink, x: box.x + size * 0.6, y: top });
  drawGlyphs(canvas, [signs[tile.verdict.kind]], { size, colour: ink, x: box.x + box.width - size * 1.3, y: top });
}

/** Crossed out rather than empty: an empty tile looks as if its picture were still to come. */
function drawMissing(canvas: Raster, square: Box): void {
  fill(canvas, square, missing);
  const size = square.width * 0.4;
  const at = { x: square.x + square.width / 2 - (size * glyphWidth) / 2, y: square.y + (square.height - size) / 2 };
  drawGlyphs(canvas, [signs.refused], { ...at, size, colour: faint });
}

async function toSquare(thumbnail: Buffer, side: number): Promise<Raster> {
  const pixels = await sharp(thumbnail, { failOn: 'warning', ignoreIcc: true })
    .resize(side, side)
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return { pixels, width: side, height: side };
}

interface Lettering extends Point {
  readonly size: number;
  readonly colour: Colour;
}

function drawGlyphs(canvas: Raster, glyphs: readonly Glyph[], at: Lettering): void {
  const pen = { colour: at.colour, width: at.size * 0.17 };
  glyphs.forEach((glyph, index) => {
    const left = at.x + index * (glyphWidth + 0.3) * at.size;
    for (const points of glyph) {
      const placed = points.map(({ x, y }) => ({ x: left + x * at.size, y: at.y + y * at.size }));
      drawLine(canvas, placed, pen);
    }
  });
}
