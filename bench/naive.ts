import sharp from 'sharp';

/** A crop the way one writes it at first. */
export async function naiveCrop(file: Buffer, size: number): Promise<Buffer> {
  await sharp(file).metadata();
  return sharp(file).rotate().resize(size, size, { fit: 'cover', position: 'attention' }).png().toBuffer();
}

/** A contact sheet the way one writes it at first: all finished crops, made small and put side by side. */
export async function naiveSheet(crops: readonly Buffer[]): Promise<Buffer> {
  const side = 240;
  const tiles = await Promise.all(crops.map((crop) => sharp(crop).resize(side, side).png().toBuffer()));
  return sharp({
    create: { width: side * 4, height: side * Math.ceil(crops.length / 4), channels: 3, background: '#222' },
  })
    .composite(tiles.map((input, index) => ({ input, left: (index % 4) * side, top: Math.floor(index / 4) * side })))
    .jpeg()
    .toBuffer();
}

/** The floor of this project: sharp decodes, turns and resizes; nothing is encoded and no colour is converted. */
export async function floorCrop(file: Buffer, size: number): Promise<Buffer> {
  return sharp(file, { ignoreIcc: true }).autoOrient().resize(size, size, { fit: 'cover' }).raw().toBuffer();
}
