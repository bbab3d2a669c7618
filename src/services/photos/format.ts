/*
 * What a file is, by its first bytes. Names and content types are claims of the sender, so they are never used.
 */

export type PictureFormat = 'JPEG' | 'PNG' | 'WebP';

interface Signature {
  readonly at: number;
  readonly bytes: string;
}

const pictures: readonly (Signature & { readonly format: PictureFormat })[] = [
  // Bytes that belong to nothing may stand before its first marker.
  { format: 'JPEG', at: 0, bytes: '\xff\xd8' },
  { format: 'PNG', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { format: 'WebP', at: 8, bytes: 'WEBP' },
];

export const heic =
  'a HEIC file, which cannot be read here: on an iPhone choose Settings → Camera → Formats → Most Compatible, on Android switch high efficiency pictures off in the camera app; or send a screenshot of it';

export const avif = 'an AVIF file: save it as JPEG or PNG, or send a screenshot of it';

export const video = 'a video: send a screenshot of a good moment instead';

/** What people attach by mistake, each with the way out. ISO media files name their brand at offset 8. */
const strangers: readonly (Signature & { readonly reason: string })[] = [
  ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'].map((brand) => ({
    at: 4,
    bytes: `ftyp${brand}`,
    reason: heic,
  })),
  { at: 4, bytes: 'ftypavif', reason: avif },
  { at: 4, bytes: 'ftyp', reason: video },
  { at: 0, bytes: '\x1a\x45\xdf\xa3', reason: video },
  ...['GIF87a', 'GIF89a'].map((bytes) => ({
    at: 0,
    bytes,
    reason: 'a GIF, not a JPEG, PNG or WebP picture: send a photo instead',
  })),
  { at: 0, bytes: 'II*\0', reason: 'a TIFF or raw camera file: save it as JPEG or PNG' },
  { at: 0, bytes: 'MM\0*', reason: 'a TIFF or raw camera file: save it as JPEG or PNG' },
  { at: 0, bytes: '%PDF', reason: 'a PDF document, not a picture: send the photos themselves' },
  {
    at: 0,
    bytes: 'PK\x03\x04',
    reason: 'a zip archive by another name: give it one that ends in “.zip” and attach it again',
  },
];

const bmp = 'a BMP file: save it as JPEG or PNG';

/** Two letters begin a sentence as well: behind them stand a length, four zeros, a place, and the length of the header. */
function isBmp(head: string): boolean {
  return head.startsWith('BM') && head.startsWith('\0\0\0\0', 6) && head.startsWith('\0\0\0', 15);
}

/** What nothing is known of: it may be anything. */
const notAPicture = 'not a JPEG, PNG or WebP picture, whatever its name says: save it as JPEG or PNG';

/** Whether a file begins like a zip archive: with an entry, or with the directory of an empty one. */
export function isZip(file: Uint8Array): boolean {
  const head = Buffer.from(file.subarray(0, 4)).toString('latin1');
  return head === 'PK\x03\x04' || head === 'PK\x05\x06';
}

/** The format of a file, or why it cannot be used. Looks at the first bytes only: the rest may still be damaged. */
export function recognise(file: Uint8Array): { readonly format: PictureFormat } | { readonly reason: string } {
  if (file.length === 0) return { reason: 'an empty file: attach the photo again' };
  const head = Buffer.from(file.subarray(0, 64)).toString('latin1');
  const starts = ({ at, bytes }: Signature) => head.startsWith(bytes, at);
  const picture = pictures.find(starts);
  if (picture !== undefined) return { format: picture.format };
  return { reason: isBmp(head) ? bmp : (strangers.find(starts)?.reason ?? notAPicture) };
}

/** Cameras write some bytes after the end of a picture. */
const longestTrailer = 1024;

/** Whether the end of a picture is missing. For one that could not be decoded: others have strange ends as well. */
export function isCutShort(file: Buffer): boolean {
  const recognised = recognise(file);
  const endsWith = (end: string) => file.subarray(-longestTrailer).includes(end, 'latin1');
  switch ('format' in recognised ? recognised.format : undefined) {
    case 'JPEG':
      return !endsWith('\xff\xd9');
    case 'PNG':
      return !endsWith('IEND');
    case 'WebP':
      return file.length < file.readUInt32LE(4) + 8;
    case undefined:
      return false;
  }
}
