import { extname } from 'node:path';
import sharp from 'sharp';
import { refuse } from '../errors.ts';
import type { Snowflake } from '../snowflake.ts';
import type { Attachment } from '../state/message.ts';
import type { Upload } from '../state/upload.ts';
import type { World } from '../world.ts';

export interface Destination {
  readonly channelId: Snowflake;
  readonly isEphemeral?: boolean;
  readonly description?: string | undefined;
}

// Discord goes by the name alone; a HEIC is a plain file to it, and so it has no type here.
const contentTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.zip': 'application/zip',
};

export async function createAttachment(world: World, file: Upload, to: Destination): Promise<Attachment> {
  if (file.bytes.byteLength > world.limits.attachmentBytes) {
    refuse(
      'tooLarge',
      `${file.name} has ${file.bytes.byteLength} bytes, and ${world.limits.attachmentBytes} is the limit`,
    );
  }
  const contentType = contentTypes[extname(file.name).toLowerCase()];
  return {
    id: world.newId(),
    channelId: to.channelId,
    name: file.name.replaceAll(/[^\w.-]+/g, '_'),
    bytes: file.bytes,
    contentType,
    size: contentType?.startsWith('image/') ? await measure(file.bytes) : undefined,
    description: to.description,
    isEphemeral: to.isEphemeral ?? false,
  };
}

/** Nothing for what only calls itself a picture. */
async function measure(bytes: Uint8Array): Promise<Attachment['size']> {
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { width, height };
  } catch {
    return undefined;
  }
}
