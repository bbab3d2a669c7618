import type { Raster } from './photo.ts';

/** One more than the differences that are taken along it. */
const side = 9;
/** Of the pixels of a cell, on each axis: enough for a mean, without another pass through libvips (5 to 12 ms). */
const samples = 16;

/**
 * 128-bit difference hash in hex: each bit says whether a ninth of the picture is brighter than its right or its lower
 * neighbour. Scaling, another compression or a little more light change few of its bits. Rightward differences alone (the
 * usual 64) take any two soft pictures with light in the middle for the same one.
 */
export function differenceHashOf(picture: Raster): string {
  const light = lightOfCells(picture);
  let bits = 0n;
  for (let y = 0; y < side - 1; y++) {
    for (let x = 0; x < side - 1; x++) {
      const at = y * side + x;
      bits = (bits << 2n) | (isBrighter(light, at, at + 1) << 1n) | isBrighter(light, at, at + side);
    }
  }
  return bits.toString(16).padStart(32, '0');
}

function isBrighter(light: readonly number[], at: number, neighbour: number): bigint {
  return (light[at] ?? 0) > (light[neighbour] ?? 0) ? 1n : 0n;
}

/** Light of the cells of a grid, row by row: the sum of each one's samples. */
function lightOfCells({ pixels, width, height }: Raster): number[] {
  const cells = Array<number>(side * side).fill(0);
  const steps = side * samples;
  for (let step = 0; step < steps * steps; step++) {
    const [column, row] = [step % steps, Math.floor(step / steps)];
    const x = Math.floor(((column + 0.5) * width) / steps);
    const y = Math.floor(((row + 0.5) * height) / steps);
    const at = (y * width + x) * 3;
    const cell = Math.floor(row / samples) * side + Math.floor(column / samples);
    // Luma in whole numbers, so that an even surface has no brighter half.
    const luma = 2 * (pixels[at] ?? 0) + 7 * (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + luma;
  }
  return cells;
}

/** How many of the 128 bits differ: 0 for the same picture, about 50 for two that have nothing in common. */
export function hashDistance(one: string, other: string): number {
  let differing = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  let count = 0;
  for (; differing !== 0n; differing &= differing - 1n) count++;
  return count;
}
