import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { databaseBytes, photosIn } from './database.ts';
import { photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(() => stage.check());
afterAll(() => stage.close());

it('goes from /train to a model: thread, sheet, card, Start, crops, progress, and an end that notifies the owner', async () => {
  const server = await stage.addServer();
  const order = await server.train({ name: 'Ambika', method: 'lora-sdxl' });
  expect(order.thread.name).toBe('Ambika');

  const sheet = await order.says(/3 of 3 photos can be used/);
  expect(sheet.notified).toContain(server.bob.id);
  expect(sheet.attachments.map(({ name }) => name)).toEqual([expect.stringMatching(/^contact-sheet.*\.jpg$/)]);
  const card = await order.startable();
  expect(textOf(card)).toMatch(/\$1\.00/);
  expect(server.trainings(), 'nothing is sent before Start').toEqual([]);

  await order.start();
  const end = await order.end(/is ready/);
  const [training] = server.trainings();
  expect(textOf(end)).toContain(training!.id);
  expect(textOf(end)).toMatch(/ambika0[\s\S]*photo of ambika0 woman/);
  expect(end.embeds[0]?.image?.url).toBe(training!.testImage);
  expect(end.id, 'an edit would notify nobody').not.toBe(card.id);
  expect(server.charges()).toMatchObject([{ amount: 1 }]);
});

it('edits the card only when it says something else, and needs few requests from Start to the end', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  const card = await order.startable();
  const before = stage.discord.requests.length;
  await order.start();
  await order.end(/is ready/);
  await stage.becomes(card, /: ready/);

  const texts = card.versions.map(textOf);
  expect(new Set(texts).size).toBe(texts.length);
  const requests = stage.discord.requests.slice(before).map(({ method, route }) => `${method} ${route}`);
  console.log(`Discord requests from Start to the end: ${requests.length} (goal: at most 10)`);
  // One edit for each stage that is seen: all seven at most, when the machine is not busy.
  expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(12);
});

it('erases every byte of the photos when the model is ready', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  const pieces = photos.map(({ bytes }) => Buffer.from(bytes).subarray(9000, 9040));
  const kept = await databaseBytes(stage.folder);
  expect(
    pieces.some((piece) => kept.includes(piece)),
    'the photos are in the file while they are needed',
  ).toBe(true);

  await order.start();
  await order.end(/is ready/);
  await expect.poll(() => photosIn(stage.folder)).toBe(0);
  const left = async () => {
    const bytes = await databaseBytes(stage.folder);
    return pieces.filter((piece) => bytes.includes(piece)).length;
  };
  await expect.poll(left).toBe(0);
});
