import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawPortraits } from '../playground/photos/portraits.ts';
import { createRandom } from '../playground/random.ts';
import { silentLog } from '../src/lib/logger.ts';
import { createDarkroom } from '../src/services/photos/darkroom.ts';
import type { Darkroom, Verdict } from '../src/services/photos/photo.ts';
import { damages } from './damage.ts';
import { childrenOf, peakMemory, printTable } from './measure.ts';

const filesWanted = Number(process.env['FILES'] ?? 10_000);
const recipe = { size: 512, strategy: 'attention' } as const;
const never = new AbortController().signal;

/** Damaged files by seed through the real decoding process: nothing may die but that process, and no sound photo is refused. */
export async function benchDamaged(folders: readonly string[]): Promise<void> {
  const warnings: string[] = [];
  const warn = (fields: object, sentence: string) => void warnings.push(`${sentence} ${JSON.stringify(fields)}`);
  const darkroom = createDarkroom({ cdnOrigins: [], logger: { ...silentLog, warn } });
  const sound = await drawSound();
  await runDamaged(darkroom, sound, warnings);
  await runSound(darkroom, [...sound, ...folders.flatMap(readFolder)]);
  await darkroom.close();
}

interface Named {
  readonly name: string;
  readonly file: Buffer;
}

const readFolder = (folder: string): Named[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, file: readFileSync(join(folder, name)) }));

let membersSoFar = 0;

async function runDamaged(darkroom: Darkroom, sound: readonly Named[], warnings: readonly string[]): Promise<void> {
  const seen = new Map(Object.keys(damages).map((name) => [name, { good: 0, warning: 0, refused: 0 }]));
  const names = Object.keys(damages);
  let peak = 0;
  const one = async (index: number) => {
    const random = createRandom(`damage:${index}`);
    const name = names[index % names.length] ?? '';
    const base = sound[Math.floor(random() * sound.length)]?.file ?? Buffer.alloc(0);
    const original = damages[name]?.(base, random) ?? base;
    const { kind } = await judge(darkroom, original);
    const counts = seen.get(name);
    if (counts) counts[kind]++;
    if (index % 10 === 0) peak = Math.max(peak, ...childrenOf(process.pid).map(peakMemory));
  };
  await inLanes(filesWanted, one);
  console.log(`${filesWanted} damaged files of ${sound.length} sound ones\n`);
  printTable(
    ['damage', 'files', 'refused', 'usable'],
    [...seen].map(([name, { good, warning, refused }]) => [
      name,
      String(good + warning + refused),
      String(refused),
      String(good + warning),
    ]),
  );
  console.log(
    `Largest decoding process: ${peak.toFixed(0)} MiB. This process: ${peakMemory(process.pid).toFixed(0)} MiB.`,
  );
  console.log(
    `Times that the decoding process died or answered nonsense: ${warnings.length}\n${warnings.join('\n')}\n`,
  );
}

/** Each file is of somebody else: one member's many are put off after a while. */
async function judge(darkroom: Darkroom, original: Buffer): Promise<Verdict> {
  const memberId = String(membersSoFar++);
  return (await darkroom.for({ guildId: 'bench', memberId }).recrop({ name: 'photo', original }, recipe, never))
    .verdict;
}

async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: 4 }, lane));
}

async function runSound(darkroom: Darkroom, photos: readonly Named[]): Promise<void> {
  const refused: string[] = [];
  await inLanes(photos.length, async (index) => {
    const { name = '', file = Buffer.alloc(0) } = photos[index] ?? {};
    const verdict = await judge(darkroom, file);
    if (verdict.kind === 'refused') refused.push(`${name}: ${verdict.reason}`);
  });
  console.log(`Of ${photos.length} sound photos ${refused.length} were refused\n${refused.join('\n')}\n`);
}

const forms = [
  'jpeg',
  'progressive',
  'png',
  'interlaced',
  'palette',
  'png16',
  'webp',
  'lossless',
  'cmyk',
  'grey',
] as const;
const profiles = ['none', 'srgb', 'p3'] as const;

/** 240 portraits, in every form, profile and orientation. Small, because damage does not ask for size. */
async function drawSound(): Promise<Named[]> {
  const portraits = await drawPortraits({ count: 5, seed: 'sound', size: { width: 400, height: 300 } });
  const photos: Named[] = [];
  for (const form of forms) {
    for (const profile of profiles) {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const { bytes } = portraits[photos.length % portraits.length] ?? { bytes: Buffer.alloc(0) };
        const file = await encode(await sharp(bytes).toBuffer(), form, { profile, orientation });
        photos.push({ name: `${form}, ${profile}, ${orientation}`, file });
      }
    }
  }
  return photos;
}

async function encode(
  bytes: Buffer,
  form: (typeof forms)[number],
  { profile, orientation }: { readonly profile: (typeof profiles)[number]; readonly orientation: number },
): Promise<Buffer> {
  const tagged = sharp(bytes).withMetadata({ orientation });
  const photo = profile === 'none' || form === 'cmyk' ? tagged : tagged.withIccProfile(profile);
  switch (form) {
    case 'jpeg':
      return photo.jpeg().toBuffer();
    case 'progressive':
      return photo.jpeg({ progressive: true }).toBuffer();
    case 'png':
      return photo.png({ compressionLevel: 3 }).toBuffer();
    case 'interlaced':
      return photo.png({ progressive: true, compressionLevel: 3 }).toBuffer();
    case 'palette':
      return photo.png({ palette: true, effort: 1 }).toBuffer();
    case 'png16':
      return photo.toColourspace('rgb16').png({ compressionLevel: 3 }).toBuffer();
    case 'webp':
      return photo.webp({ effort: 0 }).toBuffer();
    case 'lossless':
      return photo.webp({ lossless: true, effort: 0 }).toBuffer();
    case 'cmyk':
      return photo.withIccProfile('cmyk').jpeg().toBuffer();
    case 'grey':
      return photo.greyscale().jpeg().toBuffer();
  }
}
