/*
 * A photo without what is not its picture. Texts, previews and notes of cameras are read by libraries whose time grows with
 * whatever somebody has put there (a block of EXIF of 62 kB takes libexif four seconds), so the decoder meets none of
 * them: it gets the picture, its colours, and how it is turned. One pass over the file, by its lengths.
 */
import { recognise, type PictureFormat } from './format.ts';
import { leanJpeg } from './lean-jpeg.ts';
import { leanPng } from './lean-png.ts';
import { leanWebp } from './lean-webp.ts';

const ways: Readonly<Record<PictureFormat, (file: Buffer) => Buffer>> = {
  JPEG: leanJpeg,
  PNG: leanPng,
  WebP: leanWebp,
};

/** A damaged file stays as it is from where it cannot be followed. Throws `PhotoRefusal` for one of absurdly many parts. */
export function leanOf(file: Buffer): Buffer {
  const recognised = recognise(file);
  return 'format' in recognised ? ways[recognised.format](file) : file;
}
