/* The ICC profile in a file, as it is there: the decoder keeps back one that it does not like. */
import { constants, inflateSync } from 'node:zlib';
import { pngChunks, webpChunks } from './chunks.ts';
import type { PictureFormat } from './format.ts';
import { segmentsOf } from './jpeg.ts';

/** No profile of cameras, phones or editors has more than a few kilobytes; those of printers have some megabytes. */
const maxBytes = 8 * 2 ** 20;

export function findProfile(file: Buffer, format: PictureFormat): Buffer | undefined {
  switch (format) {
    case 'JPEG':
      return joinParts(file);
    case 'PNG':
      return unpack([...pngChunks(file)].find(({ name }) => name === 'iCCP')?.data);
    case 'WebP':
      return [...webpChunks(file)].find(({ name }) => name === 'ICCP')?.data;
  }
}

const app2 = 0xe2;
const partName = 'ICC_PROFILE\0';

/** Its parts are numbered from 1. One that comes twice counts once, and behind one that is missing there is nothing to be had. */
function joinParts(jpeg: Buffer): Buffer | undefined {
  const parts = new Map<number, Buffer>();
  for (const { marker, data } of segmentsOf(jpeg)) {
    if (marker !== app2 || !data.subarray(0, partName.length).equals(Buffer.from(partName, 'latin1'))) continue;
    const number = data[partName.length] ?? 0;
    if (!parts.has(number)) parts.set(number, data.subarray(partName.length + 2));
  }
  const first = parts.has(0) ? 0 : 1;
  const joined: Buffer[] = [];
  for (let part = parts.get(first); part !== undefined; part = parts.get(first + joined.length)) joined.push(part);
  return joined.length === 0 ? undefined : Buffer.concat(joined);
}

/** A name, a zero, how it is packed, and the packed profile; where that is cut off, what there is of it. */
function unpack(chunk: Buffer | undefined): Buffer | undefined {
  if (chunk === undefined) return undefined;
  try {
    const packed = chunk.subarray(chunk.indexOf(0) + 2);
    return inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxBytes });
  } catch {
    return undefined;
  }
}
