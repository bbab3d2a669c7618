import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { startIdOf, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  // Trainings stay on one stage until a test moves them on.
  stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

async function training(server: Server, name: string): Promise<Order> {
  const order = await server.train({ name });
  await order.start();
  await order.says(/▶ \*\*Training\*\*/);
  return order;
}

async function finish(server: Server): Promise<void> {
  await stage.modelsLab.move(server.trainings().at(-1)!.id, 'model_ready');
}

it.concurrent('/status tells what runs and where, and one training in full', async () => {
  const server = await stage.addServer();
  expect((await server.ask(server.bob, 'status')).content).toMatch(/Nothing is running.*\/train/);
  const order = await training(server, 'Ambika');
  const overview = await server.ask(server.bob, 'status');
  expect(overview.content).toMatch(/“Ambika”: training/);
  expect(overview.content).toContain(`<#${order.thread.id}>`);
  expect(overview.ephemeralFor).toBe(server.bob.id);
  const one = await server.ask(server.bob, 'status', { training: 'ambika' });
  expect(textOf(one)).toMatch(/▶ \*\*Training\*\*/);
  expect(await server.told(server.bob.press(one, 'Details'))).toContain(server.trainings()[0]!.id);
  expect((await server.ask(server.ada, 'status')).content).toContain(`by <@${server.bob.id}>`);
  expect(textOf(await server.ask(server.bob, 'status', { training: 'nobody' }))).toMatch(
    /nothing here called “nobody”/,
  );
  await finish(server);
  await order.end(/is ready/);
});

it.concurrent('completes the names of one’s own trainings while typing, and of nobody else’s', async () => {
  const server = await stage.addServer();
  const carol = server.guild.addMember({ name: 'Carol' });
  await server.train({ name: 'Ambika' });
  await server.train({ name: 'Other' });
  const typed = { training: 'amb' };
  const choices = await server.bob.autocomplete(server.channel, 'status', typed, 'training');
  expect(choices.map(({ name }) => name)).toEqual(['Ambika (not started)']);
  const shown = await server.ask(server.bob, 'status', { training: String(choices[0]!.value) });
  expect(textOf(shown)).toMatch(/Train “Ambika”/);
  expect(await carol.autocomplete(server.channel, 'status', typed, 'training')).toEqual([]);
  expect(await server.ada.autocomplete(server.channel, 'cancel', typed, 'training')).toHaveLength(1);
});

it.concurrent('knows nothing of what another server trains, not even by its id', async () => {
  const [here, there] = await Promise.all([stage.addServer(), stage.addServer()]);
  await there.train({ name: 'Hidden' });
  const [choice] = await there.bob.autocomplete(there.channel, 'status', { training: 'hid' }, 'training');
  const training = String(choice!.value);
  expect(await here.ada.autocomplete(here.channel, 'status', { training: 'hid' }, 'training')).toEqual([]);
  for (const [path, options] of [
    ['status', { training }],
    ['cancel', { training }],
    ['delete', { model: training }],
  ] as const) {
    expect((await here.ask(here.ada, path, options)).content, path).toMatch(/nothing here called/);
  }
});

it.concurrent(
  'does nothing with a button whose id was forged to be another server’s, and tells nothing of it',
  async () => {
    const [here, there] = await Promise.all([stage.addServer(), stage.addServer()]);
    const [own, theirs] = [await here.train({ name: 'Own' }), await there.train({ name: 'Hidden' })];
    const [card, theirCard] = [await own.startable(), await theirs.startable()];
    const idIn = (one: typeof card) => startIdOf(one)!.split(':')[1]!;
    const forged = (id: string) => ({
      ...card,
      components: JSON.parse(JSON.stringify(card.components).replaceAll(idIn(card), id)) as typeof card.components,
    });
    for (const verb of [/^start:/, /^discard:/, /^add:/, /^adjust:/]) {
      const never = await here.told(here.ada.press(forged('neverwas12'), verb));
      expect(never).toBe('There is no such training here. /status lists yours.');
      expect(await here.told(here.ada.press(forged(idIn(theirCard)), verb)), String(verb)).toBe(never);
    }
    await theirs.start();
    await theirs.says(/▶ \*\*Training\*\*/);
    await finish(there);
    await theirs.end(/is ready/);
  },
);

it.concurrent('shows the provider’s log under Details', async () => {
  const server = await stage.addServer();
  const order = await training(server, 'Detailed');
  const card = await order.says(/▶ \*\*Training\*\*/);
  const use = await server.bob.press(card, 'Details');
  const { content, ephemeralFor } = await use.reply();
  expect(content).toMatch(/Step:1 Training Started/);
  expect(content).toContain(server.trainings()[0]!.id);
  expect(ephemeralFor).toBe(server.bob.id);
});

it.concurrent('cancels at the provider with /cancel, and says what that means for the bill', async () => {
  const server = await stage.addServer();
  const order = await training(server, 'Stopped');
  const reply = await server.ask(server.bob, 'cancel', { training: 'Stopped' });
  expect(reply.content).toMatch(/being asked to cancel “Stopped”/);
  expect(textOf(await order.end(/was cancelled/))).toMatch(/charges \$1\.00 when a training begins/);
  expect(server.trainings()[0]?.ending).toBe('cancelled');
  const again = await server.ask(server.bob, 'cancel', { training: 'Stopped' });
  expect(again.content).toMatch(/nothing (here called|to cancel)|not running/);
});

it.concurrent('cancels with the button on the card', async () => {
  const server = await stage.addServer();
  const order = await training(server, 'Pressed');
  await server.bob.press(await order.says(/▶ \*\*Training\*\*/), 'Cancel');
  await order.end(/was cancelled/);
  expect(server.trainings()[0]?.ending).toBe('cancelled');
  expect(server.charges()).toHaveLength(1);
});

it.concurrent('/cancel of an order that was not started discards it for free', async () => {
  const server = await stage.addServer();
  const order = await server.train({ name: 'Unstarted' });
  await order.startable();
  const { content } = await server.ask(server.bob, 'cancel', { training: 'Unstarted' });
  expect(content).toMatch(/discarded.*Nothing was billed/s);
  await order.says(/: discarded/);
});

it.concurrent('/models lists what is finished, and /delete deletes at the provider after asking', async () => {
  const server = await stage.addServer();
  expect((await server.ask(server.bob, 'models')).content).toMatch(/no finished models yet.*\/train/);
  const order = await training(server, 'Kept');
  await finish(server);
  await order.end(/is ready/);
  const { id } = server.trainings()[0]!;
  const list = await server.ask(server.bob, 'models');
  expect(list.content).toMatch(/“Kept”.*trigger `kept0`/);
  expect(list.content).toContain(id);

  const question = await server.ask(server.bob, 'delete', { model: 'Kept' });
  expect(question.content).toContain(id);
  expect(server.trainings()[0]?.deleted).toBe(false);
  await server.bob.press(question, 'Delete for good');
  await stage.becomes(question, /“Kept” is deleted/);
  expect(server.trainings()[0]?.deleted).toBe(true);
  expect((await server.ask(server.bob, 'models')).content).toMatch(/no finished models/);
  await order.says(/: deleted/);
});

it.concurrent('deletes with the button under a finished model, for its owner and admins only', async () => {
  const server = await stage.addServer();
  const carol = server.guild.addMember({ name: 'Carol' });
  const order = await training(server, 'Buttoned');
  await finish(server);
  const end = await order.end(/is ready/);
  expect(await server.told(carol.press(end, 'Delete model'))).toMatch(/no such training here/);
  const question = await (await server.ada.press(end, 'Delete model')).reply();
  await server.ada.press(question, 'Delete for good');
  await stage.becomes(question, /“Buttoned” is deleted/);
  expect(server.trainings()[0]?.deleted).toBe(true);
});
