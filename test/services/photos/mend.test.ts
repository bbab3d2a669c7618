import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { develop } from '../../../src/services/photos/develop.ts';
import { mend } from '../../../src/services/photos/mend.ts';
import { difference, drawScene } from './draw.ts';
import { jpegSegment, withSegments } from './wrap.ts';

const recipe = { size: 256, strategy: 'centre' } as const;
const scene = () => drawScene({ width: 400, height: 300 });
const forms = {
  baseline: async () => scene().jpeg().toBuffer(),
  progressive: async () => scene().jpeg({ progressive: true }).toBuffer(),
  grey: async () => scene().toColourspace('b-w').jpeg().toBuffer(),
};

const junk = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 37 + 1) % 250));
const insert = (file: Buffer, at: number, bytes: Buffer) =>
  Buffer.concat([file.subarray(0, at), bytes, file.subarray(at)]);
const findSegment = (file: Buffer, marker: number) => file.indexOf(Buffer.from([0xff, marker]));

/** Read with a warning in words, and the same picture as of the clean file. */
async function expectWhole(odd: Buffer, clean: Buffer): Promise<void> {
  const { verdict, crop } = await develop(odd, recipe);
  expect(verdict).toEqual({ kind: 'warning', reason: expect.stringContaining('not a clean file') });
  expect(await difference(crop!.png, (await develop(clean, recipe)).crop!.png)).toBe(0);
}

/** Read, with or without a warning, as the same picture. */
async function expectRead(file: Buffer, clean: Buffer): Promise<void> {
  const { crop } = await develop(file, recipe);
  expect(await difference(crop!.png, (await develop(clean, recipe)).crop!.png)).toBe(0);
}

async function expectRefused(file: Buffer): Promise<void> {
  expect((await develop(file, recipe)).verdict.kind).toBe('refused');
}

describe('a JPEG with bytes that belong to nothing', () => {
  const markers = { 'quantization table': 0xdb, frame: 0xc0, 'Huffman table': 0xc4, scan: 0xda };
  it.each(Object.keys(markers) as (keyof typeof markers)[])('is read where they stand before a %s', async (what) => {
    const clean = await forms.baseline();
    for (const bytes of what === 'frame' ? [1, 2, 5, 16] : [1, 2, 5, 300]) {
      await expectWhole(insert(clean, findSegment(clean, markers[what]), junk(bytes)), clean);
    }
  });

  it('is read where they stand before a later scan', async () => {
    const clean = await forms.progressive();
    const [first, last] = [findSegment(clean, 0xda), clean.lastIndexOf(Buffer.from([0xff, 0xda]))];
    expect(last).toBeGreaterThan(first);
    const table = clean.lastIndexOf(Buffer.from([0xff, 0xc4]));
    // Between a table and its scan: before the table there are pixels, and nothing tells one from the other.
    expect(table).toBeLessThan(last);
    await expectWhole(insert(clean, last, junk(4)), clean);
  });

  it('is refused where they are the rest of a table that was broken', async () => {
    const clean = await forms.baseline();
    for (const marker of [0xdb, 0xc4]) {
      const broken = Buffer.from(clean);
      const at = findSegment(broken, marker);
      broken.writeUInt16BE(broken.readUInt16BE(at + 2) - 5, at + 2);
      await expectRefused(broken);
      const without = Buffer.from(clean);
      without[at + 1] = 0;
      await expectRefused(without);
      await expectRefused(insert(clean, at + 20, junk(40)));
    }
  });
});

it('reads a sequential JPEG whose scan says what only a progressive one can', async () => {
  for (const form of ['baseline', 'grey'] as const) {
    const clean = await forms[form]();
    const scan = findSegment(clean, 0xda);
    const end = scan + 2 + clean.readUInt16BE(scan + 2);
    for (const words of [
      [0, 63, 1],
      [0, 63, 0x10],
      [0, 0, 0],
      [1, 5, 0x21],
    ]) {
      const odd = Buffer.from(clean);
      odd.set(words, end - 3);
      await expectWhole(odd, clean);
    }
  }
});

it('reads a JPEG of any version of JFIF', async () => {
  for (const form of ['baseline', 'progressive', 'grey'] as const) {
    const clean = await forms[form]();
    for (const version of [0, 2, 3, 17, 255]) {
      const app = jpegSegment(0xe0, Buffer.from([...Buffer.from('JFIF\0'), version, 1, 0, 0, 1, 0, 1, 0, 0]));
      await expectWhole(withSegments(clean, app), clean);
    }
  }
});

it('reads a JPEG that names the colour transform of another number of components', async () => {
  const clean = await forms.baseline();
  const mark = Buffer.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 2]);
  await expectWhole(withSegments(clean, jpegSegment(0xee, mark)), clean);
  const ink = await scene().toColourspace('cmyk').jpeg().toBuffer();
  const at = findSegment(ink, 0xee);
  const usual = Buffer.from(ink);
  usual[at + 15] = 2;
  for (const transform of [1, 3, 255]) {
    const odd = Buffer.from(ink);
    odd[at + 15] = transform;
    await expectWhole(odd, usual);
  }
});

describe('a JPEG without a marker at its end', () => {
  it.each(Object.keys(forms) as (keyof typeof forms)[])('is read where all of a %s one is there', async (form) => {
    const clean = await forms[form]();
    await expectWhole(clean.subarray(0, -2), clean);
    await expectWhole(clean.subarray(0, -1), clean);
    await expectRead(Buffer.concat([clean.subarray(0, -2), Buffer.alloc(700)]), clean);
    // As where a phone hangs a second picture on.
    await expectRead(Buffer.concat([clean.subarray(0, -2), clean]), clean);
  });

  it.each(Object.keys(forms) as (keyof typeof forms)[])(
    'is refused where some bytes of a %s one are missing',
    async (form) => {
      const clean = await forms[form]();
      for (const missing of [12, 20, 50, 1000]) {
        await expectRefused(clean.subarray(0, -missing));
      }
    },
  );

  it('is refused where a progressive one ends between two scans', async () => {
    const clean = await forms.progressive();
    const markers = [...clean.keys()].filter((at) => clean[at] === 0xff && [0xc4, 0xda].includes(clean[at + 1]!));
    for (const at of markers.slice(3)) {
      await expectRefused(clean.subarray(0, at));
      await expectRefused(clean.subarray(0, at + 3));
    }
  });
});

it('reads what cameras and phones write behind a picture, without a word', async () => {
  const clean = await forms.baseline();
  const video = Buffer.concat([
    Buffer.from('MotionPhoto_Data'),
    Buffer.from('\0\0\0\x18ftypmp42', 'latin1'),
    junk(5000),
  ]);
  const index = jpegSegment(0xe2, Buffer.concat([Buffer.from('MPF\0MM\0*', 'latin1'), junk(80)]));
  for (const file of [
    Buffer.concat([clean, video]),
    Buffer.concat([withSegments(clean, index), clean]),
    Buffer.concat([clean, junk(3)]),
    withSegments(clean, Buffer.from([0xff, 0xff, 0xff])),
  ]) {
    const { verdict, crop } = await develop(file, recipe);
    expect(JSON.stringify(verdict)).not.toContain('not a clean file');
    expect(await difference(crop!.png, (await develop(clean, recipe)).crop!.png)).toBe(0);
  }
});

it('reads a WebP whose length is off, and refuses one of which something is missing', async () => {
  for (const lossless of [false, true]) {
    const clean = await scene().webp({ lossless }).toBuffer();
    for (const off of [-2, 2, 40, -40]) {
      const odd = Buffer.from(clean);
      odd.writeUInt32LE(odd.readUInt32LE(4) + off, 4);
      await expectWhole(odd, clean);
    }
    for (const missing of [2, 10, 500]) await expectRefused(clean.subarray(0, -missing));
  }
});

it('reads a WebP of any length that is whole to the end of the file, turned as it says', async () => {
  const turned = scene().withExif({ IFD0: { Orientation: '6' } });
  for (const clean of [await scene().webp().toBuffer(), await turned.webp({ lossless: true }).toBuffer()]) {
    for (const length of [0, 1, 300, clean.length + 1000, 2 ** 32 - 1]) {
      const odd = Buffer.from(clean);
      odd.writeUInt32LE(length, 4);
      await expectRead(odd, clean);
      await expectRefused(odd.subarray(0, -10));
    }
  }
});

it('mends nothing that is clean, and nothing that is no picture', async () => {
  const clean = [...(await Promise.all(Object.values(forms).map((draw) => draw()))), await scene().webp().toBuffer()];
  for (const file of [...clean, await scene().png().toBuffer(), Buffer.alloc(0), junk(500)]) {
    expect(mend(file)).toBeUndefined();
  }
  const jpeg = clean[0]!;
  for (let at = 0; at < 700; at++) expect(() => mend(jpeg.subarray(0, at))).not.toThrow();
  expect((await sharp(jpeg).metadata()).format).toBe('jpeg');
});
