import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../src/services/database/database.ts';
import { createJobStore } from '../../../src/services/jobs/store/job-store.ts';
import { createPhotoStore } from '../../../src/services/jobs/store/photo-store.ts';
import { longestAllowedMs, longestTurnMs } from '../../longest-turn.ts';
import { heldClock } from '../jobs/held-clock.ts';
import { aJob, jobId } from '../jobs/job-builder.ts';
import { aPhoto, recordingLog } from '../jobs/job-world.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-'));
});

afterEach(() => rm(folder, { recursive: true }));

const megabyte = 2 ** 20;
const largest = () => ({ ...aPhoto(randomBytes(8).toString('hex')), original: randomBytes(10 * megabyte) });
const sizeOf = async (path: string) => (await stat(path).catch(() => ({ size: 0 }))).size;

async function opened(path: string) {
  const db = await openDatabase(`sqlite:${path}`);
  return { db, photos: createPhotoStore(db), jobs: createJobStore(db, heldClock(), recordingLog()) };
}

it('gives the bytes of erased photos back to the disk, without holding others up', async () => {
  const path = join(folder, 'bot.db');
  const { db, photos, jobs } = await opened(path);
  const ids = ['job1', 'job2', 'job3'].map(jobId);
  for (const id of ids) await jobs.insert(aJob('draft', { id }));
  const before = await sizeOf(path);
  const pair = [largest(), largest()];
  const runs = ids.length;
  const store = async (run: number) => {
    for (const [index, photo] of pair.entries()) await photos.add(ids[run]!, index + 1, photo);
  };
  expect(await longestTurnMs(store, { runs }), 'stored').toBeLessThan(longestAllowedMs);
  expect((await sizeOf(path)) + (await sizeOf(`${path}-wal`))).toBeGreaterThan(60 * megabyte);
  const read = (run: number) => photos.original(ids[run]!, 1);
  expect(await longestTurnMs(read, { runs }), 'read').toBeLessThan(longestAllowedMs);
  expect(await longestTurnMs((run) => photos.erase(ids[run]!), { runs }), 'erased').toBeLessThan(longestAllowedMs);
  expect(await sizeOf(path)).toBeLessThan(before + megabyte);
  expect(await sizeOf(`${path}-wal`)).toBe(0);
  await db.destroy();
});

it('reads a photo that an older version stored in one piece, and erases it', async () => {
  const { db, photos, jobs } = await opened(join(folder, 'bot.db'));
  await jobs.insert(aJob('draft'));
  const photo = aPhoto('a');
  await photos.add(jobId('job1'), 1, photo);
  await db.deleteFrom('photo_pieces').execute();
  await db
    .updateTable('photos')
    .set({ original: Buffer.from('whole'), crop: Buffer.from('square') })
    .execute();
  expect(await photos.original(jobId('job1'), 1)).toEqual(Buffer.from('whole'));
  expect(await photos.crop(jobId('job1'), 1)).toEqual(Buffer.from('square'));
  await photos.replace(jobId('job1'), 1, photo);
  expect(await photos.crop(jobId('job1'), 1)).toEqual(photo.crop!.png);
  await photos.erase(jobId('job1'));
  expect(await photos.crop(jobId('job1'), 1)).toBeUndefined();
  await db.destroy();
});

it('lets a file of an older version shrink from its next start on', async () => {
  const path = join(folder, 'old.db');
  const old = new DatabaseSync(path);
  old.exec('create table filling (bytes blob)');
  old.prepare('insert into filling values (?)').run(randomBytes(20 * megabyte));
  old.exec('delete from filling');
  old.close();
  expect(await sizeOf(path)).toBeGreaterThan(20 * megabyte);
  const { db } = await opened(path);
  expect(await sizeOf(path)).toBeLessThan(2 * megabyte);
  await db.destroy();
});
