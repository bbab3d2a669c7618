import sharp, { type OutputInfo, type Sharp, type SharpOptions } from 'sharp';
import { paste, type Point } from './canvas.ts';
import { areCoarse, toSrgb, type Colors, type ForeignRaster } from './colors.ts';
import { maxPixels } from './cost.ts';
import { frame } from './framing.ts';
import type { Header } from './header.ts';
import type { CropRecipe, CropStrategy, Framing, Raster, Window } from './photo.ts';

/** Wider pictures are narrowed to this before cropping: a 256 × 50 000 strip must not become 100 times its square. */
const maxAspect = 4;

/** As much as a tile of four in a row needs; fewer and larger tiles are a little soft. */
export const thumbnailSide = 256;

/** Encoding is outside this limit, which is why the process around it has a harder one. */
const decodeSeconds = 15;

const positions: Record<CropStrategy, string> = { attention: 'attention', centre: 'centre', entropy: 'entropy' };

const reading = {
  // A warning is how libjpeg and libpng report a file that ends too early.
  failOn: 'warning',
  limitInputPixels: maxPixels,
  limitInputChannels: 5,
  ignoreIcc: true,
} as const satisfies SharpOptions;

/**
 * The whole picture, upright, its shorter side `side` long. The one full decode of a photo: whatever else is wanted is
 * made of this.
 */
export async function decode(file: Buffer, header: Header, side: number): Promise<Raster> {
  const { colours } = header;
  if (colours.kind === 'as-is') return toRaster(shrink(sharp(file, reading), header, side).toColourspace('srgb'));
  if (colours.kind === 'after-resize')
    return convertSmall(sharp(file, reading), header, { colours: colours.colours, side });
  // libvips makes Display P3 of what has 16 bits, and sRGB of that only where a profile for the result is asked for.
  const converted = shrink(sharp(file, { ...reading, ignoreIcc: false }), header, side);
  return toRaster(converted.withIccProfile('srgb', { attach: false }).toColourspace('srgb'));
}

/**
 * libvips converts colours before it resizes, on every pixel of the photo. Light that is stored as it is has too few steps for that
 * order in eight bits, so of such a photo more pixels are kept until it is sRGB.
 */
async function convertSmall(photo: Sharp, header: Header, { colours, side }: Conversion): Promise<Raster> {
  const shorter = Math.min(header.width, header.height);
  const kept = areCoarse(colours) ? Math.max(side, Math.min(shorter, keptForCoarse * side)) : side;
  const converted = toSrgb(await toLevels(shrink(photo, header, kept), header.depth), colours);
  return kept === side ? converted : toRaster(resize(fromRaster(converted), header, side));
}

interface Conversion {
  readonly colours: Colors;
  readonly side: number;
}

/** Times the side that is wanted: 13 megapixels at most of a photo in 3:4. */
const keptForCoarse = 3;

async function toLevels(picture: Sharp, depth: Header['depth']): Promise<ForeignRaster> {
  if (depth === 8) {
    const { pixels, ...size } = await toRaster(picture.toColourspace('srgb'));
    return { levels: pixels, ...size };
  }
  const deep = picture.toColourspace('rgb16').raw({ depth: 'ushort' });
  const { data, info } = await deep.toBuffer({ resolveWithObject: true });
  const levels = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return { levels, width: info.width, height: info.height };
}

function shrink(photo: Sharp, header: Header, side: number): Sharp {
  const upright = photo.timeout({ seconds: decodeSeconds }).autoOrient().flatten({ background: '#fff' });
  return resize(upright, header, side);
}

function resize(picture: Sharp, { width, height }: Header, side: number): Sharp {
  const scale = side / Math.min(width, height);
  const fit = (length: number) => Math.min(Math.round(length * scale), side * maxAspect);
  return picture.resize(fit(width), fit(height), { fit: 'cover' });
}

async function toRaster(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

export const fromRaster = ({ pixels, width, height }: Raster): Sharp =>
  sharp(pixels, { raw: { width, height, channels: 3 } });

/** A square, and where the recipe's strategy puts it until it is moved. */
export interface Square extends Raster {
  readonly chosen: Window;
}

/** The square of a decoded picture whose shorter side is `size` already: nothing is scaled a second time. */
export async function cropSquare(picture: Raster, recipe: CropRecipe): Promise<Square> {
  const { size, strategy } = recipe;
  const cropping = fromRaster(picture).resize(size, size, { fit: 'cover', position: positions[strategy] });
  const { data, info } = await cropping.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: size, height: size, chosen: windowIn(picture, recipe, info) };
}

/** libvips tells where it found the interest, and rounds the middle up. */
function windowIn(picture: Raster, { size, strategy }: CropRecipe, info: OutputInfo): Window {
  if (strategy !== 'centre')
    return { left: 0 - (info.cropOffsetLeft ?? 0), top: 0 - (info.cropOffsetTop ?? 0), side: size };
  return { left: Math.ceil((picture.width - size) / 2), top: Math.ceil((picture.height - size) / 2), side: size };
}

/** The square moved and widened as somebody wished who saw it. */
export async function cropFramed(picture: Raster, recipe: CropRecipe, framing: Framing): Promise<Square> {
  const { chosen } = await cropSquare(picture, recipe);
  const window = frame(chosen, picture, framing);
  const left = Math.max(0, window.left);
  const top = Math.max(0, window.top);
  const width = Math.min(picture.width, window.left + window.side) - left;
  const height = Math.min(picture.height, window.top + window.side) - top;
  const scaled = (length: number) => Math.round((length * recipe.size) / window.side);
  const part = fromRaster(picture)
    .extract({ left, top, width, height })
    .resize(scaled(width), scaled(height), { fit: 'fill' });
  const at = { x: scaled(left - window.left), y: scaled(top - window.top) };
  return { ...(await padWithEdge(await toRaster(part), at, recipe.size)), chosen };
}

/** Of the side: soft enough that neither people nor a trainer take the edge for a part of the scene. */
const edgeBlur = 1 / 24;

/** Mirrored, so that light and colours go on where the photo ends. */
async function padWithEdge(part: Raster, at: Point, size: number): Promise<Raster> {
  if (part.width === size && part.height === size) return part;
  const margins = { left: at.x, top: at.y, right: size - at.x - part.width, bottom: size - at.y - part.height };
  const mirrored = await toRaster(fromRaster(part).extend({ ...margins, extendWith: 'mirror' }));
  const square = await toRaster(fromRaster(mirrored).blur(size * edgeBlur));
  paste(square, part, at);
  return square;
}

/** For measuring and for thumbnails: quick, and as good as any when a picture gets smaller. */
export async function shrinkSquare(square: Raster, side: number): Promise<Raster> {
  if (square.width === side) return square;
  return toRaster(fromRaster(square).resize(side, side, { kernel: 'linear' }));
}

/** For a JPEG: a second pass over it, which would save a twelfth of the bytes, takes as long as all the rest. */
export const quickly = { optimiseCoding: false } as const;

export async function toJpeg(thumbnail: Raster): Promise<Buffer> {
  return fromRaster(thumbnail)
    .jpeg({ quality: 82, ...quickly })
    .toBuffer();
}
