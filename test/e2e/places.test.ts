import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  // Trainings wait on one stage until a test moves them on.
  stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

async function training(server: Server): Promise<Order> {
  const order = await server.train();
  await order.start();
  await order.says(/▶ \*\*Training\*\*/);
  return order;
}

const finish = (server: Server) => stage.modelsLab.move(server.trainings()[0]!.id, 'model_ready');

it.concurrent('brings the result to the channel when the thread was deleted', async () => {
  const server = await stage.addServer();
  const order = await training(server);
  stage.discord.deleteChannel(order.thread);
  await finish(server);
  const found = () => stage.discord.messages(server.channel).find(({ content }) => content.includes('is ready'));
  const end = await stage.discord.until(found, { ...patience, what: 'the result in the channel' });
  expect(end.notified).toEqual([server.bob.id]);
  expect(textOf(end)).toContain(server.trainings()[0]!.id);
});

it.concurrent('brings the result to the owner directly when the channel is closed to it as well', async () => {
  const server = await stage.addServer();
  stage.forgive(50001, 50013);
  const order = await training(server);
  stage.discord.deleteChannel(order.thread);
  stage.discord.deny(server.channel, 'SendMessages', 'ViewChannel');
  await finish(server);
  const found = () =>
    stage.discord.messages(stage.discord.directChannel(server.bob)).find(({ content }) => content.includes('is ready'));
  const end = await stage.discord.until(found, { ...patience, what: 'the result as a direct message' });
  expect(textOf(end)).toContain(server.trainings()[0]!.id);
});

it.concurrent('wakes an archived thread for the result', async () => {
  const server = await stage.addServer();
  const order = await training(server);
  stage.discord.archive(order.thread);
  await finish(server);
  await order.end(/is ready/);
});

it.concurrent('reports in the channel when the thread was locked', async () => {
  const server = await stage.addServer();
  const order = await training(server);
  stage.discord.lock(order.thread);
  stage.discord.archive(order.thread);
  await finish(server);
  const found = () => stage.discord.messages(server.channel).find(({ content }) => content.includes('is ready'));
  await stage.discord.until(found, { ...patience, what: 'the result in the channel' });
});

it.concurrent('posts the card anew when it was deleted', async () => {
  const server = await stage.addServer();
  const order = await training(server);
  const card = await order.says(/▶ \*\*Training\*\*/);
  stage.discord.deleteMessage(card);
  await finish(server);
  await order.end(/is ready/);
  expect((await order.says(/: ready/)).id).not.toBe(card.id);
});

it.concurrent('posts each message once although Discord’s answer to it was lost', async () => {
  const server = await stage.addServer();
  const order = await training(server);
  const posted = `/channels/${order.thread.id}/messages`;
  const posts = () => stage.discord.requests.filter(({ method, path }) => method === 'POST' && path === posted).length;
  const before = posts();
  stage.discord.faults.next({ method: 'POST', path: new RegExp(`${posted}$`), trouble: 'stored-then-502' });
  await finish(server);
  await order.end(/is ready/);
  await stage.discord.until(() => posts() === before + 2, { ...patience, what: 'a repeated request' });
  const ends = stage.discord.messages(order.thread).filter(({ content }) => content.includes('is ready'));
  expect(ends).toHaveLength(1);
});

it('says the result in /status alone when nobody can be written to, and notes that', async () => {
  const server = await stage.addServer();
  stage.forgive(50001, 50013, 50007);
  const order = await training(server);
  stage.discord.deleteChannel(order.thread);
  stage.discord.deny(server.channel, 'SendMessages');
  stage.discord.refuseDirectMessages(server.bob);
  await finish(server);
  const noted = () => stage.log().filter(({ msg }) => String(msg).includes('only /status tells it'));
  await expect.poll(() => noted().length).toBe(1);
  expect((await server.ask(server.bob, 'models')).content).toMatch(/Ambika/);
});
