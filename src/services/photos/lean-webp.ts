import { editsOf, tooManyParts } from './file-edits.ts';
import { orientationIn, tiffOf } from './header.ts';

const kept = ['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ICCP', 'ANIM', 'ANMF'];
/** Frames of an animation are among them; only the first is looked at. */
const mostChunks = 5000;
/** In the second byte of the extended header, which says what else there is. */
const flags = { exif: 0x08, xmp: 0x04 };

export function leanWebp(file: Buffer): Buffer {
  const pieces = editsOf(file);
  const seen = new Set<string>();
  let chunks = 0;
  let exif: Buffer | undefined;
  // What stands behind the end that the file tells is not read by anybody.
  const told = Math.min(file.length, 8 + (file.length >= 12 ? file.readUInt32LE(4) : 0));
  for (let at = 12; at + 8 <= told;) {
    const length = file.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    const name = file.toString('latin1', at, at + 4);
    if (end > told) break;
    if (++chunks > mostChunks) throw tooManyParts(`more than ${mostChunks} blocks`);
    if (name === 'EXIF') exif ??= file.subarray(at + 8, at + 8 + length);
    if (!kept.includes(name) || seen.has(name)) pieces.drop(at, end);
    seen.add(name);
    at = end;
  }
  const orientation = exif && orientationIn(exif);
  const isExtended = file.toString('latin1', 12, 16) === 'VP8X' && file.length > 21;
  const lean = pieces.join();
  if (!isExtended) return lean === file ? file : resized(lean, lean.length - file.length, file);
  const added = orientation === undefined ? Buffer.alloc(0) : exifChunk(orientation);
  const whole = resized(Buffer.concat([lean, added]), lean.length + added.length - file.length, file);
  const without = (file[20] ?? 0) & ~(flags.exif | flags.xmp);
  whole[20] = orientation === undefined ? without : without | flags.exif;
  return whole;
}

/** What a file that was cut short lacks, it still lacks. */
function resized(webp: Buffer, byBytes: number, before: Buffer): Buffer {
  const copy = Buffer.from(webp);
  copy.writeUInt32LE(Math.min(Math.max(0, before.readUInt32LE(4) + byBytes), 2 ** 32 - 1), 4);
  return copy;
}

function exifChunk(orientation: number): Buffer {
  const tiff = tiffOf(orientation);
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1');
  head.writeUInt32LE(tiff.length, 4);
  return Buffer.concat([head, tiff]);
}
