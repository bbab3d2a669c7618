import { crc32, deflateRawSync } from 'node:zlib';

export interface ZippedFile {
  /** As bytes where they are no UTF-8: the flag that says so is then not set. */
  readonly name: string | Buffer;
  readonly bytes: Buffer;
  /** What its headers claim instead of the truth. */
  readonly lies?: Partial<Claims>;
  /** What the directory has beside the name. */
  readonly extra?: Buffer;
  readonly comment?: Buffer;
}

export interface Claims {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its own header stands. */
  readonly at: number;
}

const deflated = 8;
const utf8Names = 0x800;
const none = Buffer.alloc(0);

/** An archive as a zip program packs it, deflated; with lies, as nobody should. */
export function zipOf(files: readonly ZippedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, lies, extra = none, comment = none } of files) {
    const packed = lies?.method === 0 ? bytes : deflateRawSync(bytes);
    const truth = {
      flags: typeof name === 'string' ? utf8Names : 0,
      method: deflated,
      crc: crc32(bytes),
      packedSize: packed.length,
      size: bytes.length,
    };
    const claims = { ...truth, at, ...lies };
    const entry = Buffer.concat([localHeader(Buffer.from(name), claims), packed]);
    parts.push(entry);
    directory.push(directoryHeader({ name: Buffer.from(name), extra, comment }, claims));
    at += entry.length;
  }
  const list = Buffer.concat(directory);
  return Buffer.concat([...parts, list, endOfDirectory({ count: files.length, size: list.length, at })]);
}

function localHeader(name: Buffer, claims: Claims): Buffer {
  const head = [words(0x0403_4b50, 4), words(20, 2), common(claims), words(name.length, 2), words(0, 2)];
  return Buffer.concat([...head, name]);
}

interface Texts {
  readonly name: Buffer;
  readonly extra: Buffer;
  readonly comment: Buffer;
}

function directoryHeader({ name, extra, comment }: Texts, claims: Claims): Buffer {
  const head = [words(0x0201_4b50, 4), words(20, 2), words(20, 2), common(claims)];
  const lengths = [name, extra, comment].map(({ length }) => words(length, 2));
  return Buffer.concat([...head, ...lengths, Buffer.alloc(8), words(claims.at, 4), name, extra, comment]);
}

function common({ flags, method, crc, packedSize, size }: Claims): Buffer {
  return Buffer.concat([
    words(flags, 2),
    words(method, 2),
    words(0, 4),
    words(crc, 4),
    words(packedSize, 4),
    words(size, 4),
  ]);
}

function endOfDirectory({
  count,
  size,
  at,
}: {
  readonly count: number;
  readonly size: number;
  readonly at: number;
}): Buffer {
  return Buffer.concat([
    words(0x0605_4b50, 4),
    words(0, 4),
    words(count, 2),
    words(count, 2),
    words(size, 4),
    words(at, 4),
    words(0, 2),
  ]);
}

function words(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
