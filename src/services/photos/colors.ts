/*
 * What the numbers of a picture's pixels mean, and how they become sRGB (IEC 61966-2-1). Everything goes by way of XYZ as ICC
 * profiles have it, in the light of D50.
 */
import { apply, chain, diagonal, invert, transpose, type Matrix, type Vector } from './matrix.ts';
import type { Raster } from './photo.ts';

/** From what is stored to light, both between 0 and 1. */
export type Curve = (stored: number) => number;

export interface Colors {
  /** Of red, green and blue; a grey picture has three equal ones. */
  readonly curves: readonly [Curve, Curve, Curve];
  /** From the light of this red, green and blue to that of sRGB's. */
  readonly toSrgb: Matrix;
}

export const srgbCurve: Curve = (stored) => (stored <= 0.04045 ? stored / 12.92 : ((stored + 0.055) / 1.055) ** 2.4);

export function power(exponent: number): Curve {
  return (stored) => stored ** exponent;
}

function srgbInverse(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

type Chromaticity = readonly [x: number, y: number];

export interface Primaries {
  readonly white: Chromaticity;
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
}

export const srgbPrimaries: Primaries = {
  white: [0.3127, 0.329],
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
};

/** The white of D50 as profiles write it. */
const d50: Vector = [0.9642, 1, 0.8249];

const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** How the light of three colours becomes XYZ, their white becoming that of D50. */
function toXyz({ white, red, green, blue }: Primaries): Matrix {
  const colours = transpose([xyzOf(red), xyzOf(green), xyzOf(blue)]);
  const shares = apply(invert(colours), xyzOf(white));
  const seen = apply(bradford, xyzOf(white));
  const wanted = apply(bradford, d50);
  const adapt = diagonal([wanted[0] / seen[0], wanted[1] / seen[1], wanted[2] / seen[2]]);
  return [diagonal(shares), colours, bradford, adapt, invert(bradford)].reduce(chain);
}

function xyzOf([x, y]: Chromaticity): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

const fromXyz = invert(toXyz(srgbPrimaries));

export function colorsOf(curves: Colors['curves'], xyz: Primaries | Matrix): Colors {
  return { curves, toSrgb: chain('white' in xyz ? toXyz(xyz) : xyz, fromXyz) };
}

/** Of 255: what two ways of writing sRGB down differ by. */
const sameLevels = 2;
const samples = [0, 16, 32, 64, 128, 192, 255];

/** Whether pixels stay as they are, to the eye, when they are converted: by what colours do, whatever they are called. */
export function areSrgb(colours: Colors): boolean {
  return samples.every((red) =>
    samples.every((green) =>
      samples.every((blue) => {
        const seen = [red, green, blue] as const;
        const became = convert(colours, [red / 255, green / 255, blue / 255]);
        return seen.every((level, channel) => Math.abs(255 * (became[channel] ?? NaN) - level) <= sameLevels);
      }),
    ),
  );
}

/** Whether white is something like white: with a profile of garbage it seldom is. */
export function keepWhite(colours: Colors): boolean {
  return convert(colours, [1, 1, 1]).every((level) => level > 0.85);
}

function convert({ curves, toSrgb }: Colors, [red, green, blue]: Vector): Vector {
  const [r, g, b] = apply(toSrgb, [curves[0](red), curves[1](green), curves[2](blue)]);
  return [srgbInverse(clamp(r)), srgbInverse(clamp(g)), srgbInverse(clamp(b))];
}

const clamp = (light: number) => Math.max(0, Math.min(1, light));

/** Whether eight bits of these colours have too few steps in the dark to make sRGB's of them: those of linear light do. */
export function areCoarse({ curves }: Colors): boolean {
  return curves.some((curve) => 255 * srgbInverse(curve(1 / 255)) > 2);
}

/** A picture whose numbers are not sRGB yet: three channels of 8 or 16 bits. */
export interface ForeignRaster {
  readonly levels: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
}

/** Light in steps in which sRGB's darkest levels are 20 apart. */
const lightSteps = 65_536;
const levelOfLight = Uint8Array.from({ length: lightSteps + 1 }, (_, at) =>
  Math.round(255 * srgbInverse(at / lightSteps)),
);

export function toSrgb({ levels, width, height }: ForeignRaster, colours: Colors): Raster {
  const [red, green, blue] = colours.curves.map((curve) => tabulate(curve, levels));
  if (red === undefined || green === undefined || blue === undefined) throw new Error('Cannot convert: no curves');
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]] = colours.toSrgb;
  const pixels = Buffer.allocUnsafe(levels.length);
  for (let at = 0; at < levels.length; at += 3) {
    const r = red[levels[at] ?? 0] ?? 0;
    const g = green[levels[at + 1] ?? 0] ?? 0;
    const b = blue[levels[at + 2] ?? 0] ?? 0;
    pixels[at] = levelOf(rr * r + rg * g + rb * b);
    pixels[at + 1] = levelOf(gr * r + gg * g + gb * b);
    pixels[at + 2] = levelOf(br * r + bg * g + bb * b);
  }
  return { pixels, width, height };
}

/** Light of every level there can be. */
function tabulate(curve: Curve, levels: Uint8Array | Uint16Array): Float64Array {
  const count = 256 ** levels.BYTES_PER_ELEMENT;
  return Float64Array.from({ length: count }, (_, level) => curve(level / (count - 1)));
}

function levelOf(light: number): number {
  if (!(light > 0)) return 0;
  return light >= 1 ? 255 : (levelOfLight[Math.round(light * lightSteps)] ?? 255);
}
