/** Of 255. Both figures are a careful guess, not yet set by a collection of dark photos: they only ever warn. */
const darkLevel = 56;
const brightShare = 0.1;

/** Whether even the bright parts of a picture (8-bit RGB) are dark: a lit face in the night is not. */
export function isDark(rgb: Uint8Array): boolean {
  let bright = 0;
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    // Rec. 709 luma: what the eye makes of red, green and blue.
    const luma = 0.2126 * (rgb[at] ?? 0) + 0.7152 * (rgb[at + 1] ?? 0) + 0.0722 * (rgb[at + 2] ?? 0);
    if (luma > darkLevel) bright++;
  }
  return bright < (rgb.length / 3) * brightShare;
}
