import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { attached, photos } from './photos.ts';
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

it('repeats no key that the provider repeats in what it says, to nobody', async () => {
  const server = await stage.addServer();
  const { key } = server.account;
  const repeating = {
    kind: 'says',
    body: { status: 'error', message: `The key ${key} (${encodeURIComponent(key)}) may not` },
  } as const;
  const order = await server.train();
  await order.start();
  await order.end(/is ready/);
  for (const path of ['delete', 'key'] as const) {
    stage.modelsLab.next(path === 'key' ? 'finetune_list' : 'finetune/delete', repeating);
    const told = path === 'key' ? (await server.setKey()).content : await deleteModel(server);
    expect(told, path).toMatch(/ModelsLab/);
    expect(told, path).not.toContain(key);
  }
});

async function deleteModel(server: Server): Promise<string> {
  const question = await server.ask(server.bob, 'delete', { model: 'Ambika' });
  return server.told(server.bob.press(question, 'Delete for good'));
}

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

it('trains no people where an admin allows objects and styles only, whichever way they are asked for', async () => {
  const server = await stage.addServer();
  const before = await server.train({ name: 'Before', subject: 'woman' });
  const card = await before.startable();
  const old = { ...card };
  const threads = stage.discord.threads(server.channel).length;
  expect(await config(server, 'access', { subjects: 'no-people' })).toMatch(
    /Models may be of:.*Objects and styles only/,
  );

  for (const files of [attached(photos), {}]) {
    const asked = server.bob.command(server.channel, 'train', { name: 'Ambika', subject: 'man', ...files });
    expect(await server.told(asked)).toMatch(/objects and styles only/);
  }
  expect(stage.discord.threads(server.channel)).toHaveLength(threads);

  await stage.becomes(card, /⚠.*objects and styles only/);
  expect(await server.told(server.bob.press(old, /^start:/))).toMatch(/objects and styles only/);
  const settings = await (await server.bob.press(card, 'Settings')).modal();
  await expect(settings.submit({ subject: ['woman'] })).rejects.toThrow(/woman/);
  await settings.submit({ subject: ['object'] });
  await before.changed(card);
  await before.start();
  await before.end(/is ready/);
  expect(server.trainings()).toHaveLength(1);

  const message = await server.bob.post(server.channel, { content: 'look', files: photos });
  const form = await (await server.bob.useOnMessage('Train on these photos', message)).modal();
  await expect(form.submit({ name: 'Person', subject: ['couple'] })).rejects.toThrow(/couple/);
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
  for (const path of [
    'config show',
    'config key',
    'config forget',
    'config defaults',
    'config access',
    'config privacy',
  ]) {
    const use = server.bob.command(server.channel, path, {}, { evenIfHidden: true });
    expect(await server.told(use), path).toMatch(/Only people who may manage this server/);
  }
});
