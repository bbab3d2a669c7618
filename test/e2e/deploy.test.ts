import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDiscord, type Discord } from '../../playground/discord/discord.ts';
import { patienceMs } from '../../playground/patience.ts';

const script = fileURLToPath(new URL('../../deploy-commands.ts', import.meta.url));
let discord: Discord;
let elsewhere: Server;
const answer: { by: (response: ServerResponse) => void } = { by: (response) => response.destroy() };

beforeAll(async () => {
  discord = await startDiscord();
  elsewhere = createServer((_request, response) => {
    answer.by(response);
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
});
afterAll(async () => {
  await discord.close();
  elsewhere.closeAllConnections();
  elsewhere.close();
});

const elsewhereUrl = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/api`;

function deploy(apiUrl: string, token: string): Promise<{ readonly code: number; readonly said: string }> {
  const env = { PATH: process.env['PATH'], DISCORD_TOKEN: token, DISCORD_API_URL: apiUrl };
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { cwd: tmpdir(), env, timeout: patienceMs }, (error, out, problems) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), said: `${out}${problems}`.trim() });
    });
  });
}

it('registers the commands and says how many', async () => {
  expect(await deploy(discord.apiUrl, discord.botToken)).toEqual({ code: 0, said: '8 commands registered.' });
});

const page =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<html>one moment, please</html>');

const json = (status: number, body: object) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

it.each([
  ['the token is not accepted', json(401, { message: '401: Unauthorized', code: 0 }), /DISCORD_TOKEN.*Reset Token/],
  ['a page comes instead of an answer', page(200), /Discord does not answer as it should/],
  ['a page forbids it', page(403), /wants to be left alone.*again in a minute/],
  ['a page says to wait for long', page(429, { 'retry-after': '3600' }), /wants to be left alone.*again in 60 minutes/],
  [
    'it shall wait and nobody says for how long',
    json(429, { message: 'Wait' }),
    /wants to be left alone.*again in a minute/,
  ],
  ['Discord is down', page(503), /Discord does not answer as it should/],
  [
    'the server is not one of the bot’s',
    json(403, { message: 'Missing Access', code: 50001 }),
    /refuses it \(Missing Access\)/,
  ],
  ['the connection is dropped', (response: ServerResponse) => response.destroy(), /cannot be reached.*DISCORD_API_URL/],
] as const)('ends with one line that says what to do when %s', async (_what, by, says) => {
  answer.by = by;
  const { code, said } = await deploy(elsewhereUrl(), 'a-token-of-the-tests');
  expect(code).toBe(1);
  expect(said).toMatch(says);
  expect(said).toMatch(/^Cannot register the commands: /);
  expect(said).not.toMatch(/\n|a-token-of-the-tests/);
});
