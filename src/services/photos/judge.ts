import type { Header } from './header.ts';
import { isBlownOut, isDark } from './exposure.ts';
import type { Verdict } from './photo.ts';
import type { Raster } from './raster.ts';
import { isBlurred } from './sharpness.ts';

/** A photo that could be read, in the forms in which it is looked at. */
export interface Reading {
  readonly header: Pick<Header, 'width' | 'height'>;
  /** It could be read only after something around its pixels had been put right. */
  readonly isMended?: boolean;
  /** The crop at the side at which sharpness is judged. */
  readonly judged: Raster;
  readonly thumbnail: Raster;
  /** Side of the crop that is sent. */
  readonly size: number;
}

/** One verdict for all that is to be said, what spoils a training most first. */
export function judge(reading: Reading): Verdict {
  const reasons = [lookOf(reading), ...shapeOf(reading), formOf(reading)].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? { kind: 'good' } : { kind: 'warning', reason: reasons.join('; ') };
}

/** Of a picture without light in it, or with nothing but light, sharpness cannot be told. */
function lookOf({ judged, thumbnail }: Reading): string | undefined {
  if (isDark(thumbnail)) return 'very dark: use a brighter photo if you have one';
  if (isBlownOut(thumbnail)) return 'blown out, its middle is plain white: use a darker photo if you have one';
  if (isBlurred(judged)) return 'blurred: use a sharper photo if you have one';
  return undefined;
}

function formOf({ isMended }: Reading): string | undefined {
  return isMended === true
    ? 'not a clean file: it could be read, so look whether all of the picture is there'
    : undefined;
}

function shapeOf({ header: { width, height }, size }: Reading): string[] {
  const seen = `${width} × ${height}`;
  const reasons: string[] = [];
  if (Math.min(width, height) < size) reasons.push(`small (${seen}): enlarged to ${size} × ${size}, so it is soft`);
  if (Math.max(width, height) > 3 * Math.min(width, height)) {
    reasons.push(`very long (${seen}): only a part of it fits into the square`);
  }
  return reasons;
}
