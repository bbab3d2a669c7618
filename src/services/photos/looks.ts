/** Side of the square grey picture that `looksOf` reads, one byte a pixel: one more than the differences taken along it. */
export const looksSide = 9;

/**
 * 128-bit difference hash in hex: each bit says whether a pixel is brighter than its right or its lower neighbour.
 * Scaling, another compression or a little more light change few of its bits. Rightward differences alone (the usual 64)
 * take any two soft pictures with light in the middle for the same one.
 */
export function looksOf(grey: Uint8Array): string {
  let bits = 0n;
  for (let y = 0; y < looksSide - 1; y++) {
    for (let x = 0; x < looksSide - 1; x++) {
      const at = y * looksSide + x;
      bits = (bits << 2n) | (isBrighter(grey, at, at + 1) << 1n) | isBrighter(grey, at, at + looksSide);
    }
  }
  return bits.toString(16).padStart(32, '0');
}

function isBrighter(grey: Uint8Array, at: number, neighbour: number): bigint {
  return (grey[at] ?? 0) > (grey[neighbour] ?? 0) ? 1n : 0n;
}

/** How many of the 128 bits differ: 0 for the same picture, about 50 for two that have nothing in common. */
export function looksDistance(one: string, other: string): number {
  let differing = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  let count = 0;
  for (; differing !== 0n; differing &= differing - 1n) count++;
  return count;
}
