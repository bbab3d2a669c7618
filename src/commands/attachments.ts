import type { Attachment } from 'discord.js';
import type { PhotoSource } from '../services/photos/photo.ts';

/** Only Discord's own attachment objects become sources; nobody can type a link. */
export function sourceOf({ url, name, size }: Pick<Attachment, 'url' | 'name' | 'size'>): PhotoSource {
  return { url, name, sizeBytes: size };
}
