import { pngChunks } from './chunks.ts';
import { areSrgb, type Colors } from './colors.ts';
import type { PictureFormat } from './format.ts';
import { codedColors, measuredColors } from './png-colors.ts';
import { findProfile, readProfile, type Profile } from './profile.ts';

/** How the colours of a photo become sRGB. Told by what they are, never by a name: linear light is called sRGB as well. */
export type ColorPath =
  /** They are sRGB already, or nothing readable says otherwise. */
  | { readonly kind: 'as-is' }
  /** Converted when the photo is small already: that looks the same and costs less. */
  | { readonly kind: 'after-resize'; readonly colours: Colors }
  /** Ink, and colours that are looked up in tables: rare, and Little CMS knows how. */
  | { readonly kind: 'by-decoder' };

export interface Pixels {
  readonly format: PictureFormat;
  /** As sharp names it. */
  readonly space: string;
}

export function colorPathOf(file: Buffer, { format, space }: Pixels): ColorPath {
  if (space === 'cmyk') return { kind: 'by-decoder' };
  const profile = readProfile(findProfile(file, format));
  const chunks = format === 'PNG' ? [...pngChunks(file)] : [];
  const coded = codedColors(chunks);
  if (coded) return pathOf(coded);
  if (profile !== undefined && fits(profile, space)) {
    return profile.kind === 'tables' ? { kind: 'by-decoder' } : pathOf(profile.colours);
  }
  const measured = measuredColors(chunks);
  return measured ? pathOf(measured) : { kind: 'as-is' };
}

function pathOf(colours: Colors): ColorPath {
  return areSrgb(colours) ? { kind: 'as-is' } : { kind: 'after-resize', colours };
}

/** Grey is in the colours of any profile, but there are no colours in one of grey. */
function fits({ kind, space }: Profile, pixels: string): boolean {
  const areGrey = pixels === 'b-w' || pixels === 'grey16';
  return areGrey ? kind === 'computed' || space === 'GRAY' : space === 'RGB ';
}
