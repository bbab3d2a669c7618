import { spawn } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { GuildId, MemberId } from '../../src/lib/ids.ts';
import { openDatabase } from '../../src/services/database/database.ts';
import { noteFirstKey } from '../../src/services/guilds/stored-keys.ts';
import { createKeyvAdapter } from '../../src/services/guilds/keyv-adapter.ts';
import { createVault } from '../../src/services/guilds/vault.ts';
import { startStage, type Stage } from './stage.ts';

const script = fileURLToPath(new URL('../../rotate-keys.ts', import.meta.url));
const [one, two] = [Buffer.alloc(32, 'one').toString('base64'), Buffer.alloc(32, 'two').toString('base64')];

let folder: string;
let file: string;
let stage: Stage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-keys-'));
  file = join(folder, 'given.keys');
  await writeFile(file, `k1:${one}\n`);
  stage = await startStage({ trainingMs: 600, environment: { MASTER_KEYS: '', MASTER_KEYS_FILE: file } });
  for (const key of [one, two]) stage.keepSecret(key);
});
afterEach(() => stage.check());
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true });
});

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

function startScript(databaseFile: string, args: readonly string[] = []) {
  return spawn(process.execPath, [script, ...args], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      DISCORD_TOKEN: 'not-asked-for',
      DATABASE_URL: `sqlite:${databaseFile}`,
      MASTER_KEYS_FILE: file,
    },
  });
}

async function rotateKeys(...args: string[]): Promise<Ran> {
  const child = startScript(join(stage.folder, 'darkroom.db'), args);
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => pieces.push(piece));
  const [code] = (await once(child, 'close')) as [number | null];
  const output = Buffer.concat(pieces).toString();
  for (const entry of (await readFile(file, 'utf8')).trim().split(/\s+/)) {
    const key = entry.replace(/^[^:]*:/, '');
    stage.keepSecret(key);
    expect(output).not.toContain(key);
  }
  return { code, output };
}

function keysIn(data: string): { readonly modelslab: number } {
  const db = new DatabaseSync(join(data, 'darkroom.db'), { readOnly: true });
  try {
    const count = db.prepare("select count(*) as n from settings where key like 'api-key:%'").get()?.['n'];
    return { modelslab: Number(count) };
  } finally {
    db.close();
  }
}

const keysLeftIn = async () => (await readFile(file, 'utf8')).trim().split('\n');

it('changes the master key while orders go on: add one, restart, rotate, remove the old one, restart', async () => {
  const server = await stage.addServer();
  const order = await server.train();

  expect(await rotateKeys('--new')).toEqual({
    code: 0,
    output: expect.stringMatching(/k2-\w+ stands first, before k1\. .*restart the bot, then run/s),
  });
  expect(await rotateKeys(), 'the running bot would go on encrypting with k1').toEqual({
    code: 1,
    output: expect.stringMatching(/Nothing was changed: .*started with the master key k1 first.*Restart it/),
  });

  await stage.restart('SIGTERM');
  expect(await rotateKeys()).toEqual({
    code: 0,
    output: expect.stringMatching(
      /of ModelsLab: 1 encrypted anew, 0 were already, 0 could not.*You may remove k1, then restart.*Backups .* still need k1/s,
    ),
  });
  await order.start();
  await order.end(/is ready/);

  const [newest = ''] = await keysLeftIn();
  await stage.restart('SIGTERM', () => writeFile(file, `${newest}\n`));
  expect(await rotateKeys()).toMatchObject({
    code: 0,
    output: expect.stringMatching(/1 were already.*only master key/s),
  });
  const another = await server.train({ name: 'Another' });
  await another.start();
  await another.end(/is ready/);
});

it('fails closed when the master keys are lost: says whose key cannot be read, keeps what is stored, and takes it set again', async () => {
  const server = await stage.addServer();
  const { modelslab } = keysIn(stage.folder);
  const order = await server.train({ name: 'Lost' });
  await order.startable();
  const kept = await readFile(file, 'utf8');

  await stage.restart('SIGTERM', () => writeFile(file, `k9:${two}\n`));
  const complaint = stage
    .log()
    .find(({ msg }) => String(msg).includes('cannot be decrypted: bring back the master keys'));
  expect(complaint).toMatchObject({ level: 'error', modelslab });

  const { content } = await server.ask(server.ada, 'config show');
  expect(content).toMatch(/API key:\*\* stored, but it cannot be read any more\. Set it again with \/config key/);
  await order.start();
  expect(textOf(await order.end(/could not be trained/))).toMatch(/\/config key/);
  expect(server.charges()).toEqual([]);
  expect(await rotateKeys()).toEqual({
    code: 1,
    output: expect.stringMatching(/[12] could not be decrypted.*Remove no master key.*\/config key/s),
  });

  await stage.restart('SIGTERM', () => writeFile(file, `k9:${two}\n${kept}`));
  expect((await server.ask(server.ada, 'config show')).content).toMatch(/API key:\*\* ends in/);
  await stage.restart('SIGTERM', () => writeFile(file, `k9:${two}\n`));
  await server.setKey();
  const again = await server.train({ name: 'Again' });
  await again.start();
  await again.end(/is ready/);
  await stage.restart('SIGTERM', () => writeFile(file, `k9:${two}\n${kept}`));
});

it('loses nothing when it is killed in the middle, and goes on from there', async () => {
  const path = join(folder, 'many.db');
  const before = await keysLeftIn();
  const masterKeys = [
    { id: 'k2', secret: createSecretKey(two, 'base64') },
    { id: 'k1', secret: createSecretKey(one, 'base64') },
  ];
  await writeFile(file, `k2:${two}\nk1:${one}\n`);
  const db = await openDatabase(`sqlite:${path}`);
  const storage = () => createKeyvAdapter(db, systemClock);
  const vault = (keys = masterKeys) =>
    createVault({
      purpose: 'modelslab',
      storage: storage(),
      masterKeys: keys,
      clock: systemClock,
      secrets: { add: () => undefined },
    });
  const guilds = Array.from({ length: 600 }, (_, index) => `guild${index}` as GuildId);
  const old = vault(masterKeys.slice(1));
  for (const guildId of guilds) await old.keep(guildId, `secret-of-${guildId}`, 'ada' as MemberId);
  await noteFirstKey(storage(), masterKeys);

  const reader = new DatabaseSync(path, { readOnly: true });
  const done = () =>
    Number(reader.prepare(`select count(*) as n from settings where value like '%"kid":"k2"%'`).get()?.['n']);
  const child = startScript(path);
  const ended = once(child, 'close');
  while (done() < 20 && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  await ended;
  const doneThen = done();
  reader.close();
  expect(doneThen).toBeGreaterThanOrEqual(20);
  expect(doneThen, 'killed in the middle').toBeLessThan(600);
  for (const guildId of guilds) expect((await vault().open(guildId))?.secret).toBe(`secret-of-${guildId}`);

  const again = startScript(path);
  const pieces: Buffer[] = [];
  again.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  expect((await once(again, 'close'))[0]).toBe(0);
  expect(Buffer.concat(pieces).toString()).toContain(`${600 - doneThen} encrypted anew, ${doneThen} were already`);
  for (const guildId of guilds)
    expect((await vault(masterKeys.slice(0, 1)).open(guildId))?.secret).toBe(`secret-of-${guildId}`);
  await db.destroy();
  await writeFile(file, before.join('\n'));
});
