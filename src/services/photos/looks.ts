/** The picture that `looksOf` reads: grey, one byte a pixel, each row one wider than the bits taken from it. */
export const looksWidth = 9;
export const looksHeight = 8;

/**
 * 64-bit difference hash in hex: each bit says whether a pixel is brighter than its right neighbour. Scaling, another
 * compression or a little more light change few of its bits.
 */
export function looksOf(grey: Uint8Array): string {
  let bits = 0n;
  for (let y = 0; y < looksHeight; y++) {
    for (let x = 0; x < looksWidth - 1; x++) {
      const at = y * looksWidth + x;
      bits = (bits << 1n) | ((grey[at] ?? 0) > (grey[at + 1] ?? 0) ? 1n : 0n);
    }
  }
  return bits.toString(16).padStart(16, '0');
}

/** How many of the 64 bits differ: 0 for the same picture, about 32 for two that have nothing in common. */
export function looksDistance(one: string, other: string): number {
  let differing = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  let count = 0;
  for (; differing !== 0n; differing &= differing - 1n) count++;
  return count;
}
