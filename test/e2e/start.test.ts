import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDiscord, type Discord } from '../../playground/discord/discord.ts';
import { startModelsLab, type ModelsLab } from '../../playground/modelslab/modelslab.ts';
import { startProgram } from '../../playground/program.ts';
import { patience } from './order.ts';
import { variablesFor } from './stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let discord: Discord;
let modelsLab: ModelsLab;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-e2e-'));
  discord = await startDiscord();
  modelsLab = await startModelsLab();
});
afterAll(async () => {
  await Promise.all([discord.close(), modelsLab.close()]);
  await rm(folder, { recursive: true, force: true });
});

const start = (changed: Record<string, string> = {}, args: readonly string[] = []) =>
  startProgram({ ...variablesFor({ discord, modelsLab, folder }), ...changed }, args);

const wrong = [
  { variable: 'DISCORD_TOKEN', value: '', says: /DISCORD_TOKEN is not set.*discord\.com\/developers/ },
  { variable: 'DISCORD_API_URL', value: 'discord', says: /DISCORD_API_URL is malformed/ },
  { variable: 'DISCORD_CDN_ORIGINS', value: 'cdn.discordapp.com', says: /DISCORD_CDN_ORIGINS is malformed/ },
  { variable: 'MODELSLAB_URL', value: 'ftp://x', says: /MODELSLAB_URL is malformed/ },
  { variable: 'POLL_SECONDS', value: 'soon', says: /POLL_SECONDS is malformed/ },
  { variable: 'PORT', value: '70000', says: /PORT is malformed/ },
  { variable: 'MASTER_KEYS', value: 'k1:short', says: /MASTER_KEYS/ },
  { variable: 'DATABASE_URL', value: 'mysql://u:secret@h/d', says: /DATABASE_URL/ },
] as const;

it.concurrent.each(wrong)('ends with one line that names $variable when it is wrong', async (given) => {
  const program = start({ [given.variable]: given.value });
  expect(await program.exited).toBe(1);
  const lines = program.output().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(given.says);
  expect(lines[0]).not.toContain('secret');
});

it('ends with one clear line when Discord does not accept the token', async () => {
  const other = await startDiscord();
  const program = start({ DISCORD_TOKEN: other.botToken });
  expect(await program.exited).toBe(1);
  const plain = program
    .output()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'));
  expect(plain).toEqual([expect.stringMatching(/Discord does not accept DISCORD_TOKEN/)]);
  expect(program.output()).not.toContain(other.botToken);
  await other.close();
});

describe('the commands', () => {
  const registrations = () => discord.events.all.filter(({ type }) => type === 'commands-registered').length;
  const asked = () => discord.requests.filter(({ method, route }) => method === 'GET' && route.endsWith('/commands'));
  const run = async (until: () => unknown, args: readonly string[] = []) => {
    const before = discord.requests.length;
    const program = start({}, args);
    await discord.botReady(patience);
    await discord.until(until, { ...patience, what: 'what this start does' });
    // What follows the last question, if anything does, has begun by the time that the list of servers was asked for.
    await discord.until(() => discord.requests.slice(before).some(({ route }) => route.endsWith('/guilds')), patience);
    expect(await program.stop()).toBe(0);
    return program.output();
  };

  it('are registered by a start when there are none, and left alone by the next one, which asks once', async () => {
    const complaints = discord.violations.length;
    const output = await run(() => registrations() === 1);
    expect(output).toMatch(/"invite":"https:\/\/discord\.com\/[^"]*permissions=\d+/);
    expect(
      discord
        .commands()
        .map(({ body }) => body.name)
        .toSorted(),
    ).toEqual(['Train on these photos', 'cancel', 'config', 'delete', 'models', 'privacy', 'status', 'train']);
    const before = asked().length;
    await run(() => asked().length > before);
    expect(asked()).toHaveLength(before + 1);
    expect(registrations()).toBe(1);
    expect(discord.violations.slice(complaints)).toEqual([]);
  });

  it('are registered again after an update that changed one word of them', async () => {
    const [first] = discord.commands();
    const headers = { authorization: `Bot ${discord.botToken}`, 'content-type': 'application/json' };
    const url = `${discord.apiUrl}/v10/applications/${discord.applicationId}/commands`;
    const older = { ...first!.body, ...(first!.body.description && { description: 'As it was before' }) };
    await fetch(url, { method: 'PUT', headers, body: JSON.stringify([older]) });
    const before = registrations();
    await run(() => registrations() === before + 1);
    expect(discord.commands()).toHaveLength(8);
  });

  it('are registered with --deploy whatever there is', async () => {
    const before = registrations();
    await run(() => registrations() === before + 1, ['--deploy']);
  });
});

it('answers for its health, and stops on SIGTERM well within ten seconds', async () => {
  const program = start();
  await discord.botReady(patience);
  const address = /"address":"(?<url>http:[^"]+)"/.exec(program.output())?.groups?.['url'];
  expect(await (await fetch(new URL('/readyz', address))).json()).toMatchObject({ ready: true });
  expect(await program.stop()).toBe(0);
});

it('waits while Discord cannot be reached, says which check fails, and stops on SIGTERM', async () => {
  const gone = await startDiscord();
  await gone.close();
  const program = start({ DISCORD_API_URL: gone.apiUrl });
  const address = () => /"address":"(?<url>http:[^"]+)"/.exec(program.output())?.groups?.['url'];
  await vi.waitUntil(() => /"level":"warn".*Discord cannot be used yet/.test(program.output()), {
    timeout: patience.withinMs,
  });
  expect(await (await fetch(new URL('/readyz', address()))).json()).toMatchObject({ failing: ['discord'] });
  expect(await (await fetch(new URL('/livez', address()))).json()).toEqual({ live: true });
  expect(await program.stop()).toBe(0);
});

it('prints the commands as JSON with npm run deploy -- --dry-run, without any variable', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'deploy', '--', '--dry-run'], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  const commands = JSON.parse(stdout) as { name: string }[];
  expect(commands.map(({ name }) => name)).toContain('train');
});
