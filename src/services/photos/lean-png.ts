import { crc32 } from 'node:zlib';
import { editsOf, tooManyParts } from './file-edits.ts';
import { orientationIn, tiffOf } from './header.ts';

/** What a picture is drawn by, of which there is one each. */
const kept = ['tRNS', 'sBIT', 'cHRM', 'gAMA', 'sRGB', 'iCCP', 'cICP'];
/** Pieces of pixels have 8 kB with most programs; texts and marks are a handful. */
const most = { pixels: 200_000, others: 2000 };

export function leanPng(file: Buffer): Buffer {
  const pieces = editsOf(file);
  const seen = new Set<string>();
  const count = { pixels: 0, others: 0 };
  let exif: Buffer | undefined;
  for (let at = headerStart; at + 12 <= file.length;) {
    const end = at + 12 + file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    if (name === 'IEND' || end > file.length) break;
    if (name === 'IDAT' && ++count.pixels > most.pixels)
      throw tooManyParts(`more than ${most.pixels} pieces of pixels`);
    if (isAncillary(file, at)) {
      if (++count.others > most.others) throw tooManyParts(`more than ${most.others} blocks of metadata`);
      if (name === 'eXIf') exif ??= file.subarray(at + 8, end - 4);
      if (!kept.includes(name) || seen.has(name)) pieces.drop(at, end);
      seen.add(name);
    }
    at = end;
  }
  const orientation = exif && orientationIn(exif);
  const lean = pieces.join();
  if (orientation === undefined) return lean;
  return Buffer.concat([lean.subarray(0, headerEnd), chunk('eXIf', tiffOf(orientation)), lean.subarray(headerEnd)]);
}

/** Behind the signature; the header has a fixed length. */
const headerStart = 8;
const headerEnd = 33;

/** A small first letter: a reader that does not know the chunk may skip it. */
function isAncillary(file: Buffer, at: number): boolean {
  return ((file[at + 4] ?? 0) & 0x20) !== 0;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
