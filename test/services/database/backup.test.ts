import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUp, findBackupTime, forgetBackupTime } from '../../../src/services/database/backup.ts';
import { openDatabase, type Database } from '../../../src/services/database/database.ts';

let folder: string;
let url: string;
let file: string;
let db: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-backup-'));
  url = `sqlite:${join(folder, 'darkroom.db')}`;
  file = join(folder, 'backup.db');
  db = await openDatabase(url);
});

afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true });
});

const set = (key: string, value: string) =>
  db.replaceInto('settings').values({ key, value, expires_at: null }).execute();

it('holds one moment: what is written together while it is made is in it together or not at all', async () => {
  const blank = 'x'.repeat(200_000);
  for (let row = 0; row < 50; row += 1) await set(`filler${row}`, blank);
  const making = { done: false };
  const copying = backUp({ url, file, at: 1 }).finally(() => (making.done = true));
  let writes = 0;
  for (; !making.done; writes += 1) {
    await db.transaction().execute(async (trx) => {
      for (const key of ['first', 'filler25', 'last'])
        await trx
          .replaceInto('settings')
          .values({ key, value: String(writes), expires_at: null })
          .execute();
    });
    await new Promise(setImmediate);
  }
  await copying;
  expect(writes).toBeGreaterThan(0);
  const copy = await openDatabase(`sqlite:${file}`);
  const rows = await copy.selectFrom('settings').selectAll().where('key', 'in', ['first', 'last']).execute();
  await copy.destroy();
  expect(new Set(rows.map(({ value }) => value)).size).toBeLessThan(2);
});

it('says in the copy that it is one, until the program has seen to that, and not in the original', async () => {
  await backUp({ url, file, at: 1234 });
  expect(await findBackupTime(db)).toBeUndefined();
  const copy = await openDatabase(`sqlite:${file}`);
  expect(await findBackupTime(copy)).toBe(1234);
  await forgetBackupTime(copy);
  expect(await findBackupTime(copy)).toBeUndefined();
  await copy.destroy();
});

it('backs up a database that no bot has open', async () => {
  await set('a', 'b');
  await db.destroy();
  await backUp({ url, file, at: 1 });
  db = await openDatabase(`sqlite:${file}`);
  expect(await db.selectFrom('settings').select('value').where('key', '=', 'a').executeTakeFirst()).toEqual({
    value: 'b',
  });
});

const troubles = [
  {
    what: 'the file exists',
    change: () => ({ file: `${folder}/darkroom.db` }),
    why: /^Cannot write the backup ".*": it exists/,
  },
  {
    what: 'the folder is missing',
    change: () => ({ file: `${folder}/none/b.db` }),
    why: /^Cannot write the backup ".*none/,
  },
  {
    what: 'there is no database',
    change: () => ({ url: `sqlite:${folder}/other.db` }),
    why: /no database ".*other\.db"/,
  },
  { what: 'the database is a folder', change: () => ({ url: `sqlite:${folder}` }), why: /there is no database/ },
  {
    what: 'the database is elsewhere',
    change: () => ({ url: 'postgres://u:hunter22@h/d' }),
    why: /Cannot use PostgreSQL/,
  },
];

it.each(troubles)('leaves nothing behind and says why in one line when $what', async ({ change, why }) => {
  const before = await readdir(folder);
  const error = await backUp({ url, file, at: 1, ...change() }).then(String, String);
  expect(error.replace('Error: ', '')).toMatch(why);
  expect(error).not.toMatch(/\n|hunter22/);
  expect(await readdir(folder)).toEqual(before);
});
