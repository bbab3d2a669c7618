import { link, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUp } from '../../../src/services/database/backup.ts';
import { openDatabase, openDatabaseOfBot } from '../../../src/services/database/database.ts';
import { holdDatabase } from '../../../src/services/database/sole-use.ts';

let folder: string;
let waits: number;
const never = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-sole-use-'));
  waits = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const urlOf = (name: string) => `sqlite:${join(folder, name)}`;
const hold = (name = 'data/darkroom.db', signal = never) =>
  holdDatabase({ url: urlOf(name), onWait: () => (waits += 1), patienceMs: 0 }, signal);
const refusal =
  /^Cannot use the database ".*darkroom\.db": another process of this bot runs on it, end that one and start again, or name/;

it('keeps a second one off until the first lets go, and says what to do', async () => {
  const letGo = await hold();
  await expect(hold()).rejects.toThrow(refusal);
  expect(waits).toBe(1);
  letGo!();
  (await hold())!();
  expect(waits).toBe(1);
});

it('waits for the one that ends', async () => {
  const letGo = await hold();
  const second = holdDatabase({ url: urlOf('data/darkroom.db'), onWait: letGo!, patienceMs: 60_000 }, never);
  (await second)!();
});

it('knows the file by another name, and leaves other files alone', async () => {
  const letGo = await hold();
  await (await openDatabase(urlOf('data/darkroom.db'))).destroy();
  await symlink(join(folder, 'data'), join(folder, 'elsewhere'));
  await symlink(join(folder, 'data', 'darkroom.db'), join(folder, 'other.db'));
  await expect(hold('elsewhere/darkroom.db')).rejects.toThrow(refusal);
  await expect(hold('other.db')).rejects.toThrow(/another process/);
  (await hold('data/another.db'))!();
  letGo!();
});

it('knows the file that a link leads to also where that is not there yet', async () => {
  await mkdir(join(folder, 'data'));
  await mkdir(join(folder, 'volume'));
  await symlink('../volume/real.db', join(folder, 'data', 'darkroom.db'));
  const letGo = await hold();
  await (await openDatabase(urlOf('data/darkroom.db'))).destroy();
  await expect(hold()).rejects.toThrow(refusal);
  await expect(hold('volume/real.db')).rejects.toThrow(/another process/);
  letGo!();
});

it('refuses a file with two names, whose logs would damage it', async () => {
  (await hold())!();
  await link(join(folder, 'data', 'darkroom.db'), join(folder, 'other.db'));
  const why =
    /^Cannot open the database ".*\.db": the file has another name as well \(a hard link\).*delete the other name/;
  await expect(hold()).rejects.toThrow(why);
  await expect(hold('other.db')).rejects.toThrow(why);
});

it('does not keep a backup or a command beside the bot from the database', async () => {
  const letGo = await hold();
  await (await openDatabase(urlOf('data/darkroom.db'))).destroy();
  await backUp({ url: urlOf('data/darkroom.db'), file: join(folder, 'backup.db'), at: 1 });
  await (await openDatabaseOfBot(urlOf('data/darkroom.db'))).destroy();
  await expect(hold()).rejects.toThrow(refusal);
  letGo!();
});

it('stops waiting when the program is told to stop', async () => {
  const letGo = await hold();
  const stopping = new AbortController();
  const second = holdDatabase(
    {
      url: urlOf('data/darkroom.db'),
      onWait: () => {
        stopping.abort();
      },
      patienceMs: 60_000,
    },
    stopping.signal,
  );
  expect(await second).toBeUndefined();
  letGo!();
});
