/* How a photo is turned, by the one tag of EXIF (a TIFF inside the picture) that is of use here. */

const orientationTag = 0x112;
const upright = 1;

/** 2 to 8; undefined for a photo that is upright, and where nothing that can be read says so. */
export function orientationIn(exif: Buffer): number | undefined {
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return undefined;
  const uint = (at: number, bytes: number) => {
    if (at + bytes > tiff.length) return 0;
    return order === 'II' ? tiff.readUIntLE(at, bytes) : tiff.readUIntBE(at, bytes);
  };
  const directory = uint(4, 4);
  const entries = Math.min(uint(directory, 2), Math.floor(tiff.length / 12));
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + 12 * index;
    if (uint(at, 2) !== orientationTag) continue;
    const value = uint(at + 8, uint(at + 2, 2) === 4 ? 4 : 2);
    return value > upright && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** A TIFF that says how a photo is turned, and nothing else. */
export function tiffOf(orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}
