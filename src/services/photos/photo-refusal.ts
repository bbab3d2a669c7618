/** This photo cannot be used. `reason` is the phrase that its verdict shows to people. */
export class PhotoRefusal extends Error {
  override readonly name = 'PhotoRefusal';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`Cannot use the photo: ${reason}`, options);
    this.reason = reason;
  }
}

/** For whole files, in an archive or by themselves. */
export function tooLarge(bytes: number, mostBytes: number): PhotoRefusal {
  return new PhotoRefusal(`too large (${mebibytes(bytes)} MB, at most ${mebibytes(mostBytes)}): attach a smaller copy`);
}

/** Rounded up, as people read sizes. */
export function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}

/** Found by the decoder, or by the process that had to end it: the member reads the same. */
export const tooSlow = 'too slow to read: save it again as an ordinary JPEG';
/** It took the decoding process with it, alone and beside others: trying again loses that process again. */
export const poisonous =
  'too much for the program that reads photos: save it again as an ordinary JPEG, or send a screenshot of it';
/** Not the photo's fault, as far as anybody can tell. */
export const skipped =
  'not looked at: the program that reads photos was ended several times or went wrong, so attach it again in a few minutes';
export const unreadable = 'damaged: it cannot be read, so save it again or send a screenshot of it';
