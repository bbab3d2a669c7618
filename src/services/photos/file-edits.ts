import { PhotoRefusal } from './photo-refusal.ts';

/** What is left of a file: goes through it from the front, and takes parts out. */
export interface FileEdits {
  drop(start: number, end: number): void;
  insert(at: number, bytes: Buffer): void;
  /** The file itself where nothing was changed. */
  join(): Buffer;
}

export function editsOf(file: Buffer): FileEdits {
  const kept: Buffer[] = [];
  let from = 0;
  return {
    drop: (start, end) => {
      kept.push(file.subarray(from, start));
      from = end;
    },
    insert: (at, bytes) => {
      kept.push(file.subarray(from, at), bytes);
      from = at;
    },
    join: () => (kept.length === 0 ? file : Buffer.concat([...kept, file.subarray(from)])),
  };
}

/** No camera and no editor comes near a hundredth of these: such a file was made to keep a decoder busy. */
export function tooManyParts(what: string): PhotoRefusal {
  return new PhotoRefusal(
    `made of absurdly many parts (${what}): save it again as an ordinary JPEG, or send a screenshot of it`,
  );
}
