import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { childrenOf, peakMemory } from '../../../bench/measure.ts';
import { makeBombs, type Bomb } from './bombs.ts';
import { createDarkroom, type PoisonFiles } from '../../../src/services/photos/darkroom.ts';
import type { PreparedPhoto } from '../../../src/services/photos/photo.ts';
import { everyKind } from './kinds.ts';

const never = new AbortController().signal;
const recipe = { size: 512, strategy: 'attention' } as const;
const mebibyte = 2 ** 20;
/** Kernels other than Linux do not tell what a process took. */
const isMeasured = existsSync('/proc/self/status');

interface Outcome {
  readonly photos: readonly PreparedPhoto[];
  readonly deaths: number;
  readonly peakMiB: number;
}

interface Way {
  readonly decodeBytes?: number;
  readonly deadlyFiles?: PoisonFiles;
}

/** All at once through the real decoding process, as two orders of many photos send them. */
async function developAll(files: readonly Bomb[], { decodeBytes, deadlyFiles }: Way = {}): Promise<Outcome> {
  let [deaths, peakMiB] = [0, 0];
  const darkroom = createDarkroom({
    cdnOrigins: [],
    onDecoderLost: () => (deaths += 1),
    limits: { decodeMs: 120_000, ...(decodeBytes !== undefined && { decodeBytes }) },
    ...(deadlyFiles && { poisonFiles: deadlyFiles }),
  });
  const timer = setInterval(() => {
    if (isMeasured) peakMiB = Math.max(peakMiB, ...childrenOf(process.pid).map(peakOf));
  }, 10);
  const photos = await Promise.all(
    // Of two members: one alone has one place.
    files.map(({ what, bytes }, index) =>
      darkroom
        .for({ guildId: 'g', memberId: `${index % 2}` })
        .recrop({ name: `${what}.jpg`, original: bytes }, recipe, never),
    ),
  );
  clearInterval(timer);
  await darkroom.close();
  return { photos, deaths, peakMiB };
}

function peakOf(pid: number): number {
  try {
    return peakMemory(pid) || 0; // One that is just ending has none any more.
  } catch {
    return 0; // It has ended between the list and the look.
  }
}

function expectVerdicts({ photos }: Outcome, files: readonly Bomb[]): void {
  expect(photos.map(({ name }) => name)).toEqual(files.map(({ what }) => `${what}.jpg`));
  for (const { name, verdict, crop } of photos) {
    if (verdict.kind === 'refused') expect(verdict.reason, name).toMatch(/^\S.{10,}/);
    expect(crop === undefined, name).toBe(verdict.kind === 'refused');
  }
}

const reasonOf = ({ verdict }: PreparedPhoto) => (verdict.kind === 'refused' ? verdict.reason : undefined);

describe('the decoding process', async () => {
  const bombs = await makeBombs();
  const named = (what: string) => bombs.find((bomb) => bomb.what === what)!;

  it('survives every bomb, stays below its limit of memory, and refuses by a reason what is no photo', async () => {
    const outcome = await developAll(bombs);
    const refused = outcome.photos.filter((photo) => reasonOf(photo) !== undefined);
    console.log(
      `${bombs.length} bombs: ${refused.length} refused, ${outcome.deaths} processes lost, largest ${outcome.peakMiB.toFixed(0)} MiB`,
    );
    expectVerdicts(outcome, bombs);
    expect(refused.length).toBeGreaterThan(15);
    // What two large photos at once might need is given to them one by one: no bomb is deadly by itself.
    expect(outcome.photos.filter((photo) => reasonOf(photo)?.startsWith('too much for the program'))).toEqual([]);
    expect(outcome.peakMiB).toBeLessThan(720);
  });

  it('survives every kind of picture, sound and damaged', async () => {
    const files = await everyKind();
    const outcome = await developAll(files);
    expectVerdicts(outcome, files);
    expect(outcome.deaths).toBe(0);
    const refused = outcome.photos.filter((photo) => reasonOf(photo) !== undefined).map(({ name }) => name);
    const sound = files.filter(
      ({ what }) => /^a.*(JPEG|PNG|WebP)/.test(what) && !/four pixels|cut off|damaged/.test(what),
    );
    expect(sound.map(({ what }) => `${what}.jpg`).filter((name) => refused.includes(name))).toEqual([]);
  });

  it('refuses a photo that took it down beside others and alone, goes on with the others, and never tries it again', async () => {
    const known = new Set<string>();
    const deadlyFiles: PoisonFiles = {
      has: async (sha256) => Promise.resolve(known.has(sha256)),
      add: async (sha256) => Promise.resolve(void known.add(sha256)),
    };
    const sound = await sharp({ create: { width: 600, height: 600, channels: 3, background: '#456' } })
      .jpeg()
      .toBuffer();
    const files = [
      { what: 'one', bytes: sound },
      named('an interlaced PNG of 49 megapixels with 16 bits'),
      { what: 'two', bytes: sound },
      { what: 'three', bytes: sound },
    ];
    const way = { decodeBytes: 250 * mebibyte, deadlyFiles };
    const first = await developAll(files, way);
    expectVerdicts(first, files);
    expect(first.photos.map((photo) => reasonOf(photo)?.slice(0, 24))).toEqual([
      undefined,
      'too much for the program',
      undefined,
      undefined,
    ]);
    expect(first.deaths).toBe(2);
    expect(known.size).toBe(1);
    const afterRestart = await developAll(files, way);
    expect(afterRestart.deaths).toBe(0);
    expect(afterRestart.photos.map(reasonOf)).toEqual(first.photos.map(reasonOf));
  });

  it('is what the kernel ends first when memory runs out', async ({ skip }) => {
    if (!isMeasured) skip('only Linux has such an order');
    const { pid, ended } = await whileWorking();
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
    await ended();
  });
});

async function whileWorking(): Promise<{ pid: number; ended: () => Promise<void> }> {
  const darkroom = createDarkroom({ cdnOrigins: [] });
  await darkroom.recrop({ name: 'x', original: Buffer.from('x') }, recipe, never);
  return { pid: childrenOf(process.pid)[0]!, ended: () => darkroom.close() };
}
