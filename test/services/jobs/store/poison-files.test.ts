import { expect, it } from 'vitest';
import { openDatabase } from '../../../../src/services/database/database.ts';
import { createPoisonFiles } from '../../../../src/services/jobs/store/poison-files.ts';
import { heldClock } from '../held-clock.ts';
import { hour } from '../job-builder.ts';

it('remembers a file across restarts, for thirty days', async () => {
  const db = await openDatabase('sqlite::memory:');
  const clock = heldClock();
  await createPoisonFiles(db, clock).add('a');
  const afterRestart = createPoisonFiles(db, clock);
  expect(await afterRestart.has('a')).toBe(true);
  expect(await afterRestart.has('b')).toBe(false);
  clock.pass(30 * 24 * hour);
  expect(await afterRestart.has('a')).toBe(false);
  await afterRestart.add('b');
  await afterRestart.add('b');
  expect(await db.selectFrom('deadly_files').select('sha256').execute()).toEqual([{ sha256: 'b' }]);
  await db.destroy();
});
