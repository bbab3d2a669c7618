import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProgram, type Program } from '../../playground/program.ts';
import { ordersIn } from './database.ts';
import { patience } from './order.ts';
import { startStage, variablesFor, type Stage } from './stage.ts';

let stage: Stage;
let second: Program;

beforeAll(async () => {
  stage = await startStage();
  second = startProgram(variablesFor(stage));
  const isReady = () => second.output().includes('ready; invite the bot');
  await stage.discord.until(isReady, { ...patience, what: 'a second program on the same database' });
  // Whoever answers second is refused by Discord, and stops there.
  stage.forgive(40060);
});
afterAll(async () => {
  expect(await second.stop(), second.output()).toBe(0);
  await stage.close();
});

it('two programs on one database, by mistake: one order for each command, one charge for each press, one end', async () => {
  const server = await stage.addServer();
  const orders = [];
  for (const name of ['First', 'Second', 'Third']) orders.push(await server.train({ name }));
  expect(stage.discord.threads(server.channel)).toHaveLength(3);
  expect(ordersIn(stage.folder)).toBe(3);
  await orders[0]!.startable();
  stage.modelsLab.next('lora_fine_tune', { kind: 'drop', when: 'after' });
  for (const order of orders) await order.start();
  for (const order of orders) await order.end(/is ready/);
  expect(server.charges()).toHaveLength(3);
  for (const { thread } of orders) {
    const ends = stage.discord.messages(thread).filter(({ content }) => content.includes('is ready'));
    expect(ends).toHaveLength(1);
  }
});
