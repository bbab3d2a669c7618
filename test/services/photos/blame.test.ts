import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childrenOf } from '../../../bench/measure.ts';
import { silentLog } from '../../../src/lib/logger.ts';
import { createDarkroom, type PoisonFiles } from '../../../src/services/photos/darkroom.ts';
import { PhotoDelay, type Darkroom, type PreparedPhoto } from '../../../src/services/photos/photo.ts';
import { drawScene } from './draw.ts';

/** What happens to real processes, and whether a photo is blamed for it. */

const never = new AbortController().signal;
const recipe = { size: 256, strategy: 'centre' } as const;
const realProgram = new URL('../../../src/services/photos/decoding-process.ts', import.meta.url);

let folder: string;
let banned: string[];
let warnings: string[];
let darkroom: Darkroom | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-blame-'));
  [banned, warnings, darkroom] = [[], [], undefined];
});
afterEach(async () => {
  await darkroom?.close();
  await rm(folder, { recursive: true });
});

function open(program?: URL): Darkroom {
  const deadlyFiles: PoisonFiles = {
    has: (sha256) => Promise.resolve(banned.includes(sha256)),
    add: (sha256) => Promise.resolve(void banned.push(sha256)),
  };
  const logger = { ...silentLog, warn: (_: object, sentence: string) => void warnings.push(sentence) };
  const limits = { retryMs: 1 };
  darkroom = createDarkroom({ cdnOrigins: [], logger, poisonFiles: deadlyFiles, limits, ...(program && { program }) });
  return darkroom;
}

const pathOf = (name: string) => join(folder, name);

async function program(code: string): Promise<URL> {
  await writeFile(pathOf('program.mjs'), code);
  return pathToFileURL(pathOf('program.mjs'));
}

const recrop = async (from: Darkroom, original = Buffer.from('a photo')) =>
  from.recrop({ name: 'a.jpg', original }, recipe, never);
const reasonOf = ({ verdict }: PreparedPhoto) => (verdict.kind === 'refused' ? verdict.reason : verdict.kind);

/** A process that takes tasks, and meets each with the same. */
const meeting = (deed: string) => `
  process.on('message', ({ id }) => { ${deed} });
  process.send({ ready: true, denied: [] });
`;
const answer = `process.send({ id, result: { verdict: { kind: 'good' } } })`;
/** Only the processes before the third come to this end. */
const twice = (deed: string) => `
  import { existsSync, writeFileSync } from 'node:fs';
  const marks = ['first', 'second'].map((name) => new URL(name, import.meta.url));
  const mark = marks.find((one) => !existsSync(one));
  const end = () => { writeFileSync(mark, ''); ${deed} };
`;

describe('a photo', () => {
  it.each(['SIGSEGV', 'SIGABRT', 'SIGUSR2'])(
    'is banned when its process ends by %s, beside others and alone',
    async (signal) => {
      const photo = await recrop(open(await program(meeting(`process.kill(process.pid, '${signal}')`))));
      expect(reasonOf(photo)).toMatch(/^too much for the program/);
      expect(banned).toHaveLength(1);
    },
  );

  it.each([
    ['is killed', `process.kill(process.pid, 'SIGKILL')`],
    ['is terminated', `process.kill(process.pid, 'SIGTERM')`],
    ['is ended by a filter of system calls', `process.kill(process.pid, 'SIGSYS')`],
    ['ends by an error of its own program', 'process.exit(1)'],
  ])('is not blamed when its process %s at its work, and is read afterwards', async (_, deed) => {
    const stand = await program(`${twice(deed)} ${meeting(`if (mark) end(); else ${answer};`)}`);
    expect(reasonOf(await recrop(open(stand)))).toBe('good');
    expect(banned).toEqual([]);
  });

  it('is given up for this time when its process is killed again and again, and not banned', async () => {
    const photo = await recrop(open(await program(meeting(`process.kill(process.pid, 'SIGKILL')`))));
    expect(reasonOf(photo)).toMatch(/^not looked at: .* attach it again in a few minutes$/);
    expect(photo.original).toBeDefined();
    expect(banned).toEqual([]);
  });

  it.each([
    ['ends before it is ready', 'process.exit(1)'],
    ['crashes before it is ready', `process.kill(process.pid, 'SIGSEGV')`],
    ['lacks a module for a moment', `await import('sharp-is-not-there')`],
  ])('is not blamed when its process %s, and is read afterwards', async (_, deed) => {
    const stand = await program(`${twice('')} if (mark) { end(); ${deed}; } ${meeting(answer)}`);
    expect(reasonOf(await recrop(open(stand)))).toBe('good');
    expect(banned).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('is read while all photos of another member never end', async () => {
    const own = open(
      await program(`
        process.on('message', ({ id, task }) => { if (String(task.file) !== 'endless') ${answer} });
        process.send({ ready: true, denied: [] });
      `),
    );
    const endless = own.for({ guildId: 'g', memberId: 'endless' });
    const stuck = Promise.allSettled(Array.from({ length: 6 }, () => recrop(endless, Buffer.from('endless'))));
    const other = own.for({ guildId: 'g', memberId: 'other' });
    expect(reasonOf(await recrop(other))).toBe('good');
    expect(reasonOf(await recrop(other))).toBe('good');
    await own.close();
    await stuck;
  });

  it('waits while no process can be started, which is said once', async () => {
    const down = open(pathToFileURL(pathOf('missing.mjs')));
    await expect(recrop(down)).rejects.toThrow(PhotoDelay);
    await expect(recrop(down)).rejects.toThrow(PhotoDelay);
    expect(down.isAble()).toBe(false);
    expect(banned).toEqual([]);
    expect(warnings).toEqual(['the decoding process cannot be started: photos wait until it can']);
  });

  it('is read by a process that may not lower its own priority', async () => {
    const stand = await program(`
      import os from 'node:os';
      import { syncBuiltinESMExports } from 'node:module';
      os.setPriority = () => { throw new Error('EPERM'); };
      syncBuiltinESMExports();
      await import('${realProgram.href}');
    `);
    const original = await drawScene({ width: 400, height: 300 }).jpeg().toBuffer();
    const photo = await recrop(open(stand), original);
    expect(photo.crop).toBeDefined();
    expect(warnings).toEqual(['the system does not grant the decoding process what it asks for, going on without']);
  });

  it('is read in the end when the real process is killed from outside', async ({ skip }) => {
    if (!existsSync('/proc/self/status')) skip('only Linux lists the children of a process');
    const original = await drawScene({ width: 4000, height: 3000 }).png().toBuffer();
    const own = open();
    const before = new Set(childrenOf(process.pid));
    const work = recrop(own, original);
    for (let kills = 0; kills < 2; kills += 1) {
      const [pid] = await born(before);
      before.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    expect((await work).crop).toBeDefined();
    expect(banned).toEqual([]);
  });
});

async function born(before: ReadonlySet<number>): Promise<readonly [number]> {
  for (;;) {
    const pid = childrenOf(process.pid).find((one) => !before.has(one));
    if (pid !== undefined) return [pid];
    await sleep(5);
  }
}
