import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { zipOf, type Claims, type ZippedFile } from './zip.ts';
import { openArchive, type Archive } from '../../../src/services/photos/archive.ts';
import { companion } from '../../../src/services/photos/companions.ts';
import { drawScene } from './draw.ts';

const limits = { entries: 20, directoryBytes: 2 ** 20, unpackedBytes: 40 * 2 ** 20, photoBytes: 20 * 2 ** 20 };
let photo: Buffer;

beforeAll(async () => {
  photo = await drawScene({ width: 300, height: 300 }).jpeg().toBuffer();
});

const open = (file: Buffer): Promise<Archive> => openArchive({ name: 'photos.zip', file }, limits);
const picture = (name: string | Buffer, lies: Partial<Claims> = {}): ZippedFile => ({ name, bytes: photo, lies });
const other = (name: string, bytes: string | Buffer): ZippedFile => ({ name, bytes: Buffer.from(bytes) });
const namesIn = async (file: Buffer) => (await open(file)).pictures.map(({ name }) => name);
const refusedAs = (reason: string) => ({ name: 'PhotoRefusal', reason: expect.stringContaining(reason) });

describe('an archive', () => {
  it('gives its pictures in its order, byte by byte, packed or not', async () => {
    const { pictures, strangers } = await open(zipOf([picture('b.jpg'), picture('a.jpg', { method: 0 })]));
    expect(pictures.map(({ name }) => name)).toEqual(['b.jpg', 'a.jpg']);
    expect(await Promise.all(pictures.map(({ fetch }) => fetch()))).toEqual([photo, photo]);
    expect(strangers).toEqual([]);
  });

  it('knows pictures by their bytes and not by their names', async () => {
    const { pictures, strangers } = await open(zipOf([picture('notes.txt'), other('photo.jpg', 'some words')]));
    expect(pictures.map(({ name }) => name)).toEqual(['notes.txt']);
    expect(strangers).toEqual([{ name: 'photo.jpg', reason: expect.stringContaining('not a JPEG, PNG or WebP') }]);
  });

  it('never takes a name for a path, and shows only what prints of its last part', async () => {
    const names = [
      '../../etc/a.jpg',
      '/etc/b.jpg',
      'C:\\me\\c.jpg',
      'd\u202Egpj.exe\n',
      `${'e'.repeat(300)}.jpg`,
      'f/\u0007',
      '\u202E\u2066\u200B',
      '',
      'Fotos/प्रिया\u200D\u0301.jpg',
    ];
    const shown = await namesIn(zipOf(names.map((name) => picture(name))));
    expect(shown).toEqual([
      'a.jpg',
      'b.jpg',
      'c.jpg',
      'dgpj.exe',
      `${'e'.repeat(95)}….jpg`,
      'a file without a name',
      'a file without a name',
      'a file without a name',
      'प्रिया\u200D\u0301.jpg',
    ]);
  });

  it('loses no picture by its name, whatever that is', async () => {
    const shiftJis = [
      [0x83, 0x5c, 0x2e, 0x6a, 0x70, 0x67], // ソ.jpg: its second byte is a backslash
      [0x95, 0x5c], // 表
      [0x61, 0x2f, 0x94, 0x5c, 0x2e, 0x6a, 0x70, 0x67], // a/能.jpg
    ].map((bytes) => Buffer.from(bytes));
    const odd = [
      Buffer.from('caf\x82.jpg', 'latin1'),
      Buffer.from('\xff\xfe\xc3.jpg', 'latin1'),
      '.hidden.jpg',
      '.thumbnails/a.jpg',
      '__MACOSX/a.jpg',
      'Thumbs.db',
      'a.json',
      'folder/',
      'folder\\',
      '..',
      '/',
      'same.jpg',
      'same.jpg',
    ];
    const { pictures, strangers } = await open(zipOf([...shiftJis, ...odd].map((name) => picture(name))));
    expect(strangers).toEqual([]);
    expect(pictures).toHaveLength(shiftJis.length + odd.length);
    expect(pictures.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['café.jpg', '.hidden.jpg', 'a file without a name', 'same.jpg']),
    );
  });

  it('reads a name that is UTF-8 without saying so, or that stands in a field of its own', async () => {
    const old = Buffer.from('?.jpg');
    const field = Buffer.concat([Buffer.from([0x75, 0x70, 14, 0, 1]), crcOf(old), Buffer.from('写真.jpg')]);
    field.writeUInt16LE(field.length - 4, 2);
    const files = [picture(Buffer.from('写真/花.jpg')), { ...picture(old), extra: field }];
    expect(await namesIn(zipOf(files))).toEqual(['花.jpg', '写真.jpg']);
  });

  it('says nothing of folders', async () => {
    const { pictures, strangers } = await open(
      zipOf([other('holiday/', ''), other('holiday\\more\\', ''), picture('holiday/a.jpg')]),
    );
    expect(pictures).toHaveLength(1);
    expect(strangers).toEqual([]);
  });

  it('passes over in one line what computers and known tools put beside photos', async () => {
    const beside = [
      '__MACOSX/holiday/._a.jpg',
      'holiday/.DS_Store',
      '.git/config',
      'Thumbs.db',
      'desktop.ini',
      'a.jpg.supplemental-metadata.json',
      'a.txt',
      'a.npz',
      'a.XMP',
      'a.AAE',
      'metadata.jsonl',
      'list.csv',
    ];
    const files = [...beside.flatMap((name) => [other(name, ''), other(name, 'words')]), picture('a.jpg')];
    const { pictures, strangers } = await openArchive(
      { name: 'a.zip', file: zipOf(files) },
      { ...limits, entries: 99 },
    );
    expect(pictures).toHaveLength(1);
    expect(strangers).toHaveLength(files.length - 1);
    expect(new Set(strangers.map(({ reason }) => reason))).toEqual(new Set([companion]));
  });

  it('passes over the film that a phone keeps beside a photo, and names any other', async () => {
    const film = '\0\0\0\x14ftypqt  ';
    const files = [other('IMG_1.MOV', film), picture('IMG_1.JPG'), other('IMG_2.MOV', film)];
    expect((await open(zipOf(files))).strangers).toEqual([
      { name: 'IMG_2.MOV', reason: expect.stringContaining('a video') },
      { name: 'IMG_1.MOV', reason: companion },
    ]);
  });

  it('passes over what tools for training keep, though it is an archive or begins like a picture', async () => {
    const numbers = zipOf([other('latents.npy', '\x93NUMPY')]);
    const words = ['BMW M3, red, parked', 'GIF89a look', '%PDF', 'II*\0', 'MM\0*', 'PK\x03\x04'];
    const files = [
      picture('a.jpg'),
      ...words.map((text, index) => other(`${index}.txt`, text)),
      ...['a.npz', 'b.NPZ', 'c.pt'].map((name) => other(name, numbers)),
    ];
    const { strangers } = await open(zipOf(files));
    expect(strangers.filter(({ reason }) => reason !== companion)).toEqual([]);
    expect(strangers).toHaveLength(files.length - 1);
    await expect(open(zipOf(files.slice(1)))).rejects.toMatchObject({ reason: expect.stringContaining('no photos') });
  });

  it.each([
    ['PXL_1.MP.jpg', 'PXL_1.MP', '\0\0\0\x18ftypmp42'],
    ['PXL_1.MP.jpg', 'PXL_1.MP~2', '\0\0\0\x18ftypmp42'],
    ['PXL_1.MP~2.jpg', 'PXL_1.MP~2', '\0\0\0\x18ftypmp42'],
    ['X.jpg', 'X.jpg.mp4', '\0\0\0\x18ftypmp42'],
    ['X.jpg', 'x.JPG.MOV', '\0\0\0\x14ftypqt  '],
    ['d/DSC1.JPG', 'd/DSC1.ARW', 'II*\0abcd'],
    ['DSC1.JPG', 'DSC1.NEF', 'MM\0*abcd'],
    ['P1.JPG', 'P1.ORF', 'IIRO\x08\0\0\0'],
    ['P1.JPG', 'P1.RAF', 'FUJIFILMCCD-RAW'],
    ['P1.JPG', 'P1.CR3', '\0\0\0\x18ftypcrx '],
    ['IMG_1.JPG', 'IMG_1.HEIC', '\0\0\0\x18ftypheic'],
    ['IMG_1.HEIC.jpg', 'IMG_1.HEIC', '\0\0\0\x18ftypheic'],
    ['a.jpg', 'a.jpg.md5', 'abcd'],
    ['a.jpg', 'checksums.sha256', 'abcd'],
    ['a.jpg', 'ZbThumbnail.info', 'abcd'],
    ['a.jpg', '@eaDir/a.jpg/SYNOINDEX_MEDIA_INFO', 'abcd'],
    ['a.jpg', 'data/README', 'abcd'],
    ['a.jpg', 'data.lock', 'abcd'],
    ['a.jpg', 'data.pkl', '\x80\x04'],
    ['a.jpg', 'list.tsv.gz', '\x1f\x8b'],
  ])('with %s passes over %s', async (photoName, name, content) => {
    const { strangers } = await open(zipOf([picture(photoName), other(name, Buffer.from(content, 'latin1'))]));
    expect(strangers.map(({ reason }) => reason)).toEqual([companion]);
  });

  it.each([
    ['b.HEIC', '\0\0\0\x18ftypheic', 'a HEIC file'],
    ['e/a.ARW', 'II*\0abcd', 'raw camera file'],
    ['a.png', 'abcd', 'not a JPEG, PNG or WebP picture'],
    ['a.webp', '', 'empty in the archive'],
    ['a.zip', 'PK\x03\x04', 'an archive in the archive'],
    ['film', '\0\0\0\x18ftypmp42', 'a video'],
  ])('with d/a.jpg names d/%s with its reason', async (name, content, reason) => {
    const { strangers } = await open(zipOf([picture('d/a.jpg'), other(`d/${name}`, Buffer.from(content, 'latin1'))]));
    expect(strangers).toMatchObject([{ reason: expect.stringContaining(reason) }]);
  });

  it('names what is no photo by any name, also where a tool might have put it', async () => {
    const files = [picture('a.jpg'), other('b.json', '\0\0\0\x18ftypheic'), other('c.jpg', '')];
    expect((await open(zipOf(files))).strangers).toEqual([
      { name: 'b.json', reason: expect.stringContaining('a HEIC file') },
      { name: 'c.jpg', reason: expect.stringContaining('empty in the archive: pack it again') },
    ]);
  });

  it('names what is no picture, with the same advice as for an attached one', async () => {
    const files = [picture('a.jpg'), other('b.heic', '\0\0\0\x18ftypheic'), other('c.gif', 'GIF89a'), other('d', '')];
    expect((await open(zipOf(files))).strangers).toEqual([
      { name: 'b.heic', reason: expect.stringContaining('a HEIC file') },
      { name: 'c.gif', reason: expect.stringContaining('GIF') },
      { name: 'd', reason: expect.stringContaining('empty') },
    ]);
  });

  it('does not open an archive in the archive', async () => {
    const files = [picture('a.jpg'), other('more.zip', zipOf([picture('b.jpg')])), other('none.zip', zipOf([]))];
    const { pictures, strangers } = await open(zipOf(files));
    expect(pictures).toHaveLength(1);
    expect(strangers.map(({ name, reason }) => [name, reason.slice(0, 25)])).toEqual([
      ['more.zip', 'an archive in the archive'],
      ['none.zip', 'an archive in the archive'],
    ]);
  });

  it('may be a photo whose name is wrong', async () => {
    const { pictures } = await open(photo);
    expect(pictures.map(({ name }) => name)).toEqual(['photos.zip']);
    expect(await pictures[0]!.fetch()).toEqual(photo);
  });

  it('of the large kind (zip64) is read like any other', async () => {
    expect(await namesIn(zip64Of(picture('a.jpg')))).toEqual(['a.jpg']);
  });
});

describe('an archive is refused as a whole', () => {
  it.each<[string, string, () => Buffer]>([
    ['holds nothing', 'no photos in it', () => zipOf([])],
    ['holds folders only', 'no photos in it', () => zipOf([other('a/', '')])],
    ['holds only what belongs beside photos', 'no photos in it', () => zipOf([other('a.json', '{}')])],
    ['has a list of files without measure', 'longer than in any ordinary archive', () => zipOf(times(20, longNamed))],
    [
      'lists more files than it counts',
      'damaged or incomplete',
      () => undercounted(zipOf([picture('a'), picture('b')])),
    ],
    ['is locked', 'locked with a password', () => zipOf([picture('a.jpg', { flags: 1 })])],
    ['is locked strongly', 'locked with a password', () => zipOf([picture('a.jpg', { flags: 0x41 })])],
    ['is cut off', 'damaged or incomplete', () => zipOf([picture('a.jpg')]).subarray(0, -30)],
    [
      'has bytes after its end',
      'damaged or incomplete',
      () => Buffer.concat([zipOf([picture('a.jpg')]), Buffer.alloc(9)]),
    ],
    ['is something else', 'damaged or incomplete', () => Buffer.from('no archive at all, whatever its name says')],
    ['is empty', 'damaged or incomplete', () => Buffer.alloc(0)],
    ['has too many files', 'too many files in it (21, at most 20)', () => zipOf(times(21, (n) => other(`${n}`, 'x')))],
    [
      'claims more than fits',
      'too large (4096 MB when unpacked',
      () => zipOf([picture('a.jpg', { size: 2 ** 32 - 2 })]),
    ],
    ['is one of a split one', 'one part of an archive that was split', () => splitOf(zipOf([picture('a.jpg')]))],
    ['claims files that it lacks', 'damaged or incomplete', () => miscounted(zipOf([picture('a.jpg')]))],
  ])('when it %s', async (_what, reason, file) => {
    await expect(open(file())).rejects.toMatchObject(refusedAs(reason));
  });

  it('when its entries share their bytes, which is how a small one becomes endless', async () => {
    const shared = times(5, (n) => picture(`${n}.jpg`, { at: 0 }));
    await expect(open(zipOf(shared))).rejects.toMatchObject(refusedAs('damaged or incomplete'));
    const quoting = [picture('0.jpg', { packedSize: 2 * photo.length }), picture('1.jpg'), picture('2.jpg')];
    await expect(open(zipOf(quoting))).rejects.toMatchObject(refusedAs('damaged or incomplete'));
  });
});

describe('a picture of an archive is refused alone', () => {
  it.each<[string, string, () => ZippedFile]>([
    ['is larger than a photo may be', 'too large (21 MB, at most 20)', () => padded(21 * 2 ** 20)],
    ['is packed a thousand to one', 'packed as no ordinary photo is', () => padded(19 * 2 ** 20)],
    ['unpacks to more than it claims', 'damaged in the archive', () => picture('a.jpg', { size: photo.length - 1 })],
    ['unpacks to less than it claims', 'damaged in the archive', () => picture('a.jpg', { size: photo.length + 1 })],
    ['claims to be empty', 'damaged in the archive', () => picture('a.jpg', { size: 0 })],
    ['has another checksum', 'damaged in the archive', () => picture('a.jpg', { crc: 1 })],
  ])('when it %s', async (_what, reason, file) => {
    const { pictures } = await open(zipOf([file(), picture('sound.jpg')]));
    await expect(pictures[0]!.fetch()).rejects.toMatchObject(refusedAs(reason));
    expect(await pictures[1]!.fetch()).toEqual(photo);
  });

  it.each<[string, string, Partial<Claims>]>([
    ['is packed in a way of its own', 'packed in a way that I cannot read', { method: 14 }],
    ['is said to be where nothing is', 'damaged in the archive', { at: 5 }],
  ])('when it %s', async (_what, reason, lies) => {
    const { pictures, strangers } = await open(zipOf([picture('a.jpg', lies), picture('sound.jpg')]));
    expect(strangers).toEqual([{ name: 'a.jpg', reason: expect.stringContaining(reason) }]);
    expect(pictures).toHaveLength(1);
  });
});

it('survives any damage to any byte: an archive is then refused, or its pictures are what they were', async () => {
  const sound = zipOf([picture('a.jpg'), other('b.txt', 'words '.repeat(50)), picture('c.jpg', { method: 0 })]);
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 800; round += 1) {
    const damaged = Buffer.from(sound);
    // Most of an archive is pictures: the half that is its headers is what a reader stumbles over.
    for (let hits = 0; hits <= round % 4; hits += 1)
      damaged[damaged.length - 1 - random(round % 2 ? 250 : damaged.length)] = random(256);
    const { pictures } = await open(damaged).catch(() => ({ pictures: [] }));
    const unpacked = await Promise.all(pictures.map(({ fetch }) => fetch().catch(() => photo)));
    expect(
      unpacked.every((bytes) => bytes.equals(photo)),
      `round ${round}`,
    ).toBe(true);
  }
});

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** A picture at its beginning, and nothing from there on. */
function padded(size: number): ZippedFile {
  return { name: 'bomb.jpg', bytes: Buffer.concat([photo, Buffer.alloc(size - photo.length)]) };
}

const endBytes = 22;

function splitOf(zip: Buffer): Buffer {
  zip.writeUInt16LE(3, zip.length - endBytes + 4);
  return zip;
}

function miscounted(zip: Buffer): Buffer {
  zip.writeUInt16LE(5, zip.length - endBytes + 10);
  return zip;
}

function undercounted(zip: Buffer): Buffer {
  zip.writeUInt16LE(1, zip.length - endBytes + 10);
  return zip;
}

function longNamed(): ZippedFile {
  return picture('/'.repeat(65_535));
}

function crcOf(name: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(crc32(name));
  return bytes;
}

/** With its directory told by a second record before the usual one. */
function zip64Of(file: ZippedFile): Buffer {
  const zip = zipOf([file]);
  const end = zip.subarray(-endBytes);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x0606_4b50, 0);
  record.writeBigUInt64LE(1n, 32);
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x0706_4b50, 0);
  locator.writeBigUInt64LE(BigInt(zip.length - endBytes), 8);
  const pointless = Buffer.from(end).fill(0xff, 8, 20);
  return Buffer.concat([zip.subarray(0, -endBytes), record, locator, pointless]);
}
