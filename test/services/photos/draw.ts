import sharp, { type Sharp } from 'sharp';

interface Scene {
  readonly width: number;
  readonly height: number;
  /** Another seed, another picture. */
  readonly seed?: number;
}

/** A sharp picture with fine grain: a red and white target in the upper left on a ground that gets lighter to the right. */
export function drawScene({ width, height, seed = 1 }: Scene): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  const disc = { x: width * (0.25 + 0.02 * (seed % 3)), y: height * 0.3, radius: Math.min(width, height) * 0.2 };
  let grain = seed;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      grain = (grain * 1_103_515_245 + 12_345) % 2 ** 31;
      const light = 60 + (120 * x) / width + 30 * Math.sin((seed * y) / (height / 6)) + (grain % 16);
      const ring = Math.floor((4 * Math.hypot(x - disc.x, y - disc.y)) / disc.radius);
      const paint = ring % 2 === 0 ? [210, 40, 30] : [250, 250, 250];
      pixels.set(ring < 4 ? paint : [light, light, light + 20], (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A picture of one colour. */
export function drawPlain({ width, height }: Scene, background: { r: number; g: number; b: number }): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** The colour of the middle of a picture. */
export async function middleOf(picture: Buffer): Promise<number[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
  return [...data.subarray(at, at + 3)];
}

/** How far two pictures of one size are from each other, in levels of 255, on average. */
export async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([sharp(one).raw().toBuffer(), sharp(other).raw().toBuffer()]);
  if (a.length !== b.length) return Infinity;
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}
