import { crc32 } from 'node:zlib';
import type { Random } from '../playground/random.ts';

/* What happens to files, and what people do to them on purpose. Each takes a sound file and gives a damaged one. */

export type Damage = (file: Buffer, random: Random) => Buffer;

const upTo = (random: Random, limit: number) => Math.floor(random() * limit);

const truncate: Damage = (file, random) => Buffer.from(file.subarray(0, upTo(random, file.length)));

const flipBits: Damage = (file, random) => {
  const damaged = Buffer.from(file);
  for (let left = 1 + upTo(random, 40); left > 0; left--) {
    const at = upTo(random, damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << upTo(random, 8));
  }
  return damaged;
};

/** Where headers are, so that more than the pixels is hit. */
const flipHeader: Damage = (file, random) =>
  Buffer.concat([flipBits(file.subarray(0, 200), random), file.subarray(200)]);

const overwrite: Damage = (file, random) => {
  const damaged = Buffer.from(file);
  const start = upTo(random, file.length);
  const end = Math.min(file.length, start + upTo(random, 2000));
  for (let at = start; at < end; at++) damaged[at] = upTo(random, 256);
  return damaged;
};

const zero: Damage = (file, random) => {
  const start = upTo(random, file.length);
  return Buffer.from(file).fill(0, start, Math.min(file.length, start + upTo(random, 4096)));
};

const swapPieces: Damage = (file, random) => {
  const [one = 0, two = 0, three = 0] = [1, 2, 3].map(() => upTo(random, file.length)).toSorted((a, b) => a - b);
  const pieces = [file.subarray(0, one), file.subarray(two, three), file.subarray(one, two), file.subarray(three)];
  return Buffer.concat(pieces);
};

const repeatPiece: Damage = (file, random) => {
  const start = upTo(random, file.length);
  const end = start + upTo(random, 3000);
  return Buffer.concat([file.subarray(0, end), file.subarray(start, end), file.subarray(end)]);
};

/** Exchanges what the second byte of two JPEG markers says, or the names of two PNG or WebP chunks. */
const swapMarkers: Damage = (file, random) => {
  const damaged = Buffer.from(file);
  const marks: number[] = [];
  for (let at = 2; at < file.length - 8; at++) {
    const isMarker = file[at] === 0xff && (file[at + 1] ?? 0) >= 0xc0 && file[at + 1] !== 0xff;
    if (
      isMarker ||
      /^(IHDR|IDAT|PLTE|IEND|iCCP|tEXt|VP8[ LX]|ICCP|EXIF|ALPH)$/.test(file.toString('latin1', at, at + 4))
    )
      marks.push(at);
  }
  const [one, other] = [marks[upTo(random, marks.length)], marks[upTo(random, marks.length)]];
  if (one === undefined || other === undefined) return flipHeader(file, random);
  const length = file[0] === 0xff ? 2 : 4;
  file.copy(damaged, one, other, other + length);
  file.copy(damaged, other, one, one + length);
  return damaged;
};

/** Another size in the header than the pixels have: some below every limit, some bombs. */
const lie: Damage = (file, random) => {
  const damaged = Buffer.from(file);
  const side = () => 1 + upTo(random, random() < 0.5 ? 7000 : 65_000);
  if (file[0] === 0x89) {
    damaged.writeUInt32BE(side(), 16);
    damaged.writeUInt32BE(side(), 20);
    damaged.writeUInt32BE(crc32(damaged.subarray(12, 29)), 29);
    return damaged;
  }
  const frame = findFrame(damaged);
  if (frame === undefined) return webpOf(side() % 16_383, side() % 16_383);
  damaged.writeUInt16BE(side(), frame + 5);
  damaged.writeUInt16BE(side(), frame + 7);
  return damaged;
};

function findFrame(jpeg: Buffer): number | undefined {
  const at = [0xc0, 0xc2].map((marker) => jpeg.indexOf(Buffer.from([0xff, marker]))).filter((index) => index !== -1);
  return jpeg[0] === 0xff && at.length > 0 ? Math.min(...at) : undefined;
}

/** A WebP of 38 bytes that declares a size and has no pixels. */
function webpOf(width: number, height: number): Buffer {
  const webp = Buffer.alloc(38);
  webp.write('RIFF', 0, 'latin1');
  webp.writeUInt32LE(30, 4);
  webp.write('WEBPVP8L', 8, 'latin1');
  webp.writeUInt32LE(18, 16);
  webp[20] = 0x2f;
  webp.writeUInt32LE(((width & 0x3fff) | ((height & 0x3fff) << 14)) >>> 0, 21);
  return webp;
}

const strangers = [
  '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><image href="file:///etc/passwd"/></svg>',
  '<!doctype html><script>alert(1)</script>',
  'PK\x03\x04\x14\0\0\0\0\0',
  '%PDF-1.7\n1 0 obj',
  'GIF89a\x01\0\x01\0',
  '\0\0\0\x18ftypheic',
  'II*\0\x08\0\0\0',
];

/** Two kinds of file in one: another one before it, behind it, or its head alone on another one's body. */
const graft: Damage = (file, random) => {
  const other = Buffer.from(strangers[upTo(random, strangers.length)] ?? '', 'latin1');
  const where = upTo(random, 3);
  if (where === 0) return Buffer.concat([other, file]);
  if (where === 1) return Buffer.concat([file, other]);
  return Buffer.concat([file.subarray(0, 4 + upTo(random, 40)), other, file.subarray(60)]);
};

export const damages: Readonly<Record<string, Damage>> = {
  truncate,
  flipBits,
  flipHeader,
  overwrite,
  zero,
  swapPieces,
  repeatPiece,
  swapMarkers,
  lie,
  graft,
};
