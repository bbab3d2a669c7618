import type { Client } from 'discord.js';
import { expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { deployCommands } from '../../src/events/ready.ts';
import { createFakeRest, type RestCall } from '../services/threads/rest/fake-rest.ts';
import { recordingLog } from './recording-log.ts';

const payloads = commands.flatMap(({ payload }) => payload ?? []);
const other = [{ name: 'train', description: 'As it was before' }];

/** Deploys against these answers, the last of which stays; tells what was asked and how long was slept between. */
async function deploy(
  answers: readonly { status?: number; json?: unknown }[],
  given: { guildId?: string; isAsked?: boolean } = {},
) {
  const asked: RestCall[] = [];
  const slept: number[] = [];
  const { rest } = createFakeRest((call) => {
    asked.push(call);
    return answers[asked.length - 1] ?? answers.at(-1)!;
  });
  const { log, lines } = recordingLog();
  const sleep = (ms: number) => {
    slept.push(ms);
    return Promise.resolve();
  };
  const client = { rest, application: { id: 'app1' } } as unknown as Client<true>;
  const deploying = { guildId: given.guildId, isAsked: given.isAsked ?? false };
  await deployCommands(deploying, { client, clock: { sleep }, random: () => 0, log }, new AbortController().signal);
  return { asked: asked.map(({ method }) => method), paths: asked.map(({ path }) => path), slept, lines };
}

it('asks once and registers nothing where Discord has the same commands', async () => {
  expect(await deploy([{ json: payloads }])).toMatchObject({ asked: ['GET'], slept: [] });
});

it('registers once where Discord has others, or none', async () => {
  expect(await deploy([{ json: other }, { json: payloads }])).toMatchObject({ asked: ['GET', 'PUT'], slept: [] });
  expect(await deploy([{ json: [] }, { json: payloads }])).toMatchObject({ asked: ['GET', 'PUT'] });
});

it('compares and registers in the one server where that is wanted', async () => {
  const { paths } = await deploy([{ json: other }, { json: payloads }], { guildId: 'guild1' });
  expect(paths).toEqual(Array(2).fill('/applications/app1/guilds/guild1/commands'));
});

it('registers without a question when it is asked to', async () => {
  expect(await deploy([{ json: payloads }], { isAsked: true })).toMatchObject({ asked: ['PUT'] });
});

it('waits ever longer and tries again, whether Discord refuses or has troubles, and says so', async () => {
  const refused = { status: 403, json: { code: 50001, message: 'Missing Access' } };
  const { asked, slept, lines } = await deploy([
    refused,
    { status: 500 },
    { json: other },
    refused,
    { json: payloads },
  ]);
  expect(asked).toEqual(['GET', 'GET', 'GET', 'PUT', 'GET']);
  expect(slept).toEqual([60_000, 120_000, 240_000]);
  expect(lines.map(({ level }) => level)).toEqual(['warn', 'warn', 'warn']);
});
