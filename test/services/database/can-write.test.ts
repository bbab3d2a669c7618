import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { canWrite, openDatabase } from '../../../src/services/database/database.ts';
import { hasFreeSpace } from '../../../src/services/database/free-space.ts';

it('is ready only while something can be written, which a full disk or a locked file prevents', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-write-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const db = await openDatabase(`sqlite:${join(folder, 'darkroom.db')}`);
  onTestFinished(() => db.destroy());
  await expect(canWrite(db)).resolves.toBe(true);
  await sql`pragma query_only = on`.execute(db);
  await expect(canWrite(db)).rejects.toThrow(/readonly/);
});

it('has room while the disk of its file has, and says when it cannot tell', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-room-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const url = `sqlite:${join(folder, 'darkroom.db')}`;
  expect(await hasFreeSpace(url, 1)).toBe(true);
  expect(await hasFreeSpace(url, Number.MAX_SAFE_INTEGER)).toBe(false);
  expect(await hasFreeSpace('sqlite::memory:', Number.MAX_SAFE_INTEGER)).toBe(true);
  await expect(hasFreeSpace(`sqlite:${join(folder, 'gone', 'darkroom.db')}`)).rejects.toThrow(/ENOENT/);
});
