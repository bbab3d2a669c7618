import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { develop } from '../../../src/services/photos/develop.ts';
import { difference, drawPlain, drawScene, middleOf } from './draw.ts';
import { formula, gamma, greyProfile, linear, primaries, profileOf, sampled } from './icc.ts';
import { jpegSegment, pngChunk, profileChunk, profilePart, webpWithProfile, withChunks, withSegments } from './wrap.ts';

const recipe = { size: 256, strategy: 'centre' } as const;
const side = { width: 400, height: 400 };
/** Taking another profile for sRGB moves it by 10 to 80. */
const orange = { r: 190, g: 120, b: 80 };

async function cropOf(file: Buffer): Promise<Buffer> {
  const { verdict, crop } = await develop(file, recipe);
  expect(verdict.kind).not.toBe('refused');
  return crop!.png;
}

/** What Little CMS makes of a sound file at full size. */
async function byLittleCms(file: Buffer): Promise<Buffer> {
  return sharp(file).toColourspace('srgb').resize(256, 256).png().toBuffer();
}

const expectNear = async (file: Buffer, expected: Buffer, levels = 1) => {
  expect(await difference(await cropOf(file), expected)).toBeLessThan(levels);
};

const inJpeg = (jpeg: Buffer, icc: Buffer) => withSegments(jpeg, profilePart(icc));
const vivid = () => drawScene(side).modulate({ saturation: 4 });
const jpegOf = async () => vivid().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
const pngOf = async () => vivid().png().toBuffer();

/** In how many ways phones and editors count wrongly. */
const lengths: Record<string, (icc: Buffer) => Buffer> = {
  'two bytes short': (icc) => icc.subarray(0, -2),
  'two bytes long': (icc) => Buffer.concat([icc, Buffer.alloc(2)]),
  'padded by three': (icc) => Buffer.concat([icc, Buffer.alloc(3)]),
  'padded, and counted so': (icc) => saying(Buffer.concat([icc, Buffer.alloc(3)]), icc.length + 3),
  'said to be two shorter': (icc) => saying(icc, icc.length - 2),
  'said to be two longer': (icc) => saying(icc, icc.length + 2),
  'said to be empty': (icc) => saying(icc, 0),
  'said to be 4 GB': (icc) => saying(icc, 2 ** 32 - 1),
};

function saying(icc: Buffer, length: number): Buffer {
  const bytes = Buffer.from(icc);
  bytes.writeUInt32BE(length);
  return bytes;
}

describe('a profile of another length than it says', () => {
  it.each(Object.keys(lengths))('keeps its wide colours in JPEG, PNG and WebP: %s', async (how) => {
    const [jpeg, png] = [await jpegOf(), await pngOf()];
    const webp = await sharp(png).webp({ lossless: true }).toBuffer();
    for (const colours of [primaries.p3, primaries.adobe]) {
      const icc = profileOf({ colours, curve: colours === primaries.p3 ? formula : gamma(2.2) });
      const wrong = lengths[how]!(icc);
      const expected = await byLittleCms(withChunks(png, profileChunk(icc)));
      expect(await difference(expected, await byLittleCms(png))).toBeGreaterThan(2);
      await expectNear(withChunks(png, profileChunk(wrong)), expected);
      await expectNear(webpWithProfile(webp, wrong, side), await byLittleCms(webpWithProfile(webp, icc, side)));
      await expectNear(inJpeg(jpeg, wrong), await byLittleCms(inJpeg(jpeg, icc)));
    }
  });

  it.each([5, 8, 16, 30])('keeps its wide colours where its curve lacks %i bytes', async (missing) => {
    const png = await pngOf();
    for (const curve of [formula, sampled()]) {
      const icc = profileOf({ curve });
      const expected = await byLittleCms(withChunks(png, profileChunk(icc)));
      await expectNear(withChunks(png, profileChunk(icc.subarray(0, -missing))), expected);
    }
  });

  it('is as good as sRGB where it is sRGB', async () => {
    const jpeg = await jpegOf();
    for (const change of Object.values(lengths)) {
      const icc = change(profileOf({ colours: primaries.srgb, curve: sampled() }));
      await expectNear(inJpeg(jpeg, icc), await byLittleCms(jpeg), 0.1);
    }
  });
});

describe('a profile that cannot be used', () => {
  const wide = profileOf();
  it.each([
    ['empty', [profilePart(Buffer.alloc(0))]],
    ['of garbage', [profilePart(Buffer.alloc(600, 0xa5))]],
    ['cut off', [profilePart(wide.subarray(0, 200))]],
    ['without its first part', [profilePart(wide.subarray(100), 2, 2)]],
    ['without its second part', [profilePart(wide.subarray(0, 150), 1, 3), profilePart(wide.subarray(300), 3, 3)]],
    ['of grey', [profilePart(greyProfile(gamma(1)))]],
    ['without a number', [jpegSegment(0xe2, Buffer.from('ICC_PROFILE\0', 'latin1'))]],
  ])('is dropped, and the photo taken for sRGB: one that is %s', async (_, segments) => {
    const jpeg = await jpegOf();
    await expectNear(withSegments(jpeg, ...segments), await byLittleCms(jpeg), 0.1);
  });

  it.each(['png', 'webp'] as const)('is dropped from a %s as well', async (format) => {
    const png = await pngOf();
    const webp = await sharp(png).webp({ lossless: true }).toBuffer();
    for (const icc of [Buffer.alloc(0), Buffer.alloc(600, 0xa5), wide.subarray(0, 200), greyProfile(gamma(1))]) {
      const file = format === 'png' ? withChunks(png, profileChunk(icc)) : webpWithProfile(webp, icc, side);
      await expectNear(file, await byLittleCms(format === 'png' ? png : webp), 0.1);
    }
  });

  it('is dropped where it is for ink and the photo is not, and where it is for light and the photo is ink', async () => {
    const jpeg = await jpegOf();
    const ink = await drawScene(side).withIccProfile('cmyk').jpeg({ quality: 95 }).toBuffer();
    const inkProfile = (await sharp(ink).metadata()).icc!;
    const parts = Array.from({ length: Math.ceil(inkProfile.length / 60_000) }, (_, at) =>
      inkProfile.subarray(at * 60_000, (at + 1) * 60_000),
    );
    const segments = parts.map((part, at) => profilePart(part, at + 1, parts.length));
    await expectNear(withSegments(jpeg, ...segments), await byLittleCms(jpeg), 0.1);
    const bare = await sharp(ink, { ignoreIcc: true }).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    for (const icc of [wide, Buffer.alloc(600, 0xa5), Buffer.alloc(0)]) {
      await expectNear(withSegments(bare, profilePart(icc)), await byLittleCms(bare), 0.1);
    }
  });

  it('is read from its parts in whatever order and however often they come', async () => {
    const jpeg = await jpegOf();
    const [one, two] = [profilePart(wide.subarray(0, 200), 1, 2), profilePart(wide.subarray(200), 2, 2)];
    const expected = await byLittleCms(inJpeg(jpeg, wide));
    for (const parts of [
      [two, one],
      [one, one, two],
      [one, two, two, one],
    ])
      await expectNear(withSegments(jpeg, ...parts), expected);
  });
});

/** Levels of one colour, as they are stored in light that is not curved. */
const lightOf = (level: number) =>
  level / 255 <= 0.04045 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4;

async function expectOrange(file: Buffer, levels: number): Promise<void> {
  const middle = await middleOf(await cropOf(file));
  const off = [orange.r, orange.g, orange.b].map((level, channel) => Math.abs(level - middle[channel]!));
  expect(Math.max(...off)).toBeLessThanOrEqual(levels);
}

/** The orange with each level stored as `store` says, in 8 or 16 bits. */
async function storedOrange(store: (level: number) => number, bits: 8 | 16): Promise<Buffer> {
  const stored = [orange.r, orange.g, orange.b].map((level) => Math.round(store(level) * (2 ** bits - 1)));
  const pixels = new (bits === 8 ? Uint8Array : Uint16Array)(Array.from({ length: 400 * 400 }, () => stored).flat());
  const picture = sharp(pixels, { raw: { ...side, channels: 3 } });
  return bits === 8 ? picture.png().toBuffer() : picture.toColourspace('rgb16').png().toBuffer();
}

const unsigned = (...numbers: readonly number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, at) => bytes.writeUInt32BE(number, 4 * at));
  return bytes;
};

describe('light that is stored as it is', () => {
  const name = 'sRGB-elle-V2-g10.icc';
  const icc = profileOf({ name, colours: primaries.srgb, curve: linear });

  it.each([8, 16] as const)('becomes sRGB from %i bits, though its profile is called sRGB', async (bits) => {
    await expectOrange(withChunks(await storedOrange(lightOf, bits), profileChunk(icc)), bits === 8 ? 2 : 1);
  });

  it('becomes the same picture as at full size, in the dark as well', async () => {
    const dark = await sharp(await pngOf())
      .linear(0.15, 0)
      .png()
      .toBuffer();
    const file = withChunks(dark, profileChunk(icc));
    await expectNear(file, await byLittleCms(file), 0.5);
  });

  it('becomes sRGB where PNG says so in numbers of its own', async () => {
    const gammaOne = pngChunk('gAMA', unsigned(100_000));
    for (const bits of [8, 16] as const) {
      await expectOrange(withChunks(await storedOrange(lightOf, bits), gammaOne), bits === 8 ? 2 : 1);
      const codes = pngChunk('cICP', Buffer.from([1, 8, 0, 1]));
      await expectOrange(withChunks(await storedOrange(lightOf, bits), codes), bits === 8 ? 2 : 1);
    }
  });

  it('becomes sRGB from grey, with a profile of grey or of colours', async () => {
    const light = Math.round(255 * lightOf(120));
    const grey = drawPlain(side, { r: light, g: light, b: light }).toColourspace('b-w');
    for (const profile of [greyProfile(gamma(1)), icc]) {
      for (const file of [
        withChunks(await grey.clone().png().toBuffer(), profileChunk(profile)),
        inJpeg(await grey.clone().jpeg({ quality: 100 }).toBuffer(), profile),
      ]) {
        const [red, green, blue] = await middleOf(await cropOf(file));
        expect([green, blue]).toEqual([red, red]);
        expect(Math.abs(red! - 120)).toBeLessThanOrEqual(2);
      }
    }
  });
});

describe('colours that a PNG says without a profile', () => {
  const srgbNumbers = unsigned(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000);
  const p3Numbers = unsigned(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
  const gammaOf = (value: number) => pngChunk('gAMA', unsigned(value));
  const sameAsSrgb: Record<string, Buffer[]> = {
    'sRGB by its chunk, whatever else is there': [pngChunk('sRGB', Buffer.from([0])), gammaOf(100_000)],
    'sRGB in numbers': [gammaOf(45_455), pngChunk('cHRM', srgbNumbers)],
    'no gamma': [gammaOf(0)],
    'an impossible gamma': [gammaOf(2 ** 31)],
    'impossible primaries': [pngChunk('cHRM', Buffer.alloc(32)), pngChunk('cHRM', Buffer.alloc(32, 0xff))],
    'codes of video that nobody knows': [pngChunk('cICP', Buffer.from([99, 99, 0, 1]))],
    'sRGB by codes, before a profile': [pngChunk('cICP', Buffer.from([1, 13, 0, 1])), profileChunk(profileOf())],
    'a damaged gamma': [gammaOf(100_000).fill(1, 8, 9)],
  };

  it.each(Object.keys(sameAsSrgb))('stay as they are: %s', async (what) => {
    const png = await pngOf();
    await expectNear(withChunks(png, ...sameAsSrgb[what]!), await byLittleCms(png), 0.1);
  });

  it('become sRGB from Display P3, by numbers or by codes', async () => {
    const png = await pngOf();
    const expected = await byLittleCms(withChunks(png, profileChunk(profileOf())));
    await expectNear(withChunks(png, pngChunk('cHRM', p3Numbers)), expected);
    await expectNear(withChunks(png, pngChunk('cICP', Buffer.from([12, 13, 0, 1]))), expected);
    // The profile counts more than the numbers.
    await expectNear(withChunks(png, gammaOf(100_000), profileChunk(profileOf())), expected);
  });

  it('become sRGB from a screen of high dynamic range, what is brighter than paper becoming white', async () => {
    // ITU-R BT.2408: paper of 203 nits is 58 % of the perceptual quantizer and 75 % of hybrid log-gamma.
    for (const [transfer, paper] of [[16, 0.58069] as const, [18, 0.75] as const]) {
      const codes = pngChunk('cICP', Buffer.from([1, transfer, 0, 1]));
      const level = async (stored: number) =>
        (await middleOf(await cropOf(withChunks(await storedOrange(() => stored, 16), codes))))[0]!;
      expect(await level(paper)).toBeGreaterThan(248);
      expect(await level(1)).toBe(255);
      expect(await level(paper * 0.7)).toBeLessThan(190);
    }
  });
});
