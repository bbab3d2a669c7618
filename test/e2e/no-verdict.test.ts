import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import type { Fault } from '../../playground/modelslab/faults.ts';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { fast, startStage, type Stage, type StageOptions } from './stage.ts';

let stage: Stage;
let turn: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  stage = await startStage({ speed: fast });
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

/** What the owner answers who looks into the provider's books and finds the training there. */
async function name(server: Server, question: Message, id: string): Promise<void> {
  await (await (await server.bob.press(question, 'It is training')).modal()).submit({ training_id: id });
}

it.concurrent(
  'asks when an order never arrived, as nobody has seen what the list of this key shows: one charge',
  async () => {
    const { server, order } = await startInto({ kind: 'drop' });
    const question = await order.end(/needs your answer/);
    expect(textOf(question)).not.toContain('new there');
    await server.bob.press(question, 'Send again, may cost $1.00');
    await order.end(/is ready/);
    expect(server.charges()).toHaveLength(1);
  },
);

it.concurrent('never takes the training that somebody else begins with the same account for the order’s', async () => {
  const { server, order } = await startInto({ kind: 'drop' });
  const strange = await stage.modelsLab.addModel(server.account);
  const question = await order.end(/needs your answer/);
  expect(textOf(question)).toMatch(/One training is new there\..*somebody else/);
  expect(textOf(question)).toContain(`\`${strange.id}\`: first seen`);
  await server.bob.press(question, 'Send again, may cost $1.00');
  const [own] = (await order.end(/is ready/), server.charges());
  expect(own?.trainingId).not.toBe(strange.id);
  expect(order.text()).toContain(own!.trainingId);
});

const refusedAndNamed = { status: 'error', messege: 'Something went wrong', training_id: 'F5jvdzGnYi' };
const lost = [
  { what: 'was dropped', fault: { kind: 'drop', when: 'after' } },
  { what: 'was the page of a proxy', fault: { kind: 'html', when: 'after' } },
  { what: 'had no id in it', fault: { kind: 'no-id' } },
  { what: 'refused it and named a training', fault: { kind: 'says', when: 'after', body: refusedAndNamed } },
] as const;

it.concurrent.each(lost)(
  'asks about a training whose answer $what after it was charged: one charge',
  async ({ fault }) => {
    const { server, order } = await startInto(fault);
    const question = await order.end(/needs your answer/);
    expect(textOf(question)).toContain(server.trainings()[0]!.id);
    expect(textOf(question).includes(refusedAndNamed.training_id)).toBe(fault.kind === 'says');
    await name(server, question, server.trainings()[0]!.id);
    await order.end(/is ready/);
    expect(order.text()).not.toMatch(/nothing was billed/i);
    expect(server.charges()).toHaveLength(1);
    expect(server.trainings()).toHaveLength(1);
  },
);

describe.concurrent('on the list of a key', () => {
  const stages: Stage[] = [];
  afterAll(() => Promise.all(stages.map((one) => one.close())));

  /** Trainings stay on one stage until a test moves them on. */
  const open = async (options: StageOptions = {}) => {
    const own = await startStage({ oddities: { course: { stuckAt: 'training_started' } }, ...options });
    stages.push(own);
    return { own, server: await own.addServer() };
  };

  const started = async ({ own, server }: { own: Stage; server: Server }, fault?: Fault) => {
    const order = await server.train();
    await order.startable();
    if (fault) own.modelsLab.next('lora_fine_tune', fault);
    await order.start();
    return order;
  };

  it('that was seen to show what trains, an order is missing: it is sent again by itself, once', async () => {
    const { own, server } = await open(); // Nothing is hurried here: the 45 s are real.
    const lists = () => own.modelsLab.requests.filter(({ call }) => call === 'finetune_list').length;
    const running = await started({ own, server });
    // Before it is sent, and once more when it is tried whether the list shows it.
    await own.modelsLab.until(() => lists() >= 2, patience);
    await running.says(/▶ \*\*Training\*\*/);
    const order = await started({ own, server }, { kind: 'drop' });
    await order.says(/▶ \*\*Training\*\*/);
    expect(order.text()).not.toMatch(/needs your answer/);
    expect(server.charges()).toHaveLength(2);
    for (const { id } of server.trainings()) await own.modelsLab.move(id, 'model_ready');
    await order.end(/is ready/);
  });

  it('that has finished models only, an order is not missing: it is asked about, and never sent a second time', async () => {
    const { own, server } = await open({ speed: fast });
    own.modelsLab.oddities.listShows = 'finished';
    const order = await started({ own, server }, { kind: 'drop', when: 'after' });
    const question = await order.end(/needs your answer/);
    const [training] = server.trainings();
    await name(server, question, training!.id);
    await order.says(/▶ \*\*Training\*\*/);
    await own.modelsLab.move(training!.id, 'model_ready');
    await order.end(/is ready/);
    expect(server.charges()).toHaveLength(1);
  });
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
  await name(server, question, server.trainings()[0]!.id);
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
