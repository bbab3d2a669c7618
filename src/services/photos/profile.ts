/*
 * The name inside an ICC profile (ICC.1:2022, §7.2 header, §7.3 tag table, §10.15 mluc; version 2 has textDescription).
 */

const headerBytes = 128;
const tagBytes = 12;

/**
 * Whether a profile says that it is sRGB, so that converting its pixels to sRGB would change nothing. An unknown or
 * unreadable name counts as another profile: that costs time, never colour.
 */
export function isSrgbProfile(icc: Buffer): boolean {
  return nameOf(icc)?.startsWith('sRGB') === true;
}

function nameOf(icc: Buffer): string | undefined {
  const tag = findTag(icc, 'desc');
  if (tag === undefined || tag.length < 28) return undefined;
  const type = tag.toString('latin1', 0, 4);
  if (type === 'desc') return tag.toString('latin1', 12, tag.length);
  if (type !== 'mluc') return undefined;
  // The first record is as good as any: what is looked for is the same in all languages. UTF-16, big endian.
  const offset = tag.readUInt32BE(24);
  const text = tag.subarray(offset, offset + tag.readUInt32BE(20));
  return Buffer.from(text.subarray(0, text.length - (text.length % 2)))
    .swap16()
    .toString('utf16le');
}

function findTag(icc: Buffer, signature: string): Buffer | undefined {
  if (icc.length < headerBytes + 4) return undefined;
  const count = Math.min(icc.readUInt32BE(headerBytes), Math.floor((icc.length - headerBytes - 4) / tagBytes));
  for (let at = headerBytes + 4; at < headerBytes + 4 + count * tagBytes; at += tagBytes) {
    if (icc.toString('latin1', at, at + 4) !== signature) continue;
    const offset = icc.readUInt32BE(at + 4);
    return icc.subarray(offset, offset + icc.readUInt32BE(at + 8));
  }
  return undefined;
}
