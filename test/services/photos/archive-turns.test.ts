import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { zipOf, type ZippedFile } from './zip.ts';
import { openArchive } from '../../../src/services/photos/archive.ts';
import { longestAllowedMs, longestTurnMs } from '../../longest-turn.ts';

const limits = { entries: 1000, directoryBytes: 4 * 2 ** 20, unpackedBytes: 400 * 2 ** 20, photoBytes: 20 * 2 ** 20 };
const longest = 65_535;
const begin = Buffer.from('\xff\xd8\xff', 'latin1');
const many = (count: number, make: (index: number) => Partial<ZippedFile>): Buffer =>
  zipOf(Array.from({ length: count }, (_, index) => ({ name: `${index}.jpg`, bytes: begin, ...make(index) })));

/** Of one kind, as many as there is room for. */
const fields = (id: number, data: Buffer): Buffer => {
  const field = Buffer.alloc(4 + data.length);
  field.writeUInt16LE(id, 0);
  field.writeUInt16LE(data.length, 2);
  data.copy(field, 4);
  return Buffer.concat(Array<Buffer>(Math.floor(longest / field.length)).fill(field));
};

const marks = '\u0301\u0323'.repeat(longest / 4);
/** Of a name that it is not, so that each is looked at in vain. */
const otherNames = fields(0x7075, Buffer.from([1, 0, 0, 0, 0, 0x61]));

const directories: [string, Partial<ZippedFile>][] = [
  ['slashes', { name: '/'.repeat(longest) }],
  ['backslashes', { name: '\\'.repeat(longest) }],
  ['dots and slashes', { name: './'.repeat(longest / 2) }],
  ['letters of an old character set', { name: Buffer.alloc(longest, 0x82) }],
  ['marks that take turns', { name: marks }],
  ['joiners', { name: '\u200d'.repeat(longest / 3) }],
  ['empty extra fields', { extra: Buffer.alloc(longest) }],
  ['extra fields that name it otherwise', { name: 'a'.repeat(longest), extra: otherNames }],
  ['comments', { comment: Buffer.alloc(longest, 0x2f) }],
];

describe('no turn of the event loop is long while an archive is read', () => {
  const opening = (file: Buffer) => () => openArchive({ name: 'a.zip', file }, limits).catch(() => undefined);

  it.each(directories)('whose files have %s', async (_what, file) => {
    // More than is read at all, and less.
    const [full, read] = [many(200, () => file), many(30, () => file)];
    expect(await longestTurnMs(opening(full), { runs: 2 })).toBeLessThan(longestAllowedMs);
    expect(await longestTurnMs(opening(read), { runs: 2 })).toBeLessThan(longestAllowedMs);
  });

  it('that lists as many files as can be, or all at one place', async () => {
    const crowd = many(longest, () => ({ lies: { method: 0 } }));
    expect(await longestTurnMs(opening(crowd), { runs: 2 })).toBeLessThan(longestAllowedMs);
    const shared = many(1000, () => ({ lies: { at: 0 } }));
    expect(await longestTurnMs(opening(shared), { runs: 2 })).toBeLessThan(longestAllowedMs);
  });

  it('whose files begin with more than they hold', async () => {
    const bytes = Buffer.alloc(2 ** 21);
    const swollen = many(20, () => ({ bytes }));
    expect(await longestTurnMs(opening(swollen), { runs: 2 })).toBeLessThan(longestAllowedMs);
  });

  it.each([0, 8])('whose pictures are as large as they may be, packed by method %i', async (method) => {
    const bytes = Buffer.concat([begin, randomBytes(19 * 2 ** 20)]);
    const file = many(2, () => ({ bytes, lies: { method } }));
    const unpacking = async () => {
      const { pictures } = await openArchive({ name: 'a.zip', file }, limits);
      for (const { fetch } of pictures) expect(await fetch()).toHaveLength(bytes.length);
    };
    expect(await longestTurnMs(unpacking, { runs: 2 })).toBeLessThan(longestAllowedMs);
  });
});
