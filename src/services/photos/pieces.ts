import { createBreather } from '../../lib/breather.ts';

/** A millisecond's work for a checksum or a hash. */
const pieceBytes = 2 ** 20;

/** A file piece by piece, with time for everything else in between. */
export async function* inPieces(file: Buffer): AsyncGenerator<Buffer> {
  const breathe = createBreather();
  for (let at = 0; at < file.length; at += pieceBytes) {
    await breathe();
    yield file.subarray(at, at + pieceBytes);
  }
}
