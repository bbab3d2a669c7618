import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Use } from '../../playground/discord/driver/use.ts';
import { ordersIn } from './database.ts';
import { patience } from './order.ts';
import { startStage, type Stage } from './stage.ts';

/* The connection to Discord's gateway, and what a member meets who uses the bot meanwhile. */

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ limits: { heartbeatMs: 1000 } });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

const comebacks = () => stage.discord.events.all.filter(({ type }) => /^bot-(ready|resumed)$/.test(type));

async function isBack(before: number): Promise<string | undefined> {
  await stage.discord.until(() => comebacks().length > before, { ...patience, what: 'a bot that is back' });
  return comebacks().at(-1)?.type;
}

it.each([
  ['resumes after the network broke', 'drop', 'bot-resumed'],
  ['resumes when Discord asks for it', 'askToReconnect', 'bot-resumed'],
  ['resumes a session that is said to be invalid for a moment', 'invalidate-resumable', 'bot-resumed'],
  ['begins a session when its own is invalid', 'invalidate', 'bot-ready'],
  ['resumes when nobody answers its heartbeats any more', 'fallSilent', 'bot-resumed'],
] as const)('%s, and answers at once', async (_what, how, ends) => {
  const server = await stage.addServer();
  const before = comebacks().length;
  const { gateway } = stage.discord;
  if (how === 'invalidate') gateway.invalidate(false);
  else if (how === 'invalidate-resumable') gateway.invalidate(true);
  else gateway[how]();
  expect(await isBack(before)).toBe(ends);
  expect((await server.ask(server.bob, 'status')).content).toMatch(/Nothing is running/);
});

it('hears what comes at once at once: nobody waits for the messages of others', async () => {
  const servers = await Promise.all(Array.from({ length: 30 }, () => stage.addServer()));
  // Each rejects after three seconds.
  const answers = await Promise.all(servers.map((server) => server.ask(server.bob, 'status')));
  expect(answers.map(({ content }) => content)).toEqual(
    servers.map((): unknown => expect.stringMatching(/Nothing is running/)),
  );
});

it('answers a command that was given while it was away for a moment', async () => {
  const server = await stage.addServer();
  const before = comebacks().length;
  stage.discord.gateway.drop();
  const asked = server.ask(server.bob, 'models');
  await isBack(before);
  expect((await asked).content).toMatch(/no finished models/);
});

it('begins nothing for a command that is replayed too late: the member read that it failed, and gives it again', async () => {
  const server = await stage.addServer();
  const before = comebacks().length;
  const orders = ordersIn(stage.folder);
  stage.forgive(10062);
  const { gateway } = stage.discord;
  gateway.refuse(true);
  gateway.drop();
  await stage.discord.until(() => gateway.connected().length === 0, patience);
  const give = (name: string): Promise<Use> => server.bob.command(server.channel, 'train', { name, subject: 'woman' });
  const late = await give('Late');
  const press = await server.bob.command(server.channel, 'status');
  stage.discord.clock.jump(4000);
  await expect(late.answer()).rejects.toThrow(/did not respond/);
  await expect(press.answer()).rejects.toThrow(/did not respond/);
  stage.discord.gateway.refuse(false);
  await isBack(before);
  const refused = () => stage.discord.requests.filter(({ code }) => code === 10_062).length;
  await stage.discord.until(() => refused() >= 2, { ...patience, what: 'answers that came too late' });
  expect(stage.discord.threads(server.channel)).toEqual([]);
  expect((await server.ask(server.bob, 'status')).content).toMatch(/Nothing is running/);
  // The form that nobody saw opened nothing: the name is free.
  expect(ordersIn(stage.folder)).toBe(orders);
  await (await give('Late')).modal();
});

it('tells a training’s end that came while the gateway was away: messages need no gateway', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  await order.start();
  stage.discord.gateway.refuse(true);
  stage.discord.gateway.drop();
  await order.end(/is ready/);
  const before = comebacks().length;
  stage.discord.gateway.refuse(false);
  await isBack(before);
});
