import { createHash } from 'node:crypto';
import { cropFramed, cropSquare, decode, shrinkSquare, thumbnailSide, toJpeg } from './crop.ts';
import { differenceHashOf } from './difference-hash.ts';
import { isCutShort } from './format.ts';
import { readHeader } from './header.ts';
import { judge } from './judge.ts';
import { leanOf } from './lean.ts';
import { mend } from './mend.ts';
import { PhotoRefusal, tooSlow, unreadable } from './photo-refusal.ts';
import type { CropRecipe, Framing, PreparedPhoto } from './photo.ts';
import { encodePng } from './png.ts';
import { judgedSide } from './sharpness.ts';

export type DevelopedPhoto = Pick<PreparedPhoto, 'verdict' | 'crop' | 'scene' | 'sha256' | 'looks'>;

/** One photo, from the bytes of a stranger to a crop and a verdict. Runs in the decoding process only. */
export async function develop(file: Buffer, recipe: CropRecipe, framing?: Framing): Promise<DevelopedPhoto> {
  const sha256 = createHash('sha256').update(file).digest('hex');
  try {
    return { sha256, ...(await cutAny(file, recipe, framing)) };
  } catch (error) {
    return { sha256, verdict: { kind: 'refused', reason: reasonOf(error, file) } };
  }
}

async function cutAny(given: Buffer, recipe: CropRecipe, framing?: Framing): Promise<Cut> {
  const file = leanOf(given);
  try {
    return await cutPhoto({ file, isMended: false }, recipe, framing);
  } catch (error) {
    const mended = error instanceof PhotoRefusal || isTimeout(error) ? undefined : mend(file);
    if (mended === undefined) throw error;
    // What could not be followed before it was put right may hold the notes of a camera.
    return cutPhoto({ file: leanOf(mended), isMended: true }, recipe, framing);
  }
}

type Cut = Omit<DevelopedPhoto, 'sha256'>;

interface Photo {
  readonly file: Buffer;
  /** Something around its pixels was put right. */
  readonly isMended: boolean;
}

async function cutPhoto({ file, isMended }: Photo, recipe: CropRecipe, framing?: Framing): Promise<Cut> {
  const header = await readHeader(file);
  const picture = await decode(file, header, recipe.size);
  const square = await (framing ? cropFramed(picture, recipe, framing) : cropSquare(picture, recipe));
  // Never enlarged for judging: what a small photo lacks is pixels, and that is another warning.
  const side = Math.min(judgedSide, header.width, header.height);
  const [png, judged] = await Promise.all([encodePng(square), shrinkSquare(square, side)]);
  const thumbnail = await shrinkSquare(judged, thumbnailSide);
  return {
    verdict: judge({ header, isMended, judged, thumbnail, size: recipe.size }),
    crop: { png, thumbnail: await toJpeg(thumbnail) },
    scene: { width: picture.width, height: picture.height, chosen: square.chosen },
    looks: differenceHashOf(picture),
  };
}

function reasonOf(error: unknown, file: Buffer): string {
  if (error instanceof PhotoRefusal) return error.reason;
  if (isTimeout(error)) return tooSlow;
  // Not by sharp's words: libvips keeps them for all threads together, and what is decoded beside it wipes them away.
  return isCutShort(file) ? 'incomplete: the end of the file is missing, so attach the original once more' : unreadable;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout');
}
