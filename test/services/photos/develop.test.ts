import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { develop } from '../../../src/services/photos/develop.ts';
import type { CropRecipe } from '../../../src/services/photos/photo.ts';
import { difference, drawPlain, drawScene, middleOf } from './draw.ts';

const recipe: CropRecipe = { size: 512, strategy: 'attention' };
/** Taking Display P3 for sRGB, or the other way round, moves its red by 15. */
const orange = { r: 190, g: 120, b: 80 };

const cropOf = async (file: Buffer, how = recipe) => (await develop(file, how)).crop!.png;

describe('develop', () => {
  it('cuts an 8-bit sRGB square without metadata, and a thumbnail of it', async () => {
    const photo = drawScene({ width: 1200, height: 900 }).withExif({ IFD0: { Artist: 'Somebody' } });
    const developed = await develop(await photo.withIccProfile('srgb').jpeg().toBuffer(), recipe);
    expect(developed.verdict).toEqual({ kind: 'good' });
    const png = await sharp(developed.crop!.png).metadata();
    expect(png).toMatchObject({ format: 'png', width: 512, height: 512, channels: 3, depth: 'uchar', space: 'srgb' });
    expect([png.exif, png.icc, png.xmp, png.comments]).toEqual([undefined, undefined, undefined, undefined]);
    expect(await sharp(developed.crop!.thumbnail).metadata()).toMatchObject({
      format: 'jpeg',
      width: 256,
      height: 256,
    });
    expect(developed.scene).toMatchObject({ width: 683, height: 512, chosen: { top: 0, side: 512 } });
    expect(developed.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(developed.looks).toMatch(/^[0-9a-f]{32}$/);
  });

  it('cuts the same square from all eight EXIF orientations of a photo', async () => {
    const upright = await drawScene({ width: 900, height: 600 }).png().toBuffer();
    const expected = await cropOf(upright);
    const turns = { 1: [0], 2: [0, 1], 3: [180], 4: [180, 1], 5: [270, 1], 6: [270], 7: [90, 1], 8: [90] };
    for (const [orientation, [angle, mirrored]] of Object.entries(turns)) {
      const turned = await sharp(mirrored === 1 ? await sharp(upright).flop().toBuffer() : upright)
        .rotate(angle)
        .withMetadata({ orientation: Number(orientation) })
        .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
        .toBuffer();
      expect(await difference(await cropOf(turned), expected), `orientation ${orientation}`).toBeLessThan(4);
    }
  });

  it.each([
    ['Display P3', () => drawPlain({ width: 600, height: 600 }, orange).withIccProfile('p3').png()],
    [
      '16-bit Display P3',
      () => drawPlain({ width: 600, height: 600 }, orange).toColourspace('rgb16').withIccProfile('p3').png(),
    ],
    ['16-bit', () => drawPlain({ width: 600, height: 600 }, orange).toColourspace('rgb16').png()],
    ['sRGB in WebP', () => drawPlain({ width: 600, height: 600 }, orange).webp({ lossless: true })],
    ['CMYK', () => drawPlain({ width: 600, height: 600 }, orange).withIccProfile('cmyk').jpeg({ quality: 100 })],
    ['progressive', () => drawPlain({ width: 600, height: 600 }, orange).jpeg({ quality: 100, progressive: true })],
  ])('keeps the colours of a photo in %s', async (name, picture) => {
    const middle = await middleOf(await cropOf(await picture().toBuffer()));
    // Ink has fewer colours: there and back again moves them by up to 22.
    const tolerance = name === 'CMYK' ? 24 : 4;
    const off = [orange.r, orange.g, orange.b].map((level, channel) => Math.abs(level - middle[channel]!));
    expect(Math.max(...off)).toBeLessThanOrEqual(tolerance);
  });

  it('makes three equal channels of a grey photo', async () => {
    const grey = await drawPlain({ width: 600, height: 600 }, orange).greyscale().png().toBuffer();
    const [red, green, blue] = await middleOf(await cropOf(grey));
    expect([green, blue]).toEqual([red, red]);
  });

  it('puts transparent pictures on white, the grey ones too', async () => {
    const clear = sharp({
      create: { width: 600, height: 600, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    });
    expect(await middleOf(await cropOf(await clear.clone().png().toBuffer()))).toEqual([255, 255, 255]);
    expect(await middleOf(await cropOf(await clear.greyscale().png().toBuffer()))).toEqual([255, 255, 255]);
  });

  it('cuts the middle, or where the interest is, as the recipe says', async () => {
    const wide = await drawScene({ width: 1500, height: 600 }).png().toBuffer();
    const centre = await cropOf(wide, { size: 512, strategy: 'centre' });
    const expected = await sharp(wide).resize(512, 512, { position: 'centre' }).png().toBuffer();
    expect(await difference(centre, expected)).toBeLessThan(1);
    expect(await difference(await cropOf(wide), centre)).toBeGreaterThan(10);
  });

  it('enlarges a small photo with a warning', async () => {
    const developed = await develop(await drawScene({ width: 300, height: 400 }).png().toBuffer(), recipe);
    expect(developed.verdict).toEqual({ kind: 'warning', reason: expect.stringContaining('small (300 × 400)') });
    expect(await sharp(developed.crop!.png).metadata()).toMatchObject({ width: 512, height: 512 });
  });

  it('warns of a blurred photo, one that is enlarged as little as a large one', async () => {
    const sharpOne = await drawScene({ width: 1200, height: 1200 }).png().toBuffer();
    const small = await drawScene({ width: 300, height: 300 }).png().toBuffer();
    const reasonOf = async (file: Buffer) => JSON.stringify((await develop(file, recipe)).verdict);
    expect(await reasonOf(await sharp(sharpOne).blur(8).png().toBuffer())).toContain('blurred: use a sharper photo');
    expect(await reasonOf(small)).not.toContain('blurred');
  });

  it('warns of a blown-out photo', async () => {
    const white = drawPlain({ width: 600, height: 600 }, { r: 255, g: 255, b: 253 });
    expect((await develop(await white.png().toBuffer(), recipe)).verdict).toEqual({
      kind: 'warning',
      reason: expect.stringMatching(/^blown out/),
    });
  });

  it('warns of a very long photo and of a very dark one, of both at once, the worse one first', async () => {
    const night = drawPlain({ width: 2600, height: 600 }, { r: 10, g: 10, b: 20 });
    const { verdict } = await develop(await night.png().toBuffer(), recipe);
    expect(verdict).toEqual({
      kind: 'warning',
      reason: expect.stringMatching(/^very dark: .*; very long \(2600 × 600\)/),
    });
  });

  it('counts the sides of a photo as it is seen upright', async () => {
    const lying = await drawScene({ width: 700, height: 200 }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect((await develop(lying, recipe)).verdict).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('too small (200 × 700, at least 256 needed)'),
    });
  });

  it('refuses too many pixels by the header, before any is decoded', async () => {
    const bomb = await drawPlain({ width: 300, height: 300 }, orange).png().toBuffer();
    bomb.writeUInt32BE(14_000, 16);
    bomb.writeUInt32BE(10_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect((await develop(bomb, recipe)).verdict).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/^too large \(14000 × 10000\): save it at half its width and height/),
    });
  });

  it.each(['jpeg', 'png', 'webp'] as const)(
    'refuses a %s whose end is missing, still naming it by its hash',
    async (format) => {
      const whole = await drawScene({ width: 600, height: 600 }).toFormat(format).toBuffer();
      const developed = await develop(whole.subarray(0, whole.length * 0.7), recipe);
      expect(developed.verdict).toEqual({ kind: 'refused', reason: expect.stringMatching(/^incomplete/) });
      expect(developed).toHaveProperty('sha256');
      expect(developed).not.toHaveProperty('crop');
    },
  );

  it('says that the end is missing also while others are decoded beside it, and not of a picture that is damaged', async () => {
    const whole = await drawScene({ width: 300, height: 300 }).jpeg().toBuffer();
    const damaged = await drawScene({ width: 600, height: 600 }).png().toBuffer();
    damaged.fill(0, 5000, 6000);
    const reasonsOf = async () => {
      const files = [whole, whole.subarray(0, whole.length / 2), damaged, whole];
      const developed = await Promise.all(files.map((file) => develop(file, recipe)));
      return developed.map(({ verdict }) =>
        verdict.kind === 'refused' ? verdict.reason.replace(/:.*/, '') : 'usable',
      );
    };
    for (let round = 0; round < 20; round += 1)
      expect(await reasonsOf()).toEqual(['usable', 'incomplete', 'damaged', 'usable']);
  });

  it('refuses an SVG that calls itself a photo', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><rect/></svg>');
    expect((await develop(svg, recipe)).verdict).toMatchObject({ kind: 'refused' });
  });
});
