import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, type Entry } from 'yauzl';

type Named = Pick<Entry, 'generalPurposeBitFlag' | 'fileNameRaw' | 'extraFields'>;

/** Paths are shorter on every system. What goes before is looked at by nothing. */
const longestPath = 1024;
const utf8Flag = 0x800;
const unicodePath = 0x7075;
const strict = new TextDecoder('utf-8', { fatal: true });

/**
 * The path of an entry, or the end of a long one, with `/` between its parts. It is UTF-8 when it can be, also where no
 * flag says so, else as old archives have it: wrong letters for some, and never a name less.
 */
export function pathOf(entry: Named): string {
  const bytes = lastBytes(nameBytes(entry));
  try {
    return strict.decode(bytes).replaceAll('\\', '/');
  } catch {
    const isUtf8 = (entry.generalPurposeBitFlag & utf8Flag) !== 0;
    if (isUtf8) return bytes.toString().replaceAll('\\', '/');
    // In Shift-JIS and its kin a backslash is also the second half of a letter.
    return getFileNameLowLevel(0, bytes, [], true).replaceAll(/(?<![^\0-\x7f])\\/g, '/');
  }
}

/** A field beside the name may have it in UTF-8, for the name that it names by its checksum. */
function nameBytes({ fileNameRaw, extraFields }: Named): Buffer {
  if (fileNameRaw.length > longestPath) return fileNameRaw;
  const data = extraFields.find(({ id }) => id === unicodePath)?.data;
  const isFor = data !== undefined && data.length > 5 && data[0] === 1 && data.readUInt32LE(1) === crc32(fileNameRaw);
  return isFor ? data.subarray(5) : fileNameRaw;
}

/** From the beginning of a letter on. */
function lastBytes(name: Buffer): Buffer {
  if (name.length <= longestPath) return name;
  const end = name.subarray(-longestPath);
  const start = end.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return end.subarray(Math.max(0, start));
}
