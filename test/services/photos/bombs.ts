import { constants, crc32, deflateRawSync } from 'node:zlib';
import sharp from 'sharp';

/** A file made to take a decoder's memory or time, or to be taken for something else. Its name always says JPEG. */
export interface Bomb {
  readonly what: string;
  readonly bytes: Buffer;
}

/** The side of the largest square that is still decoded where a pixel has eight bytes: 49 megapixels. */
const largest = 7000;
const mebibyte = 2 ** 20;

/** Every bomb, made anew: some take a second to pack and all of them are small when they are packed. */
export async function makeBombs(): Promise<readonly Bomb[]> {
  const small = sharp({ create: { width: 600, height: 600, channels: 3, background: '#456' } });
  const [jpeg, png, webp] = await Promise.all([
    small.clone().jpeg().toBuffer(),
    small.clone().png().toBuffer(),
    small.clone().webp().toBuffer(),
  ]);
  return [
    ...headersAlone(),
    ...(await largeOnes()),
    ...(await manyParts(jpeg, png)),
    ...polyglots(jpeg, png, webp),
    ...strangers(),
  ];
}

/** They declare a size and hold nothing of it. */
function headersAlone(): Bomb[] {
  return [
    { what: 'a WebP of 38 bytes that declares 16383 × 16383', bytes: webpHeader(16_383) },
    { what: 'a PNG that declares 2147483647 × 2147483647', bytes: pngOf({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 }) },
    { what: 'a PNG that declares 60000 × 60000', bytes: pngOf({ width: 60_000, height: 60_000 }) },
    { what: 'a PNG that declares 7000 × 7000 and ends', bytes: pngOf({ width: largest, height: largest }) },
    { what: 'a JPEG that declares 65500 × 65500', bytes: jpegHeader(65_500, 65_500) },
    { what: 'a JPEG that declares 300 × 65500', bytes: jpegHeader(300, 65_500) },
  ];
}

/** One colour, which a lossless WebP says once. */
const flatWebp = '524946461e000000574542505650384c110000002f57dbd5060750b31215b1ff8188e87f0000';

/** As many pixels as are taken, packed as tightly as their format allows. */
async function largeOnes(): Promise<Bomb[]> {
  const flat = sharp({ create: { width: largest, height: largest, channels: 3, background: '#468' } });
  const size = { width: largest, height: largest };
  // What is taken depends on what it costs: these are as large as the two kinds may be that cost least for a pixel.
  const huge = sharp({ create: { width: 14_000, height: 14_000, channels: 3, background: '#468' } });
  const wide = { width: 11_500, height: 11_500 };
  return [
    { what: 'a PNG of 49 megapixels', bytes: pngOf({ ...size, data: zeros(rowsOf(size, 3)) }) },
    {
      what: 'an interlaced PNG of 49 megapixels',
      bytes: pngOf({ ...size, colour: 6, interlaced: true, data: zeros(passesOf(size, 4)) }),
    },
    {
      what: 'an interlaced PNG of 49 megapixels with 16 bits',
      bytes: pngOf({ ...size, colour: 6, depth: 16, interlaced: true, data: zeros(passesOf(size, 8)) }),
    },
    {
      what: 'a CMYK JPEG of 49 megapixels',
      bytes: await flat.clone().toColourspace('cmyk').jpeg({ progressive: true }).toBuffer(),
    },
    { what: 'a JPEG of 196 megapixels', bytes: await huge.jpeg().toBuffer() },
    {
      what: 'an interlaced PNG of 132 megapixels',
      bytes: pngOf({ ...wide, interlaced: true, data: zeros(passesOf(wide, 3)) }),
    },
    { what: 'a lossless WebP of 38 bytes with 49 megapixels', bytes: Buffer.from(flatWebp, 'hex') },
    { what: 'a PNG strip of 256 × 190000', bytes: strip(256, 190_000) },
    { what: 'a PNG strip of 190000 × 256', bytes: strip(190_000, 256) },
  ];
}

function strip(width: number, height: number): Buffer {
  return pngOf({ width, height, data: zeros(rowsOf({ width, height }, 3)) });
}

/** A sound picture in which something that costs time or memory comes very often, or is very large when unpacked. */
async function manyParts(jpeg: Buffer, png: Buffer): Promise<Bomb[]> {
  const packed = zeros(200 * mebibyte);
  const text = chunk('tEXt', Buffer.from('a\0b'));
  const many = Array.from({ length: 50_000 }, () => text);
  return [
    { what: 'a JPEG with 5000 scans', bytes: await manyScans(5000) },
    { what: 'a JPEG with a profile of 16 MB of nothing', bytes: withSegments(jpeg, 0xe2, profileParts()) },
    { what: 'a JPEG whose EXIF leads in circles', bytes: withSegments(jpeg, 0xe1, [exifInCircles()]) },
    { what: 'a JPEG with 60000 EXIF entries', bytes: withSegments(jpeg, 0xe1, [exifWithEntries()]) },
    { what: 'a PNG with a profile that unpacks to 200 MB', bytes: withChunks(png, chunk('iCCP', named(packed))) },
    { what: 'a PNG with text that unpacks to 200 MB', bytes: withChunks(png, chunk('zTXt', named(packed))) },
    { what: 'a PNG with 50000 texts', bytes: withChunks(png, ...many) },
    {
      what: 'a PNG with EXIF that leads in circles',
      bytes: withChunks(png, chunk('eXIf', exifInCircles().subarray(6))),
    },
    { what: 'a WebP of 100 frames', bytes: await animation(100) },
  ];
}

/** Two formats in one file. */
function polyglots(jpeg: Buffer, png: Buffer, webp: Buffer): Bomb[] {
  const zip = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');
  const html = Buffer.from('<html><script src="http://169.254.169.254/"></script></html>');
  return [
    { what: 'a JPEG that is a zip as well', bytes: Buffer.concat([jpeg, zip]) },
    {
      what: 'a PNG with a web page in it',
      bytes: withChunks(png, chunk('tEXt', Buffer.concat([Buffer.from('x\0'), html]))),
    },
    { what: 'a WebP that goes on as a web page', bytes: Buffer.concat([webp, html]) },
    { what: 'a zip that goes on as a JPEG', bytes: Buffer.concat([Buffer.from('PK\x03\x04'), jpeg]) },
  ];
}

/** Formats that sharp could read, and that read files and addresses when they are read. */
function strangers(): Bomb[] {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd" width="9" height="9"/></svg>';
  return [
    { what: 'an SVG that names a file', bytes: Buffer.from(svg) },
    { what: 'an SVG behind an XML line', bytes: Buffer.from(`<?xml version="1.0"?>\n${svg}`) },
    { what: 'a PDF', bytes: Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n') },
    { what: 'a TIFF', bytes: Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), Buffer.alloc(200)]) },
    { what: 'a web page', bytes: Buffer.from('<!doctype html><img src="file:///etc/passwd">') },
    { what: 'a GIF', bytes: Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1') },
    { what: 'an empty file', bytes: Buffer.alloc(0) },
    { what: 'two bytes of a JPEG', bytes: Buffer.from([0xff, 0xd8]) },
  ];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface PngDraft extends Size {
  /** 2 is RGB, 6 has transparency as well. */
  readonly colour?: 2 | 6;
  readonly depth?: 8 | 16;
  readonly interlaced?: boolean;
  /** Packed. */
  readonly data?: Buffer;
}

function pngOf({ width, height, colour = 2, depth = 8, interlaced = false, data = Buffer.alloc(0) }: PngDraft): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Behind the header, where libpng looks for everything that is about the picture. */
function withChunks(png: Buffer, ...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

/** As profiles and packed texts begin: a name, and how it is packed. */
function named(packed: Buffer): Buffer {
  return Buffer.concat([Buffer.from('a\0\0', 'latin1'), packed]);
}

function rowsOf({ width, height }: Size, bytesPerPixel: number): number {
  return height * (1 + width * bytesPerPixel);
}

/** The seven passes of an interlaced PNG: where each begins and how far its pixels are apart. */
const passes = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

function passesOf({ width, height }: Size, bytesPerPixel: number): number {
  const sizes = passes.map(({ x, y, dx, dy }) =>
    rowsOf({ width: Math.ceil((width - x) / dx), height: Math.ceil((height - y) / dy) }, bytesPerPixel),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** So many zero bytes, packed a thousandfold. A packed mebibyte that ends on a byte can be repeated as it is. */
function zeros(bytes: number): Buffer {
  const whole = deflateRawSync(Buffer.alloc(mebibyte), { finishFlush: constants.Z_FULL_FLUSH });
  const rest = deflateRawSync(Buffer.alloc(bytes % mebibyte));
  const sum = Buffer.alloc(4);
  // Adler-32 of nothing but zeros.
  sum.writeUInt32BE((bytes % 65_521) * 65_536 + 1);
  const header = Buffer.from([0x78, 0xda]);
  return Buffer.concat([header, ...Array.from({ length: Math.floor(bytes / mebibyte) }, () => whole), rest, sum]);
}

function webpHeader(side: number): Buffer {
  const bytes = Buffer.alloc(38);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(30, 4);
  bytes.write('WEBPVP8 ', 8, 'latin1');
  bytes.writeUInt32LE(18, 16);
  bytes.set([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a], 20);
  bytes.writeUInt16LE(side, 26);
  bytes.writeUInt16LE(side, 28);
  return bytes;
}

function jpegHeader(width: number, height: number): Buffer {
  const frame = Buffer.from('ffd8ffc00011080000000003012200021101031101', 'hex');
  frame.writeUInt16BE(height, 7);
  frame.writeUInt16BE(width, 9);
  return Buffer.concat([frame, Buffer.from('ffda000c03010002110311003f00ffd9', 'hex')]);
}

/** The last scan of a progressive JPEG, again and again: each costs a pass over all that is there. */
async function manyScans(count: number): Promise<Buffer> {
  const picture = sharp({ create: { width: 2000, height: 2000, channels: 3, background: '#567' } });
  const jpeg = await picture.jpeg({ progressive: true }).toBuffer();
  const scan = jpeg.subarray(jpeg.lastIndexOf(Buffer.from([0xff, 0xda])), -2);
  return Buffer.concat([jpeg.subarray(0, -2), ...Array.from({ length: count }, () => scan), jpeg.subarray(-2)]);
}

function withSegments(jpeg: Buffer, marker: number, segments: readonly Buffer[]): Buffer {
  const written = segments.map((data) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...written, jpeg.subarray(2)]);
}

function profileParts(): Buffer[] {
  return Array.from({ length: 255 }, (_, index) =>
    Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([index + 1, 255]), Buffer.alloc(65_000)]),
  );
}

/** A directory whose next one is itself. */
function exifInCircles(): Buffer {
  const directory = Buffer.alloc(2 + 12 + 4);
  directory.writeUInt16LE(1, 0);
  directory.set([0x69, 0x87, 0x04, 0x00, 0x01, 0, 0, 0, 0x08, 0, 0, 0], 2);
  directory.writeUInt32LE(8, 14);
  return Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0', 'latin1'), directory]);
}

/** As many entries as fit, each of which claims four gigabytes. */
function exifWithEntries(): Buffer {
  const entries = Buffer.alloc(5000 * 12, Buffer.from('0e010200ffffffff08000000', 'hex'));
  const count = Buffer.from([0x60, 0xea]);
  return Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0', 'latin1'), count, entries, Buffer.alloc(4)]);
}

/** Frames that differ, or they would be stored as one. */
async function animation(frames: number): Promise<Buffer> {
  const [width, height] = [300, 300];
  const pixels = Buffer.alloc(width * height * 3 * frames);
  for (let frame = 0; frame < frames; frame++)
    pixels.fill(frame, frame * width * height * 3, (frame + 1) * width * height * 3);
  return sharp(pixels, { raw: { width, height: height * frames, channels: 3, pageHeight: height } })
    .webp({ effort: 0, quality: 1 })
    .toBuffer();
}
