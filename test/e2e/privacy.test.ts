import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { databaseBytes, ordersIn, photosIn } from './database.ts';
import { photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

/** Every file of the database, its log included, as it lies on the disk while the program runs. */
const stored = () => databaseBytes(stage.folder);

it('erases a member in every server, to the last byte of the file, and leaves the others and the orders under way', async () => {
  const [here, there] = [await stage.addServer(), await stage.addServer()];
  there.guild.join(here.ada);
  const bob = here.bob;
  const bobThere = there.guild.join(bob);
  const done = await here.train({ name: 'Zebulon', trigger: 'zebulontoken' });
  await done.start();
  await done.end(/is ready/);
  const draft = await there.train({ name: 'Quentin', trigger: 'quentintoken' }, bobThere);
  await draft.startable();
  const others = await here.train({ name: 'Others' }, here.ada);
  await others.startable();

  const photo = Buffer.from(photos[0]!.bytes);
  const piece = photo.subarray(photo.length >> 1, (photo.length >> 1) + 48);
  const traces = [bob.id, 'Zebulon', 'zebulon', 'Quentin', 'quentintoken'];
  const before = await stored();
  for (const trace of traces) expect(before.includes(trace), trace).toBe(true);
  expect(before.includes(piece), 'a photo').toBe(true);

  expect((await here.ask(bob, 'privacy show')).content).toMatch(/2 orders.*3 photos.*1 server.*0 orders under way/s);
  const question = await here.ask(bob, 'privacy forget');
  expect(question.ephemeralFor).toBe(bob.id);
  await bob.press(question, 'Erase all of this');
  await stage.becomes(question, /Nothing about you is left/);

  expect(ordersIn(stage.folder)).toBe(1);
  expect((await here.ask(bob, 'models')).content).toMatch(/no finished models/);
  expect((await here.ask(bob, 'privacy show')).content).toMatch(/0 orders.*0 photos.*0 servers.*0 orders under way/s);
  expect(photosIn(stage.folder)).toBe(3);
  await others.start();
  await others.end(/is ready/);
  const after = await stored();
  for (const trace of traces) expect(after.includes(trace), trace).toBe(false);
});

it('keeps an order under way until it ends, and erases it then', async () => {
  const server = await stage.addServer();
  const order = await server.train({ name: 'Running' });
  stage.modelsLab.setSpeed(0.1);
  await order.start();
  await order.says(/Training/);
  const question = await server.ask(server.bob, 'privacy forget');
  await server.bob.press(question, 'Erase all of this');
  await stage.becomes(question, /1 order under way is kept until the end/);
  stage.modelsLab.setSpeed(1);
  await order.end(/is ready/);
  const again = await server.ask(server.bob, 'privacy forget');
  await server.bob.press(again, 'Erase all of this');
  await stage.becomes(again, /Nothing about you is left/);
  expect((await stored()).includes(server.bob.id)).toBe(false);
});

it('takes who set a key out of what is known of it, and keeps the key', async () => {
  const server = await stage.addServer();
  expect((await stored()).includes(server.ada.id)).toBe(true);
  const question = await server.ask(server.ada, 'privacy forget');
  await server.ada.press(question, 'Erase all of this');
  await stage.becomes(question, /Nothing about you is left/);
  expect((await stored()).includes(server.ada.id)).toBe(false);
  expect((await server.ask(server.ada, 'config show')).content).toMatch(/API key:\*\* ends in `\w{4}`, set <t:/);
});

it('erases a server to the last byte with /config forget, both keys, settings and confirmations included', async () => {
  const server = await stage.addServer();
  const modal = await (await server.ada.command(server.channel, 'config wandb')).modal();
  await (await modal.submit({ wandb_key: 'wandb-key-of-this-very-server' })).reply();
  await server.ask(server.ada, 'config defaults', { crop: 'entropy' });
  const order = await server.train({ name: 'Xanadu', trigger: 'xanadutoken' });
  await order.start();
  await order.end(/is ready/);
  const ids = ['api-key:', 'wandb-key:', 'settings:'].map((what) => `${what}${server.guild.id}`);
  const before = await stored();
  for (const trace of [...ids, server.bob.id, 'Xanadu', 'xanadutoken'])
    expect(before.includes(trace), trace).toBe(true);
  const question = await server.ask(server.ada, 'config forget');
  await server.ada.press(question, 'Erase everything');
  await stage.becomes(question, /are erased/);
  const after = await stored();
  for (const trace of [...ids, server.bob.id, server.ada.id, 'Xanadu', 'xanadutoken'])
    expect(after.includes(trace), trace).toBe(false);
});
