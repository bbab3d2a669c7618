import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { canWrite, openDatabase } from '../../../src/services/database/database.ts';

it('is ready only while something can be written, which a full disk or a locked file prevents', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-write-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const db = await openDatabase(`sqlite:${join(folder, 'darkroom.db')}`);
  onTestFinished(() => db.destroy());
  await expect(canWrite(db)).resolves.toBe(true);
  await sql`pragma query_only = on`.execute(db);
  await expect(canWrite(db)).rejects.toThrow(/readonly/);
});
