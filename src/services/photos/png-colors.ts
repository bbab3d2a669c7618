/*
 * What a PNG says of its colours apart from a profile: code points (cICP, ITU-T H.273), "sRGB", or gamma and
 * primaries by numbers (gAMA, cHRM). One that is damaged or impossible says nothing.
 */
import type { PngChunk } from './chunks.ts';
import { colorsOf, power, srgbCurve, srgbPrimaries, type Colors, type Curve, type Primaries } from './colors.ts';

const d65 = srgbPrimaries.white;
const bt601: Primaries = { white: d65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] };
const bt2020: Primaries = { white: d65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] };

const codedPrimaries = new Map<number | undefined, Primaries>([
  [1, srgbPrimaries],
  [5, { white: d65, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] }],
  [6, bt601],
  [7, bt601],
  [9, bt2020],
  [11, { white: [0.314, 0.351], red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] }],
  [12, { white: d65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] }],
]);

/** In high dynamic range, how bright white paper is (ITU-R BT.2408): what is brighter becomes white. */
const paperNits = 203;

/** Perceptual quantizer, SMPTE ST 2084. */
const quantizer: Curve = (stored) => {
  const root = stored ** (32 / 2523);
  const light = Math.max(0, root - 0.8359375) / (18.8515625 - 18.6875 * root);
  return (light ** (8192 / 1305) * 10_000) / paperNits;
};

/** Hybrid log-gamma, ITU-R BT.2100, on a screen of 1000 nits. */
const hybrid: Curve = (stored) => {
  const scene = stored <= 0.5 ? stored ** 2 / 3 : (Math.exp((stored - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return (scene ** 1.2 * 1000) / paperNits;
};

/** Pictures that say they have the curve of video are shown with that of sRGB. */
const codedCurves = new Map<number | undefined, Curve>([
  ...[1, 6, 13, 14, 15].map((code) => [code, srgbCurve] as const),
  [4, power(2.2)],
  [5, power(2.8)],
  [8, power(1)],
  [16, quantizer],
  [18, hybrid],
]);

/** What counts more than a profile. */
export function codedColors(chunks: readonly PngChunk[]): Colors | undefined {
  const data = find(chunks, 'cICP', 4);
  const primaries = codedPrimaries.get(data?.[0]);
  const curve = codedCurves.get(data?.[1]);
  // Other than red, green and blue in full range there cannot be in a PNG.
  const isRgb = data?.[2] === 0 && data[3] === 1;
  return primaries && curve && isRgb ? colorsOf([curve, curve, curve], primaries) : undefined;
}

/** What counts where there is no profile. */
export function measuredColors(chunks: readonly PngChunk[]): Colors | undefined {
  if (find(chunks, 'sRGB', 1)) return undefined;
  const gamma = find(chunks, 'gAMA', 4)?.readUInt32BE();
  const primaries = primariesIn(find(chunks, 'cHRM', 32));
  if (gamma === undefined && primaries === undefined) return undefined;
  const curve = gamma === undefined ? srgbCurve : curveOf(gamma / 100_000);
  return curve && colorsOf([curve, curve, curve], primaries ?? srgbPrimaries);
}

/** What programs write that mean sRGB, and no further from it than libpng lets it be. */
const [srgbGamma, sameGamma] = [0.45455, 0.05];

function curveOf(gamma: number): Curve | undefined {
  if (gamma < 0.1 || gamma > 3) return undefined;
  return Math.abs(gamma / srgbGamma - 1) <= sameGamma ? srgbCurve : power(1 / gamma);
}

function primariesIn(data: Buffer | undefined): Primaries | undefined {
  if (data === undefined) return undefined;
  const [white, red, green, blue] = [0, 8, 16, 24].map(
    (at) => [data.readUInt32BE(at) / 100_000, data.readUInt32BE(at + 4) / 100_000] as const,
  );
  if (!white || !red || !green || !blue) return undefined;
  const arePossible = [white, red, green, blue].every(([x, y]) => x >= 0 && y > 0 && x + y <= 1);
  return arePossible ? { white, red, green, blue } : undefined;
}

function find(chunks: readonly PngChunk[], name: string, bytes: number): Buffer | undefined {
  return chunks.find((chunk) => chunk.name === name && chunk.isSound && chunk.data.length === bytes)?.data;
}
