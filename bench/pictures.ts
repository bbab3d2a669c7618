import sharp from 'sharp';
import type { Sharp } from 'sharp';

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

/** Large soft shapes with a camera's grain, so that a JPEG of quality 90 has about the 3.6 MB of a photograph. */
async function drawScene(seed: number): Promise<Sharp> {
  const small = { width: 40, height: 30 };
  const pixels = Buffer.alloc(small.width * small.height * 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = 128 + 100 * Math.sin(at * 0.37 * seed + Math.sin(at * 0.011));
  const shapes = await sharp(pixels, { raw: { ...small, channels: 3 } })
    .resize(width, height, { kernel: 'cubic' })
    .raw()
    .toBuffer();
  const grain = { channels: 3, width, height, noise: { type: 'gaussian', mean: 128, sigma: 28 } } as const;
  const noise = await sharp({ create: { ...grain, background: '#000' } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(shapes, { raw: { width, height, channels: 3 } }).composite([{ input: noise, blend: 'soft-light' }]);
}

export async function drawPhoto(kind: Kind, seed = 1): Promise<Buffer> {
  // Composed pixels first: sharp composites after nearly everything else that a pipeline does.
  const { data, info } = await (await drawScene(seed)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const scene = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
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
