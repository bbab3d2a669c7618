import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { patience } from './order.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(() => stage.check());
afterAll(() => stage.close());

it.concurrent('goes the whole way in a thread of an announcement channel', async ({ expect }) => {
  const server = await stage.addServer();
  const news = server.guild.addTextChannel('news', { form: 'announcement' });
  const order = await server.train({}, server.bob, news);
  expect(order.thread.parentId).toBe(news.id);
  await order.start();
  expect(textOf(await order.end(/is ready/))).toContain(server.trainings()[0]!.id);
});

it.concurrent('goes the whole way in the post of a forum, which stays the only one', async ({ expect }) => {
  const server = await stage.addServer();
  const forum = server.guild.addTextChannel('models', { form: 'forum' });
  const post = await server.bob.openPost(forum, { name: 'Ambika', content: 'Who trains her?' });
  const order = await server.train({}, server.bob, post);
  expect(order.thread).toBe(post);
  await order.start();
  await order.end(/is ready/);
  expect(stage.discord.threads(forum)).toEqual([post]);
});

it.concurrent('tells two orders in one post apart by their names', async ({ expect }) => {
  const server = await stage.addServer();
  const forum = server.guild.addTextChannel('models', { form: 'forum' });
  const post = await server.bob.openPost(forum, { name: 'Us', content: 'Both of us' });
  const [first, second] = [
    await server.train({ name: 'Ambika' }, server.bob, post),
    await server.train({ name: 'Bela' }, server.bob, post),
  ];
  for (const name of ['Ambika', 'Bela']) {
    const card = await first.says(new RegExp(`Train “${name}”[^]*<Start`));
    await (await server.bob.press(card, /^start:/)).answer();
  }
  await first.end(/Ambika.* is ready/);
  await second.end(/Bela.* is ready/);
  expect(server.charges()).toHaveLength(2);
});

it.concurrent('says why there is no private thread there, and where to go', async ({ expect }) => {
  const server = await stage.addServer();
  await server.ask(server.ada, 'config privacy', { threads: 'private' });
  for (const form of ['announcement', 'forum'] as const) {
    const channel = server.guild.addTextChannel(form, { form });
    const place = form === 'forum' ? await server.bob.openPost(channel, { name: 'Ambika', content: 'Who?' }) : channel;
    const reply = await (
      await server.bob.command(place, 'train', { name: 'Ambika', subject: 'woman' })
    ).reply(patience);
    expect(reply.content).toMatch(/private threads, and an? (forum|announcement channel) cannot have those/);
  }
});
