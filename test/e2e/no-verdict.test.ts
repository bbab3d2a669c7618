import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import type { Fault } from '../../playground/modelslab/faults.ts';
import type { Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;
let turn: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  stage = await startStage();
});
afterEach(() => stage.check());
afterAll(() => stage.close());

/** A started order whose request met this fault. One after the other, so that each meets its own. */
function startInto(fault: Fault): Promise<{ readonly server: Server; readonly order: Order }> {
  const work = async () => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.startable();
    stage.modelsLab.next('lora_fine_tune', fault);
    await order.start();
    await order.says(/: checking/);
    return { server, order };
  };
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

it.concurrent('sends an order again when it never arrived, after looking twice: one charge', async () => {
  const { server, order } = await startInto({ kind: 'drop' });
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(1);
});

const lost = [
  { what: 'was dropped', fault: { kind: 'drop', when: 'after' } },
  { what: 'was the page of a proxy', fault: { kind: 'html', when: 'after' } },
  { what: 'had no id in it', fault: { kind: 'no-id' } },
] as const;

it.concurrent.each(lost)('adopts a training whose answer $what after it was charged: one charge', async ({ fault }) => {
  const { server, order } = await startInto(fault);
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(1);
  expect(server.trainings()).toHaveLength(1);
});

/** Two new trainings are in the list: nobody but a person can tell which one is meant. */
async function asked(): Promise<{ readonly server: Server; readonly order: Order; readonly question: Message }> {
  const { server, order } = await startInto({ kind: 'drop', when: 'after' });
  await stage.modelsLab.addModel(server.account);
  const question = await order.end(/needs your answer/);
  for (const { id } of server.trainings()) expect(textOf(question)).toContain(id);
  return { server, order, question };
}

it.concurrent('asks when there are two candidates, and follows the one that the owner names', async () => {
  const { server, order, question } = await asked();
  const modal = await (await server.bob.press(question, 'It is training')).modal();
  await modal.submit({ training_id: server.trainings()[0]!.id });
  expect(textOf(await order.end(/is ready/))).toContain(server.trainings()[0]!.id);
  expect(server.charges()).toHaveLength(1);
});

it.concurrent('sends again when the owner says so, and says before what that may cost', async () => {
  const { server, order, question } = await asked();
  const old = { ...question };
  await server.bob.press(question, 'Send again, may cost $1.00');
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(2);
  await (await server.bob.press(old, 'Send again, may cost $1.00')).answer();
  expect(await server.told(server.bob.press(old, 'Drop'))).toMatch(/answered already/);
  expect(server.charges()).toHaveLength(2);
});

it.concurrent('drops an order when the owner says so, and says that it may be billed', async () => {
  const { server, order, question } = await asked();
  await server.bob.press(question, 'Drop');
  expect(textOf(await order.end(/was cancelled/))).toMatch(/may be billed/);
  expect(server.charges()).toHaveLength(1);
});
