import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { patience } from './order.ts';
import { attached, photos } from './photos.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  // In slow motion: what a busy machine takes long to ask is still asked faster than anybody may.
  stage = await startStage({ trainingMs: 200, speed: 1 / 5 });
});
// Among what is checked: that every first answer came within Discord's three seconds.
afterEach(() => stage.check());
afterAll(() => stage.close());

/** What somebody was told so many times. */
function counted(told: readonly string[], what: RegExp): number {
  return told.filter((text) => what.test(text)).length;
}

/** So many times, ten at a time: as fast as the answers come. */
async function many<T>(times: number, once: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let begun = 0;
  const caller = async () => {
    while (begun < times) {
      begun += 1;
      results.push(await once());
    }
  };
  await Promise.all(Array.from({ length: 10 }, caller));
  return results;
}

const listed = () => stage.modelsLab.requests.filter(({ path }) => path.includes('finetune_list')).length;

/** Somebody else's order, from `/train` to the model, while something else goes on. */
async function trainMeanwhile(server: Server): Promise<void> {
  const carol = server.guild.addMember({ name: 'Carol' });
  const order = await server.train({ name: 'Hers' }, carol);
  await order.start();
  await order.end(/is ready/);
}

it('a hundred /train of one member make ten orders, each of the others is refused in words, and nobody waits for them', async () => {
  const server = await stage.addServer();
  const asked = { name: 'Flood', subject: 'man', method: 'lora-sd15', ...attached(photos) };
  const sent = many(100, () => server.told(server.bob.command(server.channel, 'train', asked)));
  const [told] = await Promise.all([sent, trainMeanwhile(server)]);
  expect(counted(told, /being looked at in/)).toBe(10);
  expect(counted(told, /10 orders here that are not started.*discard one/)).toBeGreaterThanOrEqual(50);
  const tooFast = counted(told, /more than I can do for one person at once.*Try again <t:\d+:R>/);
  expect(tooFast).toBeGreaterThan(0);
  expect(10 + counted(told, /10 orders/) + tooFast).toBe(100);
  expect(stage.discord.threads(server.channel)).toHaveLength(11);
  expect(server.charges(), 'hers').toHaveLength(1);
});

it('a thousand presses and a thousand letters typed keep nobody waiting, and a key’s list is asked for a few times only', async () => {
  const server = await stage.addServer();
  const order = await server.train({ name: 'Pressed' });
  const card = await order.startable();
  const before = listed();
  const presses = many(1000, async () => (await server.bob.press(card, 'Settings')).answer());
  const letters = many(1000, () => server.bob.autocomplete(server.channel, 'status', { training: 'Pre' }, 'training'));
  const [answers, choices] = await Promise.all([presses, letters, trainMeanwhile(server)]);
  const opened = answers.filter(({ type }) => type === 'modal').length;
  expect(opened).toBeGreaterThan(0);
  expect(opened).toBeLessThan(500);
  const completed = choices.filter((shown) => shown.length > 0).length;
  expect(completed).toBeGreaterThan(0);
  expect(completed).toBeLessThan(500);

  const dave = server.guild.addMember({ name: 'Dave' });
  const lists = await many(50, () => server.told(dave.command(server.channel, 'models')));
  expect(counted(lists, /no finished models/)).toBe(50);
  // Twenty for the members, and what the trainings of this stage themselves ask.
  expect(listed() - before).toBeLessThan(35);
  await stage.discord.until(() => server.charges().length === 1, { ...patience, what: 'the bill of her training' });
});
