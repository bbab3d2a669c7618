import { createHash } from 'node:crypto';
import type { Raster } from './raster.ts';
import { cutSquare, decode, toJpeg, toPng, toThumbnail } from './cut.ts';
import { readHeader, type Header } from './header.ts';
import { isDark } from './light.ts';
import { looksOf } from './looks.ts';
import type { CropRecipe, PreparedPhoto, Verdict } from './photo.ts';
import { PhotoRefusal, tooSlow, unreadable } from './refusal.ts';

export type DevelopedPhoto = Pick<PreparedPhoto, 'verdict' | 'crop' | 'sha256' | 'looks'>;

/** One photo, from the bytes of a stranger to a crop and a verdict. Runs in the decoding process only. */
export async function develop(file: Buffer, recipe: CropRecipe): Promise<DevelopedPhoto> {
  const sha256 = createHash('sha256').update(file).digest('hex');
  try {
    return { sha256, ...(await cutPhoto(file, recipe)) };
  } catch (error) {
    return { sha256, verdict: { kind: 'refused', reason: reasonOf(error) } };
  }
}

async function cutPhoto(file: Buffer, recipe: CropRecipe): Promise<Omit<DevelopedPhoto, 'sha256'>> {
  const header = await readHeader(file);
  const picture = await decode(file, header, recipe.size);
  const square = await cutSquare(picture, recipe);
  const [png, thumbnail] = await Promise.all([toPng(square), toThumbnail(square)]);
  return {
    verdict: judge(header, thumbnail, recipe.size),
    crop: { png, thumbnail: await toJpeg(thumbnail) },
    looks: looksOf(picture),
  };
}

function judge({ width, height }: Header, thumbnail: Raster, size: number): Verdict {
  const reasons: string[] = [];
  const seen = `${width} × ${height}`;
  if (Math.min(width, height) < size) reasons.push(`small (${seen}): enlarged to ${size} × ${size}, so it is soft`);
  if (Math.max(width, height) > 3 * Math.min(width, height)) {
    reasons.push(`very long (${seen}): only a part of it fits into the square`);
  }
  if (isDark(thumbnail.pixels)) reasons.push('very dark: use a brighter photo if you have one');
  return reasons.length === 0 ? { kind: 'good' } : { kind: 'warning', reason: reasons.join('; ') };
}

/** In sharp's words a file that ends too early is `premature end`, `libpng read error`, `truncated`. */
const endsEarly = /premature end|read error|truncated|end of (file|stream)|not enough data|unexpected eof/i;

function reasonOf(error: unknown): string {
  if (error instanceof PhotoRefusal) return error.reason;
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('timeout')) return tooSlow;
  if (endsEarly.test(message))
    return 'incomplete: the end of the file is missing, so send it again from where it is whole';
  return unreadable;
}
