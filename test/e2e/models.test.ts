import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(() => stage.check());
afterAll(() => stage.close());

it('/models shows what was trained elsewhere with the key, and nothing of another server or member that uses it', async () => {
  const there = await stage.addServer();
  const here = await stage.addServer({ key: false });
  await here.setKey(there.account.key);
  const order = await there.train();
  await order.start();
  await order.end(/is ready/);
  const [theirs] = there.trainings();
  const foreign = await stage.modelsLab.addModel(there.account);

  const carol = there.guild.addMember({ name: 'Carol' });
  for (const [server, member] of [
    [here, here.bob],
    [here, here.ada],
    [there, carol],
  ] as const) {
    const { content } = await server.ask(member, 'models');
    expect(content).toMatch(/no finished models/);
    expect(content).toContain(`Trained elsewhere with this server’s key: \`${foreign.id}\``);
    expect(content).not.toContain(theirs!.id);
  }
  const own = await there.ask(there.bob, 'models');
  expect(own.content).toMatch(/“Ambika”[\s\S]*Trained elsewhere/);
  expect(own.content).not.toMatch(/does not list it/);

  // Erasing what is known of them makes no stranger's models of them.
  const question = await there.ask(there.ada, 'config forget');
  await there.ada.press(question, 'Erase everything');
  await stage.becomes(question, /are erased/);
  expect((await here.ask(here.bob, 'models')).content).not.toContain(theirs!.id);
});

it('/models shows ours in time when ModelsLab does not answer, and says so', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.start();
  await order.end(/is ready/);
  stage.modelsLab.next('finetune_list', { kind: 'silence' });
  const { content } = await server.ask(server.bob, 'models');
  expect(content).toMatch(/“Ambika”[\s\S]*ModelsLab did not tell just now/);
});
