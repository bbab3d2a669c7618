import { drawPortraits } from '../../playground/photos/portraits.ts';
import type { Upload } from '../../playground/discord/state/upload.ts';

/** Three sound photos of one person, small enough to be drawn and cropped in a moment. */
export const photos: readonly Upload[] = await drawPortraits({ count: 3, size: { width: 800, height: 600 } });

/** As the options of `/train` take them. */
export function attached(files: readonly Upload[]): Record<string, Upload> {
  return Object.fromEntries(files.map((file, index) => [`photo${index + 1}`, file]));
}
