import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { photosIn } from './database.ts';
import { patience } from './order.ts';
import { attached, photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ limits: { oldEditsPerHour: 0 } });
});
afterEach(() => {
  stage.discord.faults.clear();
  return stage.check();
});
afterAll(() => stage.close());

it('answers although Discord’s answer to the acknowledgement was lost', async () => {
  const server = await stage.addServer();
  stage.discord.faults.next({ method: 'POST', path: /\/callback/, trouble: 'stored-then-502' });
  expect((await server.ask(server.bob, 'status')).content).toMatch(/Nothing is running/);
});

it('answers although Discord fails once before it takes the acknowledgement', async () => {
  const server = await stage.addServer();
  stage.discord.faults.next({ method: 'POST', path: /\/callback/, trouble: 'error-500' });
  expect((await server.ask(server.bob, 'models')).content).toMatch(/no finished models/);
});

it('goes on when the connection to the gateway breaks, and when its session is forgotten', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  const { gateway } = stage.discord;
  const ways = { drop: gateway.drop, forgetSessions: gateway.forgetSessions, askToReconnect: gateway.askToReconnect };
  for (const [name, breakIt] of Object.entries(ways)) {
    const connections = () => stage.discord.events.all.filter(({ type }) => /^bot-(ready|resumed)$/.test(type)).length;
    const before = connections();
    breakIt();
    if (name === 'forgetSessions') gateway.drop();
    await stage.discord.until(() => connections() > before, { ...patience, what: `a bot that is back after ${name}` });
    expect((await server.ask(server.bob, 'status')).content, name).toMatch(/Ambika/);
  }
  await order.start();
  await order.end(/is ready/);
});

it('posts and edits nothing twice although Discord is slow, limits and fails in turn', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  const card = await order.startable();
  const path = new RegExp(`/channels/${order.thread.id}/messages`);
  const { faults } = stage.discord;
  for (const trouble of ['stored-then-502', 'stored-then-dropped', 'rate-limited'] as const)
    faults.next({ method: 'POST', path, trouble });
  for (const trouble of ['error-500', 'html', 'dropped'] as const) faults.next({ method: 'PATCH', path, trouble });
  await order.start();
  await order.end(/is ready/);
  await expect.poll(() => photosIn(stage.folder)).toBe(0); // All is told by then.
  const messages = stage.discord.messages(order.thread);
  expect(messages.filter(({ content }) => content.includes('is ready'))).toHaveLength(1);
  expect(messages.filter(({ attachments }) => attachments.some(({ name }) => name.endsWith('.png')))).toHaveLength(1);
  const cards = messages.filter(({ content, embeds }) => content === '' && embeds[0]?.title?.includes(': '));
  expect(cards.map(({ id }) => id)).toEqual([card.id]);
  expect(server.charges()).toHaveLength(1);
});

it('says which photo could not be downloaded, and takes the others', async () => {
  const server = await stage.addServer();
  stage.discord.faults.next({ method: 'GET', path: /attachments/, times: 12, trouble: 'error-500' });
  const order = await server.train();
  await order.says(/0 of 3 photos can be used/);
  expect(order.text()).toMatch(/\*\*1\*\*.+download/);
});

it('posts a new card where edits of the old one are not taken any more, and the result all the same', async () => {
  const server = await stage.addServer();
  stage.forgive(30046);
  stage.modelsLab.oddities.course.stuckAt = 'training_started';
  const order = await server.train();
  await order.start();
  const card = await order.says(/▶ \*\*Training\*\*/);
  stage.discord.clock.jump(61 * 60_000);
  await stage.modelsLab.move(server.trainings()[0]!.id, 'model_ready');
  await order.end(/is ready/);
  expect((await order.says(/: ready/)).id).not.toBe(card.id);
  await stage.discord.until(() => card.isDeleted, { ...patience, what: 'the old card gone' });
  expect(stage.discord.requests.filter(({ code }) => code === 30_046)).toHaveLength(1);
});

it('begins nothing when its first answer came too late, and the same command works at once after', async () => {
  const server = await stage.addServer();
  stage.forgive(10062, 'late');
  const held = stage.discord.faults.hold({ method: 'POST', path: /\/callback/ });
  const use = await server.bob.command(server.channel, 'train', {
    name: 'Slow',
    subject: 'woman',
    ...attached(photos),
  });
  await held.arrived;
  stage.discord.clock.jump(4000);
  await expect(use.answer()).rejects.toThrow(/did not respond/);
  held.release();
  await stage.discord.until(() => stage.discord.requests.some(({ code }) => code === 10_062), patience);
  expect(stage.discord.threads(server.channel)).toEqual([]);
  expect((await server.ask(server.bob, 'status')).content).toMatch(/Nothing is running/);
  await (await server.train({ name: 'Slow' })).startable();
});
