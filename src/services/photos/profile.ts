/*
 * What an ICC profile says (ICC.1:2022: §7.2 header, §7.3 tag table, §10.6 curves, §10.18 parametric curves), read more kindly than
 * libpng and Little CMS read it. Phones write profiles whose length is off by some bytes, and what is asked of one here is
 * at most three curves and three colours.
 */
import { constants, inflateSync } from 'node:zlib';
import { pngChunks, webpChunks } from './chunks.ts';
import { colorsOf, keepWhite, power, srgbCurve, type Colors, type Curve } from './colors.ts';
import type { PictureFormat } from './format.ts';
import { segmentsOf } from './jpeg.ts';
import { transpose, type Vector } from './matrix.ts';

const headerBytes = 128;
const tagBytes = 12;
/** A tag of which more is missing says nothing; less is a length that somebody counted wrongly. */
const slackBytes = 4;

export type Profile =
  /** Colours that are computed by curves and a matrix: all of cameras, phones and editors. */
  | { readonly kind: 'computed'; readonly space: Space; readonly colours: Colors }
  /** Colours that are looked up, as printers and scanners have them: Little CMS knows how. */
  | { readonly kind: 'tables'; readonly space: Space };

type Space = 'RGB ' | 'GRAY';

/** What a profile says of pixels that are grey, or red, green and blue; nothing where it cannot be read or is for others. */
export function readProfile(icc: Buffer | undefined): Profile | undefined {
  if (icc === undefined || icc.length < headerBytes + 4 || icc.toString('latin1', 36, 40) !== 'acsp') return undefined;
  const space = icc.toString('latin1', 16, 20);
  if (space !== 'RGB ' && space !== 'GRAY') return undefined;
  if (['A2B0', 'A2B1', 'A2B2'].some((name) => findTag(icc, name) !== undefined)) return { kind: 'tables', space };
  const colours = space === 'GRAY' ? greyOf(icc) : colouredOf(icc);
  return colours && keepWhite(colours) ? { kind: 'computed', space, colours } : undefined;
}

function greyOf(icc: Buffer): Colors | undefined {
  const curve = readCurve(findTag(icc, 'kTRC')) ?? guessCurve(icc, 'kTRC');
  const isLight = icc.toString('latin1', 20, 24) === 'XYZ ';
  if (curve === undefined || !isLight) return undefined;
  // Light of one colour, the white: whatever three primaries are taken for it, grey stays grey.
  return {
    curves: [curve, curve, curve],
    toSrgb: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
}

function colouredOf(icc: Buffer): Colors | undefined {
  const red = readXyz(findTag(icc, 'rXYZ'));
  const green = readXyz(findTag(icc, 'gXYZ'));
  const blue = readXyz(findTag(icc, 'bXYZ'));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => readCurve(findTag(icc, name)));
  // The three are the same nearly always, so one that cannot be read is like one that can.
  const any = curves.find((curve) => curve !== undefined) ?? guessCurve(icc, 'rTRC');
  if (!red || !green || !blue || !any) return undefined;
  return colorsOf([curves[0] ?? any, curves[1] ?? any, curves[2] ?? any], transpose([red, green, blue]));
}

/**
 * A curve that the profile ends in, since it stands last: its primaries say how wide the colours are, and taking those for sRGB would be
 * the larger mistake.
 */
function guessCurve(icc: Buffer, signature: string): Curve | undefined {
  const place = placeOf(icc, signature);
  if (place === undefined || place.missing <= slackBytes) return undefined;
  const { tag } = place;
  if (tag.length >= 14 && typeOf(tag) === 'curv') return readSamples(withRest(tag)) ?? srgbCurve;
  const exponent = tag.length >= 16 && typeOf(tag) === 'para' ? fixed(tag, 12) : srgbExponent;
  return Math.abs(exponent - srgbExponent) < 0.1 ? srgbCurve : power(exponent);
}

const srgbExponent = 2.4;

/** Up to its top in a straight line, where most of a curve is there; of less it is no curve. */
function withRest(tag: Buffer): Buffer {
  const count = tag.readUInt32BE(8);
  const known = Math.floor((tag.length - 12) / 2);
  if (count > maxSamples || 2 * known < count) return tag;
  const whole = Buffer.concat([tag.subarray(0, 12 + 2 * known), Buffer.alloc(2 * (count - known))]);
  const from = tag.readUInt16BE(10 + 2 * known);
  for (let at = known; at < count; at++) {
    const share = (at + 1 - known) / (count - known);
    whole.writeUInt16BE(Math.round(from + (65_535 - from) * share), 12 + 2 * at);
  }
  return whole;
}

/** One for each number that 16 bits have. */
const maxSamples = 65_536;

/** Where a tag ends a few bytes behind the profile, something stands for them that changes next to nothing. */
function findTag(icc: Buffer, signature: string): Buffer | undefined {
  const place = placeOf(icc, signature);
  if (place === undefined || place.tag.length < 8 || place.missing > slackBytes) return undefined;
  // A curve ends at its top; of other numbers the last bytes are fractions.
  return Buffer.concat([place.tag, Buffer.alloc(place.missing, typeOf(place.tag) === 'curv' ? 0xff : 0)]);
}

/** What there is of a tag, and how many bytes of it the profile lacks. */
function placeOf(icc: Buffer, signature: string): { readonly tag: Buffer; readonly missing: number } | undefined {
  const count = Math.min(icc.readUInt32BE(headerBytes), Math.floor((icc.length - headerBytes - 4) / tagBytes));
  for (let at = headerBytes + 4; at < headerBytes + 4 + count * tagBytes; at += tagBytes) {
    if (icc.toString('latin1', at, at + 4) !== signature) continue;
    const [offset, length] = [icc.readUInt32BE(at + 4), icc.readUInt32BE(at + 8)];
    const tag = icc.subarray(offset, offset + length);
    return { tag, missing: length - tag.length };
  }
  return undefined;
}

function readXyz(tag: Buffer | undefined): Vector | undefined {
  if (tag === undefined || typeOf(tag) !== 'XYZ ' || tag.length < 20) return undefined;
  return [fixed(tag, 8), fixed(tag, 12), fixed(tag, 16)];
}

function readCurve(tag: Buffer | undefined): Curve | undefined {
  if (tag === undefined || tag.length < 12) return undefined;
  if (typeOf(tag) === 'curv') return readSamples(tag);
  return typeOf(tag) === 'para' ? readFormula(tag) : undefined;
}

function readSamples(tag: Buffer): Curve | undefined {
  const count = tag.readUInt32BE(8);
  if (count === 0) return (stored) => stored;
  const values = Array.from({ length: Math.floor((tag.length - 12) / 2) }, (_, at) => tag.readUInt16BE(12 + 2 * at));
  if (count === 1) return values[0] === undefined ? undefined : power(values[0] / 256);
  if (values.length < count) return undefined;
  return (stored) => {
    const at = stored * (count - 1);
    const low = values[Math.floor(at)] ?? 0;
    const high = values[Math.ceil(at)] ?? low;
    return (low + (high - low) * (at - Math.floor(at))) / 65_535;
  };
}

/** How many numbers each formula has; the first is the exponent. */
const parameters = [1, 3, 4, 5, 7];

function readFormula(tag: Buffer): Curve | undefined {
  const kind = tag.readUInt16BE(8);
  const count = parameters[kind];
  if (count === undefined || tag.length < 12 + 4 * count) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, at) =>
    fixed(tag, 12 + 4 * at),
  );
  const top = (stored: number) => Math.max(0, a * stored + b) ** g;
  if (kind === 0) return power(g);
  // The second and third have their corner where the line below the power reaches zero.
  if (kind === 1) return (stored) => (stored >= -b / a ? top(stored) : 0);
  if (kind === 2) return (stored) => (stored >= -b / a ? top(stored) + c : c);
  return (stored) => (stored >= d ? top(stored) + e : c * stored + f);
}

function typeOf(tag: Buffer): string {
  return tag.toString('latin1', 0, 4);
}

/** s15Fixed16Number. */
function fixed(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) / 65_536;
}

/* The ICC profile in a file, as it is there: the decoder keeps back one that it does not like. */
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
