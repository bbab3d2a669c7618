import type { SampleView, UploadAnswer, UploadRefusal } from '../../protocol.ts';
import { paths } from '../../protocol.ts';

/** A file on its way to a message, an option or a form. */
export interface DraftFile {
  /** Its own, however often the same file is taken. */
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  /** A picture to look at, where it is one. */
  readonly previewUrl: string | undefined;
  readonly upload:
    | { readonly state: 'going' }
    | { readonly state: 'there'; readonly fileId: string }
    | { readonly state: 'failed'; readonly why: string };
}

export function draftFromSample({ fileId, name, bytes, thumbnailUrl }: SampleView): DraftFile {
  return { key: crypto.randomUUID(), name, bytes, previewUrl: thumbnailUrl, upload: { state: 'there', fileId } };
}

export function draftFromFile({ name, size, type }: File, previewUrl: string): DraftFile {
  const isPicture = /^image\/(?:jpeg|png|webp|gif|avif)$/u.test(type);
  return {
    key: crypto.randomUUID(),
    name,
    bytes: size,
    previewUrl: isPicture ? previewUrl : undefined,
    upload: { state: 'going' },
  };
}

/** Never rejects: how it went stands in the result. */
export async function upload(file: File, largestBytes: number): Promise<DraftFile['upload']> {
  if (file.size > largestBytes) return failed(`It is larger than ${Math.floor(largestBytes / 2 ** 20)} MB`);
  try {
    const response = await fetch(`${paths.files}?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      body: file,
    });
    const answer = (await response.json()) as UploadAnswer | UploadRefusal; // The host's own words.
    return 'fileId' in answer ? { state: 'there', fileId: answer.fileId } : failed(answer.why);
  } catch {
    return failed('The playground does not answer');
  }
}

function failed(why: string): DraftFile['upload'] {
  return { state: 'failed', why };
}
