import sharp from 'sharp';

export interface Painting {
  readonly width: number;
  readonly height: number;
  /** Another number, another picture. */
  readonly variant: number;
}

const tints = ['#7c5cff', '#ff9f6b', '#2fb9a3', '#e85d9a', '#4c8dff', '#c9a227'];

/** What a model trained on `photos` might draw: one of them, painted over. Without photos, an empty landscape. */
export async function paint(photos: readonly Buffer[], { width, height, variant }: Painting): Promise<Buffer> {
  const tint = tints[variant % tints.length] ?? '#7c5cff';
  const photo = photos[variant % Math.max(photos.length, 1)];
  if (photo === undefined)
    return sharp(Buffer.from(landscape(tint, width, height)))
      .png()
      .toBuffer();
  const painted = await sharp(photo)
    .autoOrient()
    // Painted at half its size: there the brush is as broad for a tenth of the time.
    .resize(width / 2, height / 2, { fit: 'cover', position: 'attention' })
    .flop(variant % 2 === 1)
    .median(5)
    .modulate({ saturation: 1.35, brightness: 1.04 })
    .toBuffer();
  return sharp(painted)
    .resize(width, height)
    .composite([{ input: Buffer.from(glaze(tint, width, height)), blend: 'soft-light' }])
    .png()
    .toBuffer();
}

function glaze(tint: string, width: number, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><radialGradient id="g" cx="0.5" cy="0.4" r="0.8">
      <stop offset="0.3" stop-color="#fff" stop-opacity="0.35"/><stop offset="1" stop-color="${tint}" stop-opacity="0.85"/>
    </radialGradient></defs><rect width="100%" height="100%" fill="url(#g)"/></svg>`;
}

function landscape(tint: string, width: number, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${tint}"/><stop offset="0.7" stop-color="#ffe9d6"/></linearGradient></defs>
    <rect width="100" height="100" fill="url(#sky)"/><circle cx="70" cy="30" r="9" fill="#fff6e0"/>
    <path d="M0 70 Q25 45 50 66 T100 58 V100 H0Z" fill="#4b5d67"/><path d="M0 82 Q30 66 60 82 T100 78 V100 H0Z" fill="#2f3e46"/></svg>`;
}
