import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Member } from '../../playground/discord/driver/member.ts';
import { allComponents } from '../../playground/discord/rules/component.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import type { Upload } from '../../playground/discord/state/upload.ts';
import { documentOf } from './database.ts';
import { patience, startIdOf, type Order } from './order.ts';
import { attached } from './photos.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;
let marked: readonly Upload[];

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
  marked = await Promise.all([1, 2, 3, 4].map(drawMarked));
});
afterEach(() => stage.check());
afterAll(() => stage.close());

/** Noise in a colour of its own, 900 × 600, with a red bar at 60 % of its width. */
async function drawMarked(number: number): Promise<Upload> {
  const noise = { type: 'gaussian', mean: 128, sigma: 25 } as const;
  const tint = sharp({ create: { width: 900, height: 600, channels: 3, background: '#fff', noise } });
  const bar = { create: { width: 30, height: 600, channels: 3, background: '#f00' } } as const;
  const band = { create: { width: 900, height: 60, channels: 3, background: '#00f' } } as const;
  const picture = tint.composite([
    { input: band, left: 0, top: number * 100 },
    { input: bar, left: 525, top: 0 },
  ]);
  return { name: `marked-${number}.png`, bytes: await picture.png().toBuffer() };
}

/** Where the red bar is, as a share of the width; and how wide. */
async function findBar(picture: Uint8Array): Promise<{ readonly middle: number; readonly width: number }> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const row = Math.round(info.height / 2);
  const isRed = (x: number) => {
    const at = (row * info.width + x) * info.channels;
    return data[at]! > 180 && data[at + 1]! < 80 && data[at + 2]! < 80;
  };
  const reds = Array.from({ length: info.width }, (_, x) => x).filter(isRed);
  return { middle: (reds[0]! + reds.at(-1)! + 1) / 2 / info.width, width: reds.length / info.width };
}

/** How much two pictures differ, in levels of 256. */
async function difference(one: Uint8Array, other: Uint8Array): Promise<number> {
  const pixels = (picture: Uint8Array) =>
    sharp(picture).removeAlpha().resize(256, 256, { kernel: 'linear' }).raw().toBuffer();
  const [a, b] = await Promise.all([pixels(one), pixels(other)]);
  return a.reduce((sum, level, at) => sum + Math.abs(level - b[at]!), 0) / a.length;
}

const train = (server: Server, count = 3, options = {}) =>
  server.train({ method: 'lora-sd15', ...attached(marked.slice(0, count)), ...options });

async function open(member: Member, card: Message): Promise<Message> {
  return (await member.press(card, 'Adjust photos')).reply(patience);
}

async function press(member: Member, panel: Message, ...labels: readonly string[]): Promise<Message> {
  for (const label of labels) {
    await (await member.press(panel, label)).reply(patience);
    // On a busy machine a crop may take longer than an answer waits for it.
    while (canPress(panel, 'Refresh')) await (await member.press(panel, 'Refresh')).reply(patience);
  }
  return panel;
}

/** The card, once it shows the order as it is stored. */
async function upToDate(order: Order, on = stage): Promise<Message> {
  const isCurrent = (card: Message) => {
    const [, jobId = '', shown] = startIdOf(card)?.split(':') ?? [];
    if (shown === undefined) return false;
    const { orderRev } = JSON.parse(documentOf(on.folder, jobId)) as { readonly orderRev: number };
    return Number(shown) === orderRev;
  };
  return on.discord.until(() => on.discord.messages(order.thread).find(isCurrent), { ...patience, what: 'the card' });
}

const pictureIn = (panel: Message) => panel.attachments[0]!.bytes;
const sentBy = (server: Server) =>
  server
    .trainings()
    .at(-1)!
    .images.map(({ bytes }) => bytes);
const postedIn = ({ thread }: Order) =>
  stage.discord.messages(thread).flatMap(({ attachments }) => attachments.map(({ name }) => name));

it.concurrent(
  'moves and zooms out one photo: what the owner sees is what is sent, the others stay as they were',
  async () => {
    const server = await stage.addServer();
    const order = await train(server, 3, {});
    const card = await order.startable();
    const panel = await open(server.bob, card);
    expect(panel.ephemeralFor).toBe(server.bob.id);
    expect(textOf(panel)).toMatch(/Photo 1 of 3/);
    await press(server.bob, panel, 'Next');
    const before = await findBar(pictureIn(panel));
    const way = canPress(panel, '▶ Right') ? '▶ Right' : '◀ Left';
    await press(server.bob, panel, way);
    const moved = await findBar(pictureIn(panel));
    expect(Math.abs(moved.middle - before.middle)).toBeGreaterThan(0.05);
    await press(server.bob, panel, 'Zoom out', 'Zoom out', 'Zoom out');
    const zoomed = await findBar(pictureIn(panel));
    expect(zoomed.width).toBeLessThan(moved.width);
    const shown = pictureIn(panel);
    expect(textOf(panel)).toMatch(/Moved by hand, in steps: 1 to the (left|right), 3 zoomed out/);
    await upToDate(order);
    await order.start();
    await order.end(/is ready/);
    const [first, second, third] = sentBy(server);
    expect(await difference(second!, shown)).toBeLessThan(6);
    for (const other of [first!, third!]) expect(await difference(other, shown)).toBeGreaterThan(15);
    expect(postedIn(order)).toContainEqual(expect.stringMatching(/^02-attention-512-[lr]1-z3\.png$/));
  },
);

it.concurrent('leaves out a photo, and takes it in again', async () => {
  const server = await stage.addServer();
  const order = await train(server, 4);
  const card = await order.startable();
  const panel = await open(server.bob, card);
  await press(server.bob, panel, 'Next', 'Exclude');
  expect(textOf(panel)).toMatch(/left out by you/);
  await upToDate(order);
  await order.says(/3 of 4 photos can be used[\s\S]*✕ \*\*2\*\* left out by you/);
  await press(server.bob, panel, 'Previous', 'Exclude');
  await order.says(/3 usable photos are needed and there are 2/);
  await press(server.bob, panel, 'Include');
  await upToDate(order);
  await order.start();
  await order.end(/is ready/);
  expect(sentBy(server)).toHaveLength(3);
  expect(postedIn(order).filter((name) => name.endsWith('.png'))).toEqual([
    '01-attention-512.png',
    '03-attention-512.png',
    '04-attention-512.png',
  ]);
});

it.concurrent('takes two steps for two presses at once, and shows both in the end', async () => {
  const server = await stage.addServer();
  const order = await train(server);
  const panel = await open(server.bob, await order.startable());
  const uses = await Promise.all([server.bob.press(panel, 'Zoom out'), server.bob.press(panel, 'Zoom out')]);
  await Promise.all(uses.map((use) => use.reply(patience)));
  if (canPress(panel, 'Refresh')) await press(server.bob, panel, 'Refresh');
  await stage.becomes(panel, /2 zoomed out/);
  expect(panel.attachments.map(({ name }) => name)).toEqual(['photo-1-attention-512-z2.jpg']);
});

it.concurrent('keeps a moved photo as it is with another crop for the order, until Reset', async () => {
  const server = await stage.addServer();
  const order = await train(server);
  const card = await order.startable();
  const panel = await open(server.bob, card);
  await press(server.bob, panel, 'Zoom out');
  const moved = await upToDate(order);
  await server.bob.select(moved, /^crop:/, ['centre']);
  await order.changed(moved);
  await upToDate(order);
  await press(server.bob, panel, 'Next');
  expect(panel.attachments[0]?.name).toBe('photo-2-centre-512.jpg');
  await press(server.bob, panel, 'Previous');
  expect(panel.attachments[0]?.name).toBe('photo-1-attention-512-z1.jpg');
  await press(server.bob, panel, 'Reset');
  expect(textOf(panel)).toMatch(/Cropped as the order says/);
  expect(panel.attachments[0]?.name).toBe('photo-1-centre-512.jpg');
});

it.concurrent('keeps framing and exclusion with Try again, and sends the crop of today', async () => {
  const server = await stage.addServer({ account: { balance: 0 } });
  const order = await train(server, 4);
  const card = await order.startable();
  const panel = await open(server.bob, card);
  await press(server.bob, panel, 'Zoom out', 'Next', 'Exclude');
  await upToDate(order);
  await order.start();
  const end = await order.end(/could not be trained/);
  server.account.balance = 25;
  await server.bob.press(end, 'Try again');
  await order.startable();
  await press(server.bob, panel, 'Previous', 'Zoom out');
  expect(textOf(panel)).toMatch(/2 zoomed out/);
  const shown = pictureIn(panel);
  await upToDate(order);
  await order.start();
  await order.end(/is ready/);
  expect(sentBy(server)).toHaveLength(3);
  expect(await difference(sentBy(server)[0]!, shown)).toBeLessThan(6);
});

it.concurrent('adjusts for nobody but the owner, and not once it was started', async () => {
  const server = await stage.addServer();
  const order = await train(server);
  const card = await order.startable();
  const panel = await open(server.bob, card);
  expect(await server.told(server.ada.press(card, 'Adjust photos'))).toMatch(/who ordered this, can do that/);
  await order.start();
  await order.end(/is ready/);
  expect(await server.told(server.bob.press(panel, 'Zoom out'))).toMatch(/has been started/);
});

/** Whether a button can be pressed. */
function canPress({ components }: Message, label: string): boolean {
  return allComponents(components).some(({ component }) => component.label === label && !component.disabled);
}

it('goes on with a panel from before a kill, and cuts what was wished just before it', async () => {
  const own = await startStage({ trainingMs: 600 });
  const server = await own.addServer();
  const order = await train(server);
  const card = await order.startable();
  const panel = await open(server.bob, card);
  const [, jobId = ''] = startIdOf(card)!.split(':');
  await server.bob.press(panel, 'Zoom out');
  await own.discord.until(() => documentOf(own.folder, jobId).includes('"zoomOut":1'), patience);
  await own.restart('SIGKILL');
  await press(server.bob, panel, 'Next', 'Previous');
  expect(panel.attachments[0]?.name).toBe('photo-1-attention-512-z1.jpg');
  const shown = pictureIn(panel);
  await upToDate(order, own);
  await order.start();
  await order.end(/is ready/);
  expect(await difference(sentBy(server)[0]!, shown)).toBeLessThan(6);
  await own.close();
});
