import type { Attachment } from 'discord.js';
import { fileName } from '../services/photos/file-name.ts';
import type { PhotoSource } from '../services/photos/photo.ts';

/** Only Discord's own attachment objects become sources; nobody can type a link. Its name is shown as one in an archive is. */
export function sourceOf({ url, name, size }: Pick<Attachment, 'url' | 'name' | 'size'>): PhotoSource {
  return { url, name: fileName(name), sizeBytes: size };
}
