import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

const config = async (server: Server, path: string, options = {}) =>
  (await server.ask(server.ada, `config ${path}`, options)).content;

it('stores a key that the provider accepts, and shows four characters of it', async () => {
  const server = await stage.addServer({ key: false, account: { balance: 43.6 } });
  expect(await config(server, 'show')).toMatch(/API key:\*\* none yet.*\/config key/);
  const lastFour = server.account.key.slice(-4);
  const { content, ephemeralFor } = await server.setKey();
  expect(content).toContain(`\`${lastFour}\``);
  expect(ephemeralFor).toBe(server.ada.id);
  const shown = await config(server, 'show');
  expect(shown).toContain(`\`${lastFour}\``);
  expect(shown).toContain('43.60 USD');
});

it('refuses a wrong key, a malformed one, and any while the provider is down', async () => {
  const server = await stage.addServer({ key: false });
  expect((await server.setKey('k'.repeat(40))).content).toMatch(/does not accept/);
  expect((await server.setKey('short')).content).toMatch(/too short to be an API key/);
  expect((await server.setKey('a key with spaces in it')).content).toMatch(/not an API key/);
  stage.modelsLab.next('finetune_list', { kind: 'html', status: 503 });
  expect((await server.setKey()).content).toMatch(/does not answer at the moment.*try again/s);
  expect(await config(server, 'show')).toMatch(/none yet/);
});

it('keeps the defaults that orders begin with', async () => {
  const server = await stage.addServer();
  const defaults = { method: 'dreambooth', base_model: 'midjourney', crop: 'centre' };
  expect(await config(server, 'defaults', defaults)).toMatch(/Dreambooth.*midjourney.*The middle/s);
  const order = await server.train({ method: undefined });
  expect(textOf(await order.startable())).toMatch(/Dreambooth[\s\S]*midjourney/);
  await order.start();
  await order.end(/is ready/);
  expect(server.trainings()[0]?.request).toMatchObject({ base_model_id: 'midjourney' });
});

it('uploads the crops to the provider instead of posting them, where the server wants that', async () => {
  const server = await stage.addServer();
  expect(await config(server, 'privacy', { crops: 'upload' })).toMatch(/post none/);
  const order = await server.train();
  await order.start();
  await order.end(/is ready/);
  const names = stage.discord.messages(order.thread).flatMap(({ attachments }) => attachments.map(({ name }) => name));
  expect(names.filter((name) => name.endsWith('.png'))).toEqual([]);
  expect(server.trainings()[0]?.images.map(({ width }) => width)).toEqual([512, 512, 512]);
  expect(server.trainings()[0]?.images.every(({ url }) => url.startsWith(new URL(stage.modelsLab.url).origin))).toBe(
    true,
  );
});

it('opens private threads, where the server wants that', async () => {
  const server = await stage.addServer();
  await config(server, 'privacy', { threads: 'private' });
  const order = await server.train();
  expect(order.thread.isPrivate).toBe(true);
  await order.startable();
  expect([...order.thread.memberIds], 'the mention brings the owner in').toContain(server.bob.id);
  await order.start();
  await order.end(/is ready/);
});

it('erases everything about a server with /config forget, after asking', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  const card = await order.startable();
  const question = await server.ask(server.ada, 'config forget');
  expect(question.content).toMatch(/cannot be undone/);
  await server.ada.press(question, 'Erase everything');
  await stage.becomes(question, /are erased/);
  expect(await config(server, 'show')).toMatch(/none yet/);
  expect(await server.told(server.bob.press(card, /^start:/))).toMatch(/no such training here/);
  expect((await server.ask(server.bob, 'status')).content).toMatch(/Nothing is running/);
});

it('is for people who may manage the server, even where an admin opened it to everybody', async () => {
  const server = await stage.addServer();
  await expect(server.bob.command(server.channel, 'config show')).rejects.toThrow(/does not show it/);
  for (const path of ['config show', 'config key', 'config forget', 'config defaults', 'config privacy']) {
    const use = server.bob.command(server.channel, path, {}, { evenIfHidden: true });
    expect(await server.told(use), path).toMatch(/Only people who may manage this server/);
  }
});
