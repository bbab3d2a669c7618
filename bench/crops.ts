import sharp from 'sharp';
import { drawPlace, places } from '../playground/photos/backgrounds.ts';
import { createPerson } from '../playground/photos/person.ts';
import { planShot } from '../playground/photos/shot.ts';
import { takeSnapshot, type Size } from '../playground/photos/snapshot.ts';
import { cropSquare, decode } from '../src/services/photos/crop.ts';
import { frame } from '../src/services/photos/framing.ts';
import { readHeader } from '../src/services/photos/header.ts';
import { cropStrategies, type CropStrategy, type Window } from '../src/services/photos/photo.ts';
import { printTable } from './measure.ts';

/** A photo with its subject's place, as shares of width and height. */
interface Placed {
  readonly group: string;
  readonly file: Buffer;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const formats: readonly (Size & { readonly name: string })[] = [
  { name: '3:2', width: 1200, height: 800 },
  { name: '16:9', width: 1280, height: 720 },
  { name: '9:16', width: 720, height: 1280 },
];
/** Where the subject stands along the longer side. */
const spots = [0.2, 0.35, 0.5, 0.65, 0.8];
const people = ['a', 'b', 'c', 'd'];

/** How often each strategy keeps a subject whose place is known, and how much of the rest a zoom brings back. */
export async function benchCrops(): Promise<void> {
  const kept = new Map<string, { photos: number; whole: Map<string, number>; centre: Map<string, number> }>();
  for await (const photo of placedPhotos()) {
    const row = kept.get(photo.group) ?? {
      photos: 0,
      whole: new Map<string, number>(),
      centre: new Map<string, number>(),
    };
    kept.set(photo.group, row);
    row.photos++;
    for (const [name, holds] of await judgeAll(photo)) {
      if (holds.whole) row.whole.set(name, (row.whole.get(name) ?? 0) + 1);
      if (holds.centre) row.centre.set(name, (row.centre.get(name) ?? 0) + 1);
    }
  }
  const percent = (of: ReadonlyMap<string, number>, name: string, photos: number) =>
    `${Math.round((100 * (of.get(name) ?? 0)) / photos)} %`;
  for (const what of ['whole', 'centre'] as const) {
    console.log(what === 'whole' ? 'The whole subject is in the crop\n' : "The subject's middle is in the crop\n");
    const rows = [...kept].map(([group, row]) => [
      group,
      String(row.photos),
      ...ways.map((name) => percent(row[what], name, row.photos)),
    ]);
    printTable(['subject', 'photos', ...ways], rows);
  }
}

const ways = [...cropStrategies, 'attention, zoomed out by 2', 'centre, zoomed out by 2'] as const;

async function judgeAll(photo: Placed): Promise<[string, { whole: boolean; centre: boolean }][]> {
  const picture = await decode(photo.file, await readHeader(photo.file), 512);
  return Promise.all(
    ways.map(async (name) => {
      const [strategy = '', zoom] = name.split(',');
      const { chosen } = await cropSquare(picture, { size: 512, strategy: strategy as CropStrategy });
      const window = frame(chosen, picture, { dx: 0, dy: 0, zoomOut: zoom === undefined ? 0 : 2 });
      return [name, holds(window, picture, photo)] as [string, { whole: boolean; centre: boolean }];
    }),
  );
}

function holds(window: Window, { width, height }: Size, { left, top, right, bottom }: Placed) {
  const isInside = (x: number, y: number) =>
    x * width >= window.left &&
    x * width <= window.left + window.side &&
    y * height >= window.top &&
    y * height <= window.top + window.side;
  return {
    whole: isInside(left, top) && isInside(right, bottom),
    centre: isInside((left + right) / 2, (top + bottom) / 2),
  };
}

async function* placedPhotos(): AsyncGenerator<Placed> {
  for (const { name, ...size } of formats) {
    for (const [index, spot] of spots.entries()) {
      for (const seed of people) {
        yield await drawFace(seed, { index, spot, size, name });
      }
      for (const object of [0, 1]) yield await drawObject(object, { index, spot, size, name });
    }
  }
}

interface Spot {
  readonly index: number;
  readonly spot: number;
  readonly size: Size;
  readonly name: string;
}

/** The head is 300 wide and 443 high in its own units, of which its place counts from the middle of the face. */
async function drawFace(seed: string, { index, spot, size, name }: Spot): Promise<Placed> {
  const isWide = size.width > size.height;
  const at = isWide ? { x: spot, y: 0.42 } : { x: 0.5, y: spot };
  const closeness = [0.3, 0.45][index % 2] ?? 0.3;
  const shot = { ...planShot(seed, index), at, closeness, isUpright: false };
  const scale = (Math.min(size.height, size.width * 1.15) * closeness) / 460;
  return {
    group: `face, ${name}`,
    file: await takeSnapshot(createPerson(seed), shot, size),
    left: at.x - (150 * scale) / size.width,
    right: at.x + (150 * scale) / size.width,
    top: Math.max(0, at.y - (238 * scale) / size.height),
    bottom: at.y + (205 * scale) / size.height,
  };
}

/** A ball with a stripe or a parcel with a ribbon, a third of the shorter side large. */
async function drawObject(object: number, { index, spot, size: { width, height }, name }: Spot): Promise<Placed> {
  const radius = Math.min(width, height) / 6;
  const [x, y] = width > height ? [spot * width, 0.6 * height] : [0.5 * width, spot * height];
  const shapes = [
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="#b8452f"/><path d="M${x - radius},${y} h${2 * radius}" stroke="#f2e6d0" stroke-width="${radius / 4}"/>`,
    `<rect x="${x - radius}" y="${y - radius}" width="${2 * radius}" height="${2 * radius}" fill="#7a6a4f"/><path d="M${x},${y - radius} v${2 * radius}" stroke="#2f4a6b" stroke-width="${radius / 4}"/>`,
  ];
  const svg = (body: string, box: string) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}" preserveAspectRatio="xMidYMid slice">${body}</svg>`,
    );
  const place = places[(index * 2 + object) % places.length] ?? 'park';
  const behind = await sharp(svg(drawPlace(place, String(index)), '0 0 100 100'))
    .removeAlpha()
    .blur(6)
    .png()
    .toBuffer();
  const file = sharp(behind).composite([{ input: svg(shapes[object] ?? '', `0 0 ${width} ${height}`) }]);
  return {
    group: `object, ${name}`,
    file: await file.jpeg().toBuffer(),
    left: (x - radius) / width,
    right: (x + radius) / width,
    top: (y - radius) / height,
    bottom: (y + radius) / height,
  };
}
