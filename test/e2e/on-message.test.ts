import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ordersIn } from './database.ts';
import { photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

const missingAccess = 50_001;
const unknownMessage = 10_008;
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

it('trains on a message of one’s own that was forwarded, and on what was forwarded twice', async () => {
  const server = await stage.addServer();
  const album = server.guild.addTextChannel('album');
  const first = await server.bob.forward(await server.bob.post(album, { files: photos }), album);
  const message = await server.bob.forward(first, server.channel);
  const modal = await (await server.bob.useOnMessage(command, message)).modal();
  const order = server.orderIn(await (await modal.submit({ name: 'Forwarded', subject: ['woman'] })).reply());
  await order.says(/3 of 3 photos can be used/);
  await order.start();
  await order.end(/“Forwarded” is ready/);
  expect(server.trainings()[0]?.images).toHaveLength(3);
});

it('never takes pictures that somebody else posted and the member forwards, however often', async () => {
  const server = await stage.addServer();
  const orders = ordersIn(stage.folder);
  const forward = await server.bob.forward(await server.ada.post(server.channel, { files: photos }), server.channel);
  const again = await server.bob.forward(forward, server.channel);
  for (const message of [forward, again]) {
    expect(await server.told(server.bob.useOnMessage(command, message))).toMatch(
      /posted by somebody else.*Ask them to order with their photos, or attach photos of your own to \/train/,
    );
  }
  expect(ordersIn(stage.folder)).toBe(orders);
});

it('takes a forward when Discord does not tell who posted the original', async () => {
  const server = await stage.addServer();
  const hidden = server.guild.addTextChannel('hidden', { botMissing: ['ViewChannel'] });
  const secret = await server.ada.post(hidden, { files: photos });
  const gone = await server.ada.post(server.channel, { files: photos });
  const forwards = [await server.bob.forward(secret, server.channel), await server.bob.forward(gone, server.channel)];
  stage.discord.deleteMessage(gone);
  stage.forgive(missingAccess, unknownMessage);
  for (const message of forwards) {
    const modal = await (await server.bob.useOnMessage(command, message)).modal();
    const order = server.orderIn(await (await modal.submit({ name: 'Unsure', subject: ['woman'] })).reply());
    await order.says(/3 of 3 photos can be used/);
  }
});

it('says so when a message has no pictures', async () => {
  const server = await stage.addServer();
  const notes = { name: 'notes.txt', bytes: Buffer.from('hello') };
  const message = await server.bob.post(server.channel, { content: 'no pictures', files: [notes] });
  expect(await server.told(server.bob.useOnMessage(command, message))).toMatch(/no pictures in this message/);
});
