import { randomUUID } from 'node:crypto';
import type { Upload } from '../../discord/state/upload.ts';

/** Files that somebody at the page has at hand, until they are sent. */
export interface Uploads {
  add(file: Upload): string;
  /** Throws for one that was never there or had to make room. */
  get(fileId: string): Upload;
}

/** Holds at most `mostBytes`, and lets the oldest go. */
export function createUploads(mostBytes: number): Uploads {
  const files = new Map<string, Upload>();
  let heldBytes = 0;

  function makeRoom(): void {
    for (const [fileId, { bytes }] of files) {
      if (heldBytes <= mostBytes) return;
      files.delete(fileId);
      heldBytes -= bytes.byteLength;
    }
  }

  return {
    add(file) {
      const fileId = randomUUID();
      files.set(fileId, file);
      heldBytes += file.bytes.byteLength;
      makeRoom();
      return fileId;
    },
    get(fileId) {
      const file = files.get(fileId);
      if (!file) throw new Error('Cannot find this file any more: add it once more');
      return file;
    },
  };
}
