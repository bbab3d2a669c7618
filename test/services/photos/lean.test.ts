import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { develop } from '../../../src/services/photos/develop.ts';
import { orientationIn, tiffOf } from '../../../src/services/photos/header.ts';
import { leanOf } from '../../../src/services/photos/lean.ts';
import { drawScene } from './draw.ts';

const formats = ['jpeg', 'png', 'webp'] as const;
let photos: Record<(typeof formats)[number], Buffer>;

beforeAll(async () => {
  const scene = await drawScene({ width: 400, height: 300 }).png().toBuffer();
  const [jpeg, png, webp] = await Promise.all([
    sharp(scene).jpeg().toBuffer(),
    sharp(scene).png().toBuffer(),
    sharp(scene).webp().toBuffer(),
  ]);
  photos = { jpeg, png, webp };
});

/** In a form that is compared quickly. */
async function pixelsOf(file: Buffer): Promise<string> {
  const { data, info } = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
  return `${info.width} × ${info.height}: ${createHash('sha256').update(data).digest('hex')}`;
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

const withSegments = (jpeg: Buffer, ...segments: readonly Buffer[]) =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

/** Directories that lead into one another, as many as fit: seconds of libexif's time for 62 kB. */
function costlyExif(): Buffer {
  const tags = 4000;
  const tiff = Buffer.alloc(62_000);
  tiff.write('II*\0\x08\0\0\0', 'latin1');
  tiff.writeUInt16LE(tags, 8);
  for (let at = 10; at < 10 + 12 * tags; at += 12) tiff.set([0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0], at);
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name, 'latin1'), data, Buffer.alloc(4)]);
}

const withChunks = (png: Buffer, ...chunks: readonly Buffer[]) =>
  Buffer.concat([png.subarray(0, 33), Buffer.concat(chunks), png.subarray(33)]);

function riff(...chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const written = chunks.map(([name, data]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.length);
    return Buffer.concat([Buffer.from(name, 'latin1'), length, data, Buffer.alloc(data.length % 2)]);
  });
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...written]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

const reasonOf = async (file: Buffer) => {
  const { verdict } = await develop(file, { size: 256, strategy: 'centre' });
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
};

describe('a photo without what is not its picture', () => {
  it.each(formats)('is the same picture, turned the same way: %s', async (format) => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const file = await sharp(photos[format]).withMetadata({ orientation }).toFormat(format).toBuffer();
      const lean = leanOf(file);
      expect(await pixelsOf(lean), `orientation ${orientation}`).toEqual(await pixelsOf(file));
      const { exif, orientation: told = 1 } = await sharp(lean).metadata();
      expect(told).toBe(orientation);
      expect(exif?.length ?? 0).toBeLessThanOrEqual(32);
    }
  });

  it.each(formats)('keeps its profile: %s', async (format) => {
    const file = await sharp(photos[format]).withIccProfile('p3').toFormat(format).toBuffer();
    expect((await sharp(leanOf(file)).metadata()).icc).toEqual((await sharp(file).metadata()).icc);
  });

  it('is the file itself where there is nothing to take out', () => {
    expect(leanOf(photos.png.subarray(0, 40))).toHaveLength(40);
    const plain = Buffer.from('no picture at all');
    expect(leanOf(plain)).toBe(plain);
  });

  it.each([
    ['progressive', () => sharp(photos.png).jpeg({ progressive: true })],
    ['in CMYK', () => sharp(photos.png).toColourspace('cmyk').jpeg()],
    ['grey', () => sharp(photos.png).greyscale().jpeg()],
  ])('is the same picture when it is %s', async (_, draw) => {
    const file = await draw().toBuffer();
    const full = withSegments(
      file,
      segment(0xe1, costlyExif()),
      segment(0xed, Buffer.alloc(9)),
      segment(0xfe, Buffer.alloc(9)),
    );
    expect(await pixelsOf(leanOf(full))).toEqual(await pixelsOf(file));
  });

  it.each([
    ['behind bytes of 0xff', Buffer.from([0xff, 0xff, 0xff])],
    ['behind a mark that has no length', Buffer.from([0xff, 0xd0])],
    ['behind stray bytes', Buffer.from([0xff, 0xe0, 0, 2, 1, 2, 0xff, 0, 3])],
  ])('has no EXIF that hides %s', (_, before) => {
    const lean = leanOf(withSegments(photos.jpeg, before, segment(0xe1, costlyExif())));
    expect(lean.includes('Exif')).toBe(false);
    expect(lean.length).toBeLessThanOrEqual(photos.jpeg.length + before.length);
  });

  it('leaves the texts of a PNG and the notes of a WebP out, and each of its marks but the first', () => {
    const text = chunk('zTXt', deflateRawSync(Buffer.alloc(9)));
    const gamma = chunk('gAMA', Buffer.alloc(4));
    const full = withChunks(photos.png, text, gamma, gamma, chunk('eXIf', costlyExif().subarray(6)));
    expect(leanOf(full).equals(leanOf(withChunks(photos.png, gamma)))).toBe(true);
    expect(leanOf(full).length).toBeLessThan(photos.png.length + 20);
    const pixels = photos.webp.subarray(20);
    const extended = Buffer.from([0x0c, 0, 0, 0, 0x8f, 1, 0, 0x2b, 1, 0]);
    const lean = leanOf(riff(['VP8X', extended], ['VP8 ', pixels], ['EXIF', costlyExif()], ['XMP ', Buffer.alloc(7)]));
    const rest = riff(['VP8X', Buffer.from([0, 0, 0, 0, 0x8f, 1, 0, 0x2b, 1, 0])], ['VP8 ', pixels]);
    expect(lean.equals(rest)).toBe(true);
  });
});

describe('a photo of absurdly many parts is refused before it is decoded', () => {
  const times = (count: number, part: Buffer) => Array.from({ length: count }, () => part);

  it.each([
    ['155 blocks of EXIF', () => withSegments(photos.jpeg, ...times(155, segment(0xe1, costlyExif())))],
    ['100000 comments', () => withSegments(photos.jpeg, ...times(100_000, segment(0xfe, Buffer.alloc(1))))],
    ['100000 blocks of any kind', () => withSegments(photos.jpeg, ...times(100_000, segment(0xe5, Buffer.alloc(0))))],
    ['100000 texts in a PNG', () => withChunks(photos.png, ...times(100_000, chunk('tEXt', Buffer.from('a\0b'))))],
    [
      'a million empty pieces of pixels',
      () => withChunks(photos.png, Buffer.concat(times(1_000_000, chunk('IDAT', Buffer.alloc(0))))),
    ],
    [
      '100000 chunks of a WebP',
      () => riff(...Array.from({ length: 100_000 }, () => ['ABCD', Buffer.alloc(2)] as const)),
    ],
  ])('%s', async (_, make) => {
    expect(await reasonOf(make())).toMatch(/^made of absurdly many parts .*: save it again/);
  });

  it('but not one with megabytes of previews, depth and notes, as phones write them', async () => {
    const xmp = Buffer.concat([Buffer.from('http://ns.adobe.com/xmp/extension/\0', 'latin1'), Buffer.alloc(65_000)]);
    const file = withSegments(photos.jpeg, segment(0xe1, costlyExif()), ...times(150, segment(0xe1, xmp)));
    expect(await reasonOf(Buffer.concat([file, Buffer.alloc(3_000_000, 7)]))).not.toMatch(/absurdly|damaged/);
  });
});

describe('the orientation in EXIF', () => {
  it('is read in both orders of bytes, short or long', () => {
    for (const value of [2, 6, 8]) {
      expect(orientationIn(tiffOf(value))).toBe(value);
      const little = Buffer.from('49492a00080000000100120103000100000000000000', 'hex');
      little.writeUInt16LE(value, 18);
      expect(orientationIn(little)).toBe(value);
      little.writeUInt16LE(4, 12);
      expect(orientationIn(little)).toBe(value);
    }
  });

  it.each(['', 'Exif\0\0', 'II*\0', 'II*\0\xff\xff\xff\xff', 'MM\0*\0\0\0\x08\xff\xff'])('is unknown in %j', (text) => {
    expect(orientationIn(Buffer.from(text, 'latin1'))).toBeUndefined();
  });
});
