import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

const command = 'Train on these photos';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

it('trains on the pictures of a message of one’s own', async () => {
  const server = await stage.addServer();
  const message = await server.bob.post(server.channel, { content: 'look', files: photos });
  const modal = await (await server.bob.useOnMessage(command, message)).modal();
  const reply = await (await modal.submit({ name: 'From chat', subject: ['woman'] })).reply();
  const order = server.orderIn(reply);
  expect(order.thread.name).toBe('From chat');
  await order.says(/3 of 3 photos can be used/);
  await order.start();
  await order.end(/“From chat” is ready/);
  expect(server.charges()).toHaveLength(1);
});

it('never takes pictures that somebody else posted', async () => {
  const server = await stage.addServer();
  const message = await server.ada.post(server.channel, { files: photos });
  expect(await server.told(server.bob.useOnMessage(command, message))).toMatch(/only train on photos that you posted/);
});

it('says so when a message has no pictures', async () => {
  const server = await stage.addServer();
  const notes = { name: 'notes.txt', bytes: Buffer.from('hello') };
  const message = await server.bob.post(server.channel, { content: 'no pictures', files: [notes] });
  expect(await server.told(server.bob.useOnMessage(command, message))).toMatch(/no pictures in this message/);
});
