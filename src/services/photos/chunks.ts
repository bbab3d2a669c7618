/* The outer form of PNG (ISO/IEC 15948) and WebP: chunks, each a name, a length and what it holds. */
import { crc32 } from 'node:zlib';

export interface Chunk {
  readonly name: string;
  readonly data: Buffer;
}

export interface PngChunk extends Chunk {
  /** Whether its checksum is right. */
  readonly isSound: boolean;
}

/** Of a PNG, those before its pixels. */
export function* pngChunks(png: Buffer): Generator<PngChunk> {
  for (let at = 8; at + 12 <= png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    if (name === 'IDAT') return;
    const isSound = end + 4 <= png.length && crc32(png.subarray(at + 4, end)) === png.readUInt32BE(end);
    yield { name, data: png.subarray(at + 8, end), isSound };
    at = end + 4;
  }
}

export function* webpChunks(webp: Buffer): Generator<Chunk> {
  for (let at = 12; at + 8 <= webp.length;) {
    const length = webp.readUInt32LE(at + 4);
    yield { name: webp.toString('latin1', at, at + 4), data: webp.subarray(at + 8, at + 8 + length) };
    at += 8 + length + (length % 2);
  }
}
