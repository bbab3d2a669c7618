/*
 * How sharp the sharpest parts of a picture are, whatever its light and contrast, in spite of grain.
 *
 * Light that changes by `h` across an edge does so in one pixel when the edge is hard, in many when it is soft. So the steps
 * between neighbours are compared with those between pixels four apart: squared and summed over a tile, their quotient
 * is 1/16 on a soft ramp, 4/16 on a hard edge, more on thin lines. Grain adds to both sums what it adds to the mixed
 * difference of four neighbours, to which a straight edge adds nothing; that is taken off again.
 */
import type { Raster } from './photo.ts';

/**
 * Pictures are judged at this side, so that the verdict does not depend on the method. The pictures that set the limits
 * are listed in docs/photos.md.
 */
export const judgedSide = 512;
/** Below it a picture is called blurred: about a Gaussian blur of more than 1.2 pixels at 512 × 512. */
const blurredBelow = 1.65;

const tileSide = 32;
const apart = 4;
/** Every second row is looked at: half the time, the same verdicts. */
const rowStep = 2;
const samples = tileSide ** 2 / rowStep;
/** Of all tiles; a face before a soft background has more. Fewer, and the corner of a printed word would do. */
const sharpestShare = 0.03;
/** A tile says something when its steps have this share of the picture's variance; an even wall is neither sharp nor soft. */
const contrastShare = 0.1;

export function isBlurred(picture: Raster): boolean {
  return sharpnessOf(picture) < blurredBelow;
}

/** 1 for a soft picture, 2.3 and more for a sharp one; 0 when too little of it has an edge. */
export function sharpnessOf(picture: Raster): number {
  const light = lightOf(picture);
  const { width } = light;
  const tiles = tilesOf(picture).map((start) => ({ start, grain: grainOf(light, start) }));
  const contrast = contrastShare * Math.max(1, varianceOf(light));
  const slopeOf = ({ start, grain }: Tile, step: number) => {
    const far = differenceOf(light, start, apart * step) - grain;
    return far < contrast ? 0 : (apart ** 2 * (differenceOf(light, start, step) - grain)) / far;
  };
  // Across, down, and both diagonals. A photo that moved is sharp along its movement: the softest direction counts.
  const softest = [1, width, 1 + width, 1 - width].map((step) => {
    const slopes = tiles.map((tile) => slopeOf(tile, step)).toSorted((one, other) => other - one);
    return slopes[Math.ceil(tiles.length * sharpestShare)] ?? 0;
  });
  return Math.min(...softest);
}

interface Light {
  readonly levels: Float32Array;
  readonly width: number;
}

interface Tile {
  /** Index of its first pixel. */
  readonly start: number;
  readonly grain: number;
}

function lightOf({ pixels, width }: Raster): Light {
  const levels = new Float32Array(pixels.length / 3);
  for (let at = 0, from = 0; at < levels.length; at++, from += 3) {
    levels[at] = 0.2 * (pixels[from] ?? 0) + 0.7 * (pixels[from + 1] ?? 0) + 0.1 * (pixels[from + 2] ?? 0);
  }
  return { levels, width };
}

/** Every 37th pixel is enough; a step that divides the width would see single columns only. */
function varianceOf({ levels }: Light): number {
  let [count, sum, squares] = [0, 0, 0];
  for (let at = 0; at < levels.length; at += 37) {
    const level = levels[at] ?? 0;
    count++;
    sum += level;
    squares += level * level;
  }
  return squares / count - (sum / count) ** 2;
}

/** Of whole tiles, so far from the border that all four directions stay inside. */
function tilesOf({ width, height }: Raster): number[] {
  const starts: number[] = [];
  for (let y = apart; y + tileSide + apart <= height; y += tileSide) {
    for (let x = apart; x + tileSide + apart <= width; x += tileSide) starts.push(y * width + x);
  }
  return starts;
}

/** Mean square of the difference between pixels of a tile and those `step` further on. */
function differenceOf({ levels, width }: Light, start: number, step: number): number {
  let sum = 0;
  for (let row = start; row < start + tileSide * width; row += width * rowStep) {
    for (let at = row; at < row + tileSide; at++) {
      const difference = (levels[at + step] ?? 0) - (levels[at] ?? 0);
      sum += difference * difference;
    }
  }
  return sum / samples;
}

/** What grain adds to such a mean square. Of two measures that are turned by 45° an edge adds to one at most. */
function grainOf(light: Light, start: number): number {
  const straight = mixedDifferenceOf(light, start, [1, light.width]);
  const turned = mixedDifferenceOf(light, start, [1 + light.width, 1 - light.width]);
  return Math.min(straight, turned) / 2;
}

function mixedDifferenceOf({ levels, width }: Light, start: number, [one, other]: readonly [number, number]): number {
  let sum = 0;
  for (let row = start; row < start + tileSide * width; row += width * rowStep) {
    for (let at = row; at < row + tileSide; at++) {
      const there = (levels[at + one + other] ?? 0) - (levels[at + other] ?? 0);
      const difference = there - (levels[at + one] ?? 0) + (levels[at] ?? 0);
      sum += difference * difference;
    }
  }
  return sum / samples;
}
