import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '../../../src/services/database/backup.ts';
import { openDatabase, openDatabaseOfBot, type Database } from '../../../src/services/database/database.ts';
import { assertSqliteVersion } from '../../../src/services/database/sqlite-file.ts';

let folder: string;
let path: string;
let opened: Database[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-database-'));
  path = join(folder, 'data', 'darkroom.db');
  opened = [];
});

afterEach(async () => {
  for (const db of opened) await db.destroy();
  await rm(folder, { recursive: true });
});

async function open(url = `sqlite:${path}`): Promise<Database> {
  const db = await openDatabase(url);
  opened.push(db);
  return db;
}

const job = {
  id: 'job1',
  guild_id: 'g1',
  owner_id: 'm1',
  state: 'draft',
  name: 'anna',
  method: 'sandbox',
  training_id: null,
  key_fingerprint: null,
  next_at: null,
  quiet_until: null,
  sent_at: null,
  lease_until: null,
  lease_owner: null,
  rev: 0,
  document: '{}',
  created_at: 1,
  started_at: null,
  ended_at: null,
};

const photo = { job_id: 'job1', position: 1, name: 'a.jpg', verdict: 'good' };
const nothing = { sha256: null, looks: null, original: null, crop: null, thumbnail: null, link: null };
const entry = { at: 1, job_id: 'job1', guild_id: 'g1', event: 'intent', detail: 'attempt 1', usd: 1 };

describe('opening', () => {
  it('creates the folder and the file for nobody but the owner', async () => {
    await open();
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
    for (const file of await readdir(join(folder, 'data'))) {
      expect((await stat(join(folder, 'data', file))).mode & 0o777, file).toBe(0o600);
    }
  });

  it('finds what was stored before, and adds no second schema', async () => {
    const before = await open();
    await before.insertInto('jobs').values(job).execute();
    await before.destroy();
    expect(await (await open()).selectFrom('jobs').selectAll().execute()).toEqual([job]);
  });

  it('makes every commit durable and overwrites what is erased', async () => {
    const db = await open();
    const setting = async (name: string) => (await sql.raw(`pragma ${name}`).execute(db)).rows[0];
    expect(await setting('journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(await setting('synchronous')).toEqual({ synchronous: 2 });
    expect(await setting('secure_delete')).toEqual({ secure_delete: 1 });
    expect(await setting('foreign_keys')).toEqual({ foreign_keys: 1 });
  });

  it('leaves one complete file when it is destroyed, so that a copy of it is a backup', async () => {
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    await db.destroy();
    expect(await readdir(join(folder, 'data'))).toEqual(['darkroom.db']);
  });

  it('leaves nothing erased in the log of a process that was killed before it could empty it', async () => {
    const db = await open();
    const original = Buffer.from('the bytes of a photo that somebody had erased');
    await db.insertInto('jobs').values(job).execute();
    await db
      .insertInto('photos')
      .values({ ...photo, ...nothing, cut: null, scene: null, original })
      .execute();
    await db.deleteFrom('photos').execute();
    const killed = join(folder, 'killed.db');
    for (const end of ['', '-wal']) await copyFile(`${path}${end}`, `${killed}${end}`);
    expect((await readFile(`${killed}-wal`)).includes(original)).toBe(true);
    await open(`sqlite:${killed}`);
    for (const end of ['', '-wal']) expect((await readFile(`${killed}${end}`)).includes(original), end).toBe(false);
  });

  it('keeps a database in memory apart from every other', async () => {
    const [one, other] = [await open('sqlite::memory:'), await open('sqlite::memory:')];
    await one.insertInto('jobs').values(job).execute();
    expect(await other.selectFrom('jobs').selectAll().execute()).toEqual([]);
  });
});

describe('refusing to open, in one line for the operator', () => {
  it('says of PostgreSQL that this version cannot, without repeating the password in the URL', async () => {
    const error = await openDatabase('postgres://bot:hunter22@localhost/darkroom').catch(String);
    expect(error).toMatch(/Cannot use PostgreSQL: this version stores in SQLite only/);
    expect(error).not.toContain('hunter22');
  });

  it('says what a URL looks like', async () => {
    await expect(openDatabase('data/darkroom.db')).rejects.toThrow(
      'Cannot read DATABASE_URL: expected "sqlite:<path>"',
    );
  });

  it('says that a file is damaged when it is no database', async () => {
    const text = join(folder, 'text.db');
    await writeFile(
      text,
      'this is no database, however long it is, and it is longer than a header of 100 bytes would be',
    );
    await expect(openDatabase(`sqlite:${text}`)).rejects.toThrow(
      /^Cannot open the database .*damaged.*restore what "npm run backup" wrote/,
    );
  });

  it('says that a file is damaged when the end of it is gone', async () => {
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    await db.destroy();
    await truncate(path, 3 * 4096);
    await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(
      /^Cannot open the database .*damaged.*restore what "npm run backup" wrote/,
    );
  });

  it('brings a file of the first version up to date, and keeps what is in it', async () => {
    await mkdir(dirname(path));
    const file = new DatabaseSync(path);
    file.exec(await readFile(new URL('version-1.sql', import.meta.url), 'utf8'));
    const { quiet_until: _later, sent_at: _laterToo, lease_owner: _latest, ...first } = job;
    const columns = Object.keys(first);
    file
      .prepare(`insert into jobs (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
      .run(...Object.values(first));
    file.exec(`
      update jobs set training_id = 't1', document = '{"webhook":{"tokenHash":"hash1","intent":{"attempt":2}}}';
      insert into jobs select 'job2', guild_id, owner_id, state, name, method, null, null, null, null, rev, 'no JSON', created_at, null, null
        from jobs;
      insert into ledger (at, job_id, guild_id, event, detail) values
        (1, 'job1', 'guild1', 'charged', 'training t0'),
        (2, 'erased', 'guild1', 'charged', 'training t0'),
        (3, 'erased', 'guild1', 'pictures-charged', 'round 1, pictures 2, request r1'),
        (4, 'erased', 'guild1', 'pictures-charged', 'round 2, pictures 2');
      pragma user_version = 1;
    `);
    file.close();
    const db = await open();
    const stored = await db.selectFrom('jobs').selectAll().where('id', '=', job.id).execute();
    expect(stored).toEqual([{ ...job, training_id: 't1', document: expect.stringContaining('hash1') as string }]);
    const addresses = await db
      .selectFrom('addresses')
      .select(['token_hash', 'job_id', 'attempt', 'training_id'])
      .execute();
    expect(addresses).toEqual([{ token_hash: 'hash1', job_id: job.id, attempt: 2, training_id: 't1' }]);
    expect(await db.selectFrom('provider_ids').selectAll().execute()).toEqual([
      { kind: 'pictures', id: 'r1', job_id: 'erased' },
      { kind: 'training', id: 't0', job_id: 'job1' },
      { kind: 'training', id: 't1', job_id: job.id },
    ]);
    expect(await db.selectFrom('confirmations').selectAll().execute()).toEqual([]);
  });

  it('does not read a backup beside the log of the database that it replaces, which would go into it', async () => {
    await (await open()).destroy();
    const backup = join(folder, 'backup.db');
    await backUp({ url: `sqlite:${path}`, file: backup, at: 1 });
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    const log = await readFile(`${path}-wal`);
    await db.destroy();
    await copyFile(backup, path);
    await writeFile(`${path}-wal`, log);
    await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(
      /^Cannot open the database .*: it is a backup, and beside it stands the log of another database, move ".*-wal" and ".*-shm" away/,
    );
    expect(await readFile(path)).toEqual(await readFile(backup));
    await rm(`${path}-wal`);
    expect(await (await open()).selectFrom('jobs').selectAll().execute()).toEqual([]);
  });

  it('leaves a file alone that a newer version wrote', async () => {
    await (await open()).destroy();
    const file = new DatabaseSync(path);
    file.exec('pragma user_version = 99');
    file.close();
    await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(
      /a newer version of this program wrote it \(schema 99/,
    );
  });

  it('leaves a database as it is that the bot of an older version may be running on, when it is opened beside it', async () => {
    await mkdir(dirname(path));
    const file = new DatabaseSync(path);
    file.exec(await readFile(new URL('version-1.sql', import.meta.url), 'utf8'));
    file.exec('pragma user_version = 1');
    await expect(openDatabaseOfBot(`sqlite:${path}`)).rejects.toThrow(
      /^Cannot open the database .*: an older version of this program wrote it \(schema 1,.*start the bot with this version first/,
    );
    expect(file.prepare('pragma user_version').get()).toEqual({ user_version: 1 });
    file.close();
    await (await open()).destroy();
    await (await openDatabaseOfBot(`sqlite:${path}`)).destroy();
  });

  it('makes no database where there is none, when it is opened beside the bot', async () => {
    await expect(openDatabaseOfBot(`sqlite:${path}`)).rejects.toThrow(
      /: there is none, name the one that the bot uses/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  const paths = [
    {
      what: 'a folder',
      prepare: (at: string) => mkdir(at, { recursive: true }),
      says: /: it is a folder, name a file/,
    },
    {
      what: 'below a file',
      prepare: (at: string) => writeFile(dirname(at), ''),
      says: /: what should be its folder is/,
    },
  ];

  it.each(paths)('says what is wrong with a path that is $what', async ({ prepare, says }) => {
    await prepare(path);
    const error = await openDatabase(`sqlite:${path}`).then(String, String);
    expect(error).toMatch(/^Error: Cannot open the database "/);
    expect(error).toMatch(says);
    expect(error).not.toContain('\n');
  });

  it('says that another process holds the file when it does for long', async () => {
    await (await open()).destroy();
    const other = new DatabaseSync(path);
    other.exec('pragma locking_mode = exclusive; begin exclusive');
    await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(/another process holds it, end that one/);
    other.close();
  });

  it('refuses a SQLite that may damage files', () => {
    expect(() => {
      assertSqliteVersion('3.51.2');
    }).toThrow(/versions before 3.51.3 can damage the database, update Node/);
    expect(() => {
      assertSqliteVersion('3.53.4');
      assertSqliteVersion('4.0.0');
    }).not.toThrow();
  });
});

describe('transactions', () => {
  it('never interleave: each sees what the one before it committed', async () => {
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    const addOne = async () =>
      db.transaction().execute(async (trx) => {
        const { rev } = await trx.selectFrom('jobs').select('rev').executeTakeFirstOrThrow();
        await new Promise(setImmediate);
        await trx
          .updateTable('jobs')
          .set({ rev: rev + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 50 }, addOne));
    expect(await db.selectFrom('jobs').select('rev').executeTakeFirst()).toEqual({ rev: 50 });
  });

  it('keep queries from outside waiting until they end', async () => {
    const db = await open();
    const order: string[] = [];
    const transaction = db.transaction().execute(async (trx) => {
      await trx.insertInto('jobs').values(job).execute();
      await new Promise(setImmediate);
      order.push('committing');
    });
    const outside = db
      .selectFrom('jobs')
      .select('id')
      .execute()
      .then((rows) => order.push(`outside sees ${rows.length}`));
    await Promise.all([transaction, outside]);
    expect(order).toEqual(['committing', 'outside sees 1']);
  });

  it('take the write lock when they begin, because a later upgrade fails when another process wrote', async () => {
    const db = await open();
    const other = new DatabaseSync(path, { timeout: 0 });
    await db.transaction().execute(async (trx) => {
      await trx.selectFrom('jobs').select('id').execute();
      expect(() => {
        other.exec('begin immediate');
      }).toThrow(/locked/);
    });
    other.close();
  });

  it('wait for another process without holding up the event loop or whoever reads', async () => {
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    const other = new DatabaseSync(path, { timeout: 0 });
    other.exec('begin immediate');
    const done: string[] = [];
    const writing = [
      db
        .updateTable('jobs')
        .set({ name: 'bea' })
        .execute()
        .then(() => done.push('statement')),
      db
        .transaction()
        .execute((trx) => trx.updateTable('jobs').set({ rev: 1 }).execute())
        .then(() => done.push('transaction')),
    ];
    // Held up, this loop would never come to the end that lets the others go on.
    for (let read = 0; read < 5; read += 1) {
      expect(await db.selectFrom('jobs').select(['name', 'rev']).execute()).toEqual([{ name: 'anna', rev: 0 }]);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(done).toEqual([]);
    other.exec('commit');
    await Promise.all(writing);
    expect(await db.selectFrom('jobs').select(['name', 'rev']).execute()).toEqual([{ name: 'bea', rev: 1 }]);
    other.close();
  });

  it('store nothing when they throw', async () => {
    const db = await open();
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('jobs').values(job).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.selectFrom('jobs').selectAll().execute()).toEqual([]);
  });

  it('say that the disk is full, store nothing, and work again when it no longer is', async () => {
    const db = await open();
    await sql`pragma max_page_count = 30`.execute(db);
    const tooMuch = db.transaction().execute(async (trx) => {
      await trx.insertInto('jobs').values(job).execute();
      await trx
        .insertInto('photos')
        .values({ ...photo, ...nothing, crop: new Uint8Array(1_000_000) })
        .execute();
    });
    await expect(tooMuch).rejects.toMatchObject({ errcode: 13 });
    await sql`pragma max_page_count = 10000`.execute(db);
    await db.transaction().execute(async (trx) => trx.insertInto('jobs').values(job).execute());
    expect(await db.selectFrom('jobs').select('id').execute()).toHaveLength(1);
  });
});

describe('tables', () => {
  it('give photos back byte for byte', async () => {
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    const crop = Buffer.from([0, 1, 254, 255]);
    await db
      .insertInto('photos')
      .values({ ...photo, ...nothing, crop })
      .execute();
    const stored = await db.selectFrom('photos').select(['crop', 'original']).executeTakeFirstOrThrow();
    expect(stored.crop).toBeInstanceOf(Uint8Array);
    expect(crop.equals(stored.crop!)).toBe(true);
    expect(stored.original).toBeNull();
  });

  it('leave no byte of an erased photo in the file', async () => {
    const db = await open();
    const mark = Buffer.from('a-face-that-must-not-remain'.repeat(1000));
    await db.insertInto('jobs').values(job).execute();
    await db
      .insertInto('photos')
      .values({ ...photo, ...nothing, original: mark })
      .execute();
    await db.updateTable('photos').set({ original: null }).execute();
    await db.destroy();
    expect((await readFile(path)).includes('a-face-that-must-not-remain')).toBe(false);
  });

  it('erase the photos with their job', async () => {
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    await db
      .insertInto('photos')
      .values({ ...photo, ...nothing })
      .execute();
    await db.deleteFrom('jobs').execute();
    expect(await db.selectFrom('photos').selectAll().execute()).toEqual([]);
  });

  it('refuse a photo of no job', async () => {
    const insert = (await open()).insertInto('photos').values({ ...photo, ...nothing });
    await expect(insert.execute()).rejects.toThrow(/FOREIGN KEY/);
  });

  it('refuse a time that is not a whole number of milliseconds', async () => {
    const insert = (await open()).insertInto('jobs').values({ ...job, next_at: 1.5 });
    await expect(insert.execute()).rejects.toThrow(/cannot store REAL value in INTEGER column jobs.next_at/);
  });

  it('count what a statement changed, which is how a lost race is seen', async () => {
    const db = await open();
    await db.insertInto('jobs').values(job).execute();
    const missed = await db.updateTable('jobs').set({ rev: 2 }).where('rev', '=', 1).executeTakeFirst();
    expect(missed.numUpdatedRows).toBe(0n);
    const returned = await db.updateTable('jobs').set({ rev: 2 }).where('rev', '=', 0).returning('id').execute();
    expect(returned).toEqual([{ id: 'job1' }]);
  });

  it('find due jobs by an index', async () => {
    const db = await open();
    const plan = await sql`explain query plan select id from jobs where next_at <= 5 order by next_at limit 10`.execute(
      db,
    );
    expect(JSON.stringify(plan.rows)).toContain('jobs_due');
  });
});

describe('the ledger', () => {
  it.each([
    ['whose a training is', "detail in ('training t1', 'training t2')", 'ledger_by_detail'],
    ['whether anything was left in doubt', "event in ('resent', 'dropped') and at > 5", 'ledger_by_event'],
  ])('tells by an index %s', async (_what, where, index) => {
    const plan = await sql`explain query plan select id from ledger where ${sql.raw(where)}`.execute(await open());
    expect(JSON.stringify(plan.rows)).toContain(index);
  });

  it('numbers its entries in their order', async () => {
    const db = await open();
    await db.insertInto('ledger').values(entry).execute();
    await db
      .insertInto('ledger')
      .values({ ...entry, event: 'sent' })
      .execute();
    const entries = await db.selectFrom('ledger').select(['id', 'event']).orderBy('id').execute();
    expect(entries).toEqual([
      { id: 1, event: 'intent' },
      { id: 2, event: 'sent' },
    ]);
  });

  it('can neither lose nor change an entry', async () => {
    const db = await open();
    await db.insertInto('ledger').values(entry).execute();
    await expect(db.deleteFrom('ledger').execute()).rejects.toThrow('the ledger is append-only');
    for (const change of [
      { event: 'refused' },
      { at: 2 },
      { job_id: 'x' },
      { guild_id: 'g2' },
      { detail: 'other' },
      { usd: 2 },
    ]) {
      await expect(db.updateTable('ledger').set(change).execute()).rejects.toThrow('the ledger is append-only');
    }
    expect(await db.selectFrom('ledger').selectAll().execute()).toEqual([{ id: 1, ...entry }]);
  });

  it('can forget whose entry it was, for a server that wants to be forgotten', async () => {
    const db = await open();
    await db.insertInto('ledger').values(entry).execute();
    await db.updateTable('ledger').set({ guild_id: '', detail: null }).where('guild_id', '=', 'g1').execute();
    expect(await db.selectFrom('ledger').select(['guild_id', 'event']).execute()).toEqual([
      { guild_id: '', event: 'intent' },
    ]);
  });
});
