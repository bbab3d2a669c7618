import sharp, { type Sharp } from 'sharp';
import { createRandom } from '../playground/random.ts';

/** What phones and cameras send, and what they seldom do. All have 12 megapixels. */
export const kinds = [
  'no profile',
  'sRGB',
  'Display P3',
  'lying (EXIF 6)',
  'progressive',
  'CMYK',
  '16-bit PNG',
] as const;
export type Kind = (typeof kinds)[number];

const [width, height] = [4000, 3000];

/** Of a camera in good light: a JPEG of quality 90 then has about the 3.6 MB of a photograph. */
const grainSigma = 9;
/** Drawn once and laid over each row from another place on: a random number for every pixel would take seconds. */
const grain = drawGrain(2 ** 16);

function drawGrain(count: number): Int8Array {
  const random = createRandom('grain');
  // The sum of six is near enough to a normal distribution; its own deviation is the root of a half.
  const sumOfSix = () => random() + random() + random() + random() + random() + random() - 3;
  return Int8Array.from({ length: count }, () => Math.round(Math.SQRT2 * grainSigma * sumOfSix()));
}

/** Large soft shapes with grain. */
async function drawScene(seed: number): Promise<Sharp> {
  const small = { width: 40, height: 30 };
  const shapes = Buffer.alloc(small.width * small.height * 3);
  for (let at = 0; at < shapes.length; at++) shapes[at] = 128 + 100 * Math.sin(at * 0.37 * seed + Math.sin(at * 0.011));
  const enlarged = sharp(shapes, { raw: { ...small, channels: 3 } }).resize(width, height, { kernel: 'cubic' });
  const pixels = new Uint8ClampedArray(await enlarged.raw().toBuffer());
  for (let y = 0; y < height; y++) addGrain(pixels.subarray(y * width * 3, (y + 1) * width * 3), y * 7919);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function addGrain(row: Uint8ClampedArray, from: number): void {
  for (let at = 0; at < row.length; at++) row[at] = (row[at] ?? 0) + (grain[(from + at) % grain.length] ?? 0);
}

export async function drawPhoto(kind: Kind, seed = 1): Promise<Buffer> {
  const scene = await drawScene(seed);
  switch (kind) {
    case 'no profile':
      return scene.jpeg({ quality: 90 }).toBuffer();
    case 'sRGB':
      return scene.withIccProfile('srgb').jpeg({ quality: 90 }).toBuffer();
    case 'Display P3':
      return scene.withIccProfile('p3').jpeg({ quality: 90 }).toBuffer();
    case 'lying (EXIF 6)':
      return scene.withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
    case 'progressive':
      return scene.jpeg({ quality: 90, progressive: true }).toBuffer();
    case 'CMYK':
      return scene.withIccProfile('cmyk').jpeg({ quality: 90 }).toBuffer();
    case '16-bit PNG':
      return scene.toColourspace('rgb16').png({ compressionLevel: 2 }).toBuffer();
  }
}

/** Ten different photos as a member would send them: most with sRGB or nothing, some of a phone with Display P3. */
export async function drawTenPhotos(): Promise<Buffer[]> {
  const usual = ['no profile', 'sRGB', 'Display P3', 'sRGB', 'lying (EXIF 6)'] as const;
  const photos: Buffer[] = [];
  for (const seed of Array(10).keys()) photos.push(await drawPhoto(usual[seed % usual.length] ?? 'sRGB', seed + 1));
  return photos;
}
