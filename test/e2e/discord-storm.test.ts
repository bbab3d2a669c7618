import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Trouble } from '../../playground/discord/faults.ts';
import { photosIn } from './database.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(() => {
  stage.discord.faults.clear();
  return stage.check();
});
afterAll(() => stage.close());

/** What counts towards Discord's ban. */
const refusals = () => stage.discord.requests.filter(({ status }) => [401, 403, 429].includes(status)).length;

const storms: readonly { trouble: Trouble; times: number; seconds?: number; refused: number }[] = [
  { trouble: 'rate-limited', times: 8, refused: 8 },
  { trouble: 'rate-limited-globally', times: 4, seconds: 1, refused: 4 },
  { trouble: 'rate-limited', times: 1, seconds: 20, refused: 1 },
  { trouble: 'blocked-429', times: 3, seconds: 2, refused: 3 },
  { trouble: 'blocked-403', times: 3, seconds: 2, refused: 3 },
  { trouble: 'error-500', times: 40, refused: 0 },
  { trouble: 'html', times: 12, refused: 0 },
];

it.each(storms)(
  'a storm of $trouble ($times times) loses nothing, and no refusal is answered with another request',
  async (storm) => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.startable();
    await order.start();
    const before = refusals();
    const { refused, ...fault } = storm;
    stage.discord.faults.next({ path: new RegExp(`/channels/${order.thread.id}/`), ...fault });
    const end = await order.end(/is ready/);
    expect(stage.discord.messages(order.thread).filter(({ content }) => content === end.content)).toHaveLength(1);
    expect(server.charges()).toHaveLength(1);
    await expect.poll(() => photosIn(stage.folder)).toBe(0);
    const ofThread = stage.discord.requests.filter(({ path }) => path.includes(order.thread.id));
    if (storm.trouble !== 'html')
      expect(ofThread.filter(({ status }) => status >= 400).length).toBeGreaterThanOrEqual(storm.times);
    expect(refusals() - before).toBeLessThanOrEqual(refused);
  },
);

it('is refused at most once for a job in each place where it may not write any more, and then never again', async () => {
  const server = await stage.addServer();
  stage.forgive(50001, 50013, 50007);
  stage.modelsLab.oddities.course.stuckAt = 'training_started';
  const orders = await Promise.all(['One', 'Two', 'Three', 'Four', 'Five'].map((name) => server.train({ name })));
  for (const order of orders) await order.start();
  for (const order of orders) await order.says(/▶ \*\*Training\*\*/);
  stage.discord.deny(server.channel, 'ViewChannel', 'SendMessages', 'SendMessagesInThreads');
  stage.discord.refuseDirectMessages(server.bob);
  const before = refusals();
  for (const { id } of server.trainings()) await stage.modelsLab.move(id, 'model_ready');
  const gaveUp = () => stage.log().filter(({ msg }) => String(msg).includes('only /status tells it')).length;
  await expect.poll(gaveUp).toBe(orders.length);
  const refused = refusals() - before;
  console.log(`${orders.length} trainings ended where nobody can be told: ${refused} refusals`);
  expect(refused).toBeLessThanOrEqual(3 * orders.length);
  expect((await server.ask(server.bob, 'status')).content).toMatch(/ready|Nothing is running/);
  expect(refusals() - before).toBe(refused);
});
