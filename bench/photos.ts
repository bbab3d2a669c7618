import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { cropSquare, decode } from '../src/services/photos/crop.ts';
import { createDarkroom } from '../src/services/photos/darkroom.ts';
import { develop } from '../src/services/photos/develop.ts';
import { createDownloader } from '../src/services/photos/download.ts';
import { createFairSemaphore } from '../src/services/photos/fair-semaphore.ts';
import { readHeader } from '../src/services/photos/header.ts';
import type { Darkroom, PhotoSource, Tile } from '../src/services/photos/photo.ts';
import { encodePng } from '../src/services/photos/png.ts';
import { drawSheet } from '../src/services/photos/sheet.ts';
import { startLink } from './link.ts';
import { childrenOf, compare, cpuMs, lowest, median, peakMemory, printTable, wallMs, type Row } from './measure.ts';
import { floorCrop, naiveCrop, naiveSheet } from './naive.ts';
import { drawPhoto, drawTenPhotos, kinds, type Kind } from './pictures.ts';

const sizes = [512, 1024] as const;
const never = new AbortController().signal;
const anyone = { guildId: '', memberId: '' };
const linkBytesPerSecond = 20e6;
const recipe = (size: number) => ({ size, strategy: 'attention' }) as const;

/** Goals 1 to 6 of the photos: each figure beside its floor or the naive way, measured in turns in the same run. */
export async function benchPhotos(): Promise<void> {
  // As in the decoding process.
  sharp.concurrency(1);
  sharp.cache(false);
  const goals = await benchOnePhoto();
  const ten = await drawTenPhotos();
  goals.push(...(await benchTenPhotos(ten)), ...(await benchLink(ten)), ...(await benchProcess(ten)));
  console.log('The goals; ratios above 1 mean more than the floor, below 1 less than the naive way\n');
  printTable(
    ['#', 'goal', 'measured', 'limit', ''],
    goals.map(({ number, what, measured, limit }) => [
      String(number),
      what,
      measured,
      limit,
      measured <= limit ? 'met' : 'missed',
    ]),
  );
}

/** A figure that must not be above its limit. */
interface Goal {
  readonly number: number;
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
}

/** The limit of a goal at each of the two sizes. */
const bySize = (limits: readonly [number, number], size: number) => limits[size === 512 ? 0 : 1];

/** What most people send; the others are shown for completeness. */
const common: readonly string[] = ['no profile', 'sRGB', 'Display P3', 'lying (EXIF 6)'] satisfies readonly Kind[];

async function benchOnePhoto(): Promise<Goal[]> {
  const rows: Row[] = [];
  const goals: Goal[] = [];
  for (const kind of kinds) {
    const file = await drawPhoto(kind);
    for (const size of sizes) {
      const { floor, crop, all, naive } = await compare(
        {
          floor: () => cpuMs(() => floorCrop(file, size)),
          crop: () => cpuMs(() => cropAlone(file, size)),
          all: () => cpuMs(() => develop(file, recipe(size))),
          naive: () => cpuMs(() => naiveCrop(file, size)),
        },
        { rounds: common.includes(kind) ? 5 : 1, pick: lowest },
      );
      rows.push([kind, String(size), floor, crop, all, naive, crop / floor, naive / floor]);
      if (common.includes(kind)) {
        const what = `crop of ${kind} at ${size} / floor`;
        goals.push({ number: 1, what, measured: crop / floor, limit: bySize([1.4, 1.75], size) });
      }
    }
  }
  console.log(
    'One photo of 12 megapixels, CPU ms; `all` adds thumbnail, verdict and both hashes (goal 1: 1.4 and 1.75)\n',
  );
  printTable(['photo', 'size', 'floor', 'crop', 'all', 'naive', 'crop / floor', 'naive / floor'], rows);
  return goals;
}

/** What goal 1 speaks of: header, decode, attention, PNG. */
async function cropAlone(file: Buffer, size: number): Promise<Buffer> {
  return encodePng(await cropSquare(await decode(file, await readHeader(file), size), recipe(size)));
}

async function developAll(files: readonly Buffer[], size: number): Promise<Tile[]> {
  const turns = createFairSemaphore({ places: 2 });
  const photos = await Promise.all(files.map((file) => turns(anyone, () => develop(file, recipe(size)), never)));
  return photos.map(({ verdict, crop }, index) => ({
    number: index + 1,
    verdict,
    ...(crop && { thumbnail: crop.thumbnail }),
  }));
}

async function benchTenPhotos(files: readonly Buffer[]): Promise<Goal[]> {
  const rows: Row[] = [];
  const goals: Goal[] = [];
  for (const size of sizes) {
    let tiles = await developAll(files, size);
    const { ours, sheet, naive } = await compare(
      {
        ours: () => cpuMs(async () => (tiles = await developAll(files, size))),
        sheet: () => cpuMs(() => drawSheet(tiles)),
        naive: () => cpuMs(async () => naiveSheet(await Promise.all(files.map((file) => naiveCrop(file, size))))),
      },
      { rounds: 3, pick: lowest },
    );
    const all = ours + sheet;
    goals.push(
      { number: 2, what: `ten photos at ${size} / naive`, measured: all / naive, limit: bySize([0.8, 0.55], size) },
      { number: 4, what: `share of the sheet at ${size}`, measured: sheet / all, limit: 0.04 },
    );
    rows.push([String(size), all, naive, all / naive, sheet, `${((100 * sheet) / all).toFixed(1)} %`]);
  }
  console.log('Ten photos with contact sheet, CPU ms (goal 2: 0.80 and 0.55; goal 4: 4 %)\n');
  printTable(['size', 'ours', 'naive', 'ours / naive', 'sheet', 'share of the sheet'], rows);
  return goals;
}

const sourcesAt = (origin: string, count: number): PhotoSource[] =>
  Array.from({ length: count }, (_, index) => ({ url: `${origin}/${index}`, name: `${index}.jpg`, sizeBytes: 1 }));

const prepareAll = (darkroom: Darkroom, sources: readonly PhotoSource[], size: number) =>
  darkroom.prepare(sources, recipe(size), () => Promise.resolve(), never);

async function benchLink(files: readonly Buffer[]): Promise<Goal[]> {
  const link = await startLink(files, linkBytesPerSecond);
  const darkroom = createDarkroom({ cdnOrigins: [link.origin] });
  const downloader = createDownloader([link.origin], { fileBytes: 20 * 2 ** 20, downloadMs: 60_000 });
  const sources = sourcesAt(link.origin, files.length);
  const download = () => Promise.all(sources.map((source) => downloader.download(source, never)));
  const rows: Row[] = [];
  const goals: Goal[] = [];
  for (const size of sizes) {
    const { alone, ours, naive } = await compare(
      {
        alone: () => wallMs(download),
        ours: () => wallMs(() => prepareAll(darkroom, sources, size)),
        naive: () => wallMs(async () => Promise.all((await download()).map((file) => naiveCrop(file, size)))),
      },
      { rounds: 3, pick: median },
    );
    rows.push([String(size), alone, ours, naive, ours / alone, naive / alone]);
    const what = `ten photos over 20 MB/s at ${size} / download alone`;
    goals.push({ number: 3, what, measured: ours / alone, limit: bySize([1.12, 1.25], size) });
  }
  await Promise.all([darkroom.close(), downloader.close()]);
  link.close();
  console.log('Ten photos over a link of 20 MB/s, wall ms (goal 3: 1.12 and 1.25)\n');
  printTable(['size', 'download alone', 'ours', 'naive', 'ours / alone', 'naive / alone'], rows);
  return goals;
}

/** What the gateway's process feels, and how large the decoding process gets. */
async function benchProcess(files: readonly Buffer[]): Promise<Goal[]> {
  const rows: Row[] = [];
  const [peaks, delays]: [number[], number[]] = [[], []];
  for (const count of [20, 200]) {
    const darkroom = createDarkroom({ cdnOrigins: [] });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    let peak = 0;
    const gatewayMs = await cpuMs(() =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const original = files[index % files.length] ?? Buffer.alloc(0);
          await darkroom.recrop({ name: 'photo', original }, recipe(1024), never);
          peak = Math.max(peak, ...childrenOf(process.pid).map(peakMemory));
        }),
      ),
    );
    delay.disable();
    peaks.push(peak);
    delays.push(delay.percentile(99) / 1e6);
    rows.push([String(count), peak, gatewayMs / count, delay.percentile(99) / 1e6, delay.max / 1e6]);
    await darkroom.close();
  }
  console.log('The decoding process at 1024 (goal 5: 170 MiB, and 1.1 times that; goal 6: p99 below 10 ms)\n');
  printTable(
    ['photos', 'peak RSS, MiB', "gateway's CPU ms a photo", "gateway's loop delay p99, ms", 'longest, ms'],
    rows,
  );
  const [few = NaN, many = NaN] = peaks;
  return [
    { number: 5, what: 'peak RSS of the decoding process, 20 photos, MiB', measured: few, limit: 170 },
    { number: 5, what: 'peak RSS with 200 photos / with 20', measured: many / few, limit: 1.1 },
    { number: 6, what: "p99 of the gateway's loop delay, ms", measured: Math.max(...delays), limit: 10 },
  ];
}
