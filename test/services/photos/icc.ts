/*
 * ICC profiles for tests, written by the standard (ICC.1:2022) and from its numbers, so that nothing of the program's own reading
 * is in them.
 */

type Three = readonly [number, number, number];

/** Red, green and blue as XYZ under D50, from the profiles that ICC, Apple and Adobe publish. */
export const primaries = {
  srgb: [
    [0.43607, 0.22249, 0.01392],
    [0.38515, 0.71687, 0.09708],
    [0.14307, 0.06061, 0.7141],
  ],
  p3: [
    [0.51512, 0.2412, -0.00105],
    [0.29198, 0.69225, 0.04189],
    [0.1571, 0.06657, 0.78407],
  ],
  adobe: [
    [0.60974, 0.31111, 0.01947],
    [0.20528, 0.62567, 0.06087],
    [0.14919, 0.06322, 0.74457],
  ],
} as const satisfies Record<string, readonly [Three, Three, Three]>;

const fixed = (...numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, at) => bytes.writeInt32BE(Math.round(number * 65_536), 4 * at));
  return bytes;
};

const typed = (type: string, data: Buffer): Buffer => Buffer.concat([Buffer.from(`${type}\0\0\0\0`, 'latin1'), data]);

/** A pure power, in the way of version 2. */
export const gamma = (exponent: number): Buffer => {
  const data = Buffer.alloc(8);
  data.writeUInt32BE(1, 0);
  data.writeUInt16BE(Math.round(exponent * 256), 4);
  return typed('curv', data.subarray(0, 6));
};

export const linear = typed('curv', Buffer.alloc(4));

const srgbLight = (level: number) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4);

/** sRGB's curve by 1024 samples, in the way of version 2. */
export const sampled = (): Buffer => {
  const data = Buffer.alloc(4 + 2 * 1024);
  data.writeUInt32BE(1024, 0);
  for (let at = 0; at < 1024; at++) data.writeUInt16BE(Math.round(65_535 * srgbLight(at / 1023)), 4 + 2 * at);
  return typed('curv', data);
};

/** sRGB's curve as a formula, in the way of version 4. */
export const formula = typed(
  'para',
  Buffer.concat([Buffer.from([0, 3, 0, 0]), fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)]),
);

interface Draft {
  readonly name?: string;
  readonly colours?: readonly [Three, Three, Three];
  readonly curve?: Buffer;
}

/** As Little CMS, Apple and Krita order them: the colours and the curve, which all three share, last. */
export function profileOf({ name = 'Test', colours = primaries.p3, curve = formula }: Draft = {}): Buffer {
  const [red, green, blue] = colours.map((xyz) => typed('XYZ ', fixed(...xyz)));
  return write('RGB ', [
    ['desc', describe(name)],
    ['wtpt', typed('XYZ ', fixed(0.9642, 1, 0.8249))],
    ['rXYZ', red!],
    ['gXYZ', green!],
    ['bXYZ', blue!],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

export function greyProfile(curve: Buffer): Buffer {
  return write('GRAY', [
    ['desc', describe('Grey')],
    ['wtpt', typed('XYZ ', fixed(0.9642, 1, 0.8249))],
    ['kTRC', curve],
  ]);
}

/** Version 2: letters, and two empty descriptions in other scripts. */
function describe(name: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length + 1);
  return typed('desc', Buffer.concat([length, Buffer.from(`${name}\0`, 'latin1'), Buffer.alloc(78)]));
}

function write(space: string, tags: readonly (readonly [string, Buffer])[]): Buffer {
  const table: Buffer[] = [];
  const data: Buffer[] = [];
  const places = new Map<Buffer, number>();
  let end = 128 + 4 + 12 * tags.length;
  for (const [name, bytes] of tags) {
    if (!places.has(bytes)) {
      places.set(bytes, end);
      data.push(bytes, Buffer.alloc(-bytes.length & 3));
      end += bytes.length + (-bytes.length & 3);
    }
    const entry = Buffer.from(`${name}\0\0\0\0\0\0\0\0`, 'latin1');
    entry.writeUInt32BE(places.get(bytes)!, 4);
    entry.writeUInt32BE(bytes.length, 8);
    table.push(entry);
  }
  const header = Buffer.alloc(132);
  header.writeUInt32BE(end, 0);
  header.write('\0\0\0\0\x02\x40\0\0mntr', 4, 'latin1');
  header.write(`${space}XYZ `, 16, 'latin1');
  header.write('acsp', 36, 'latin1');
  fixed(0.9642, 1, 0.8249).copy(header, 68);
  header.writeUInt32BE(tags.length, 128);
  return Buffer.concat([header, ...table, ...data]);
}
