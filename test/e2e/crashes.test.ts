import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allComponents } from '../../playground/discord/rules/component.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import type { Fault } from '../../playground/modelslab/faults.ts';
import { crashAt, type Crash } from './crash.ts';
import { patience, startIdOf, type Order } from './order.ts';
import type { Server } from './server.ts';
import { fast, startStage, type Stage } from './stage.ts';

/*
 * The program is killed exactly at a crash point of one order, and started again with the next crash point, for the next
 * order. Only when all were killed the last program is left alone, and every order has to come to its end.
 */

interface Killed extends Omit<Crash, 'jobId'> {
  /** What becomes of the paid request; it is carried out and answered unless this says otherwise. */
  readonly fault?: Fault;
}

interface Going<K extends Killed = Killed> {
  readonly killed: K;
  readonly server: Server;
  readonly order: Order;
}

const neverTaken = { kind: 'drop', when: 'before' } as const;
const answerLost = { kind: 'drop', when: 'after' } as const;

function nameOf({ at, state, fault }: Killed): string {
  const when = fault && 'when' in fault ? ` ${fault.when}` : '';
  return [at, ...(state ? [`of one that is ${state}`] : []), ...(fault ? [`with ${fault.kind}${when}`] : [])].join(' ');
}

/** A job's id stands in the buttons of its messages. */
function jobIn({ components }: Message): string {
  const [id = ''] = allComponents(components).flatMap(({ component }) => component.custom_id ?? []);
  return id.split(':')[1] ?? '';
}

/** Brings a program that dies at the crash point there; resolves once it is dead. */
async function die(stage: Stage, crash: Crash, use: () => Promise<unknown>): Promise<void> {
  await stage.restart('SIGKILL', undefined, { environment: crashAt(crash) });
  await use();
  expect(await stage.program().exited, 'killed, and not ended').toBeNull();
}

async function answerByTheBooks({ server, order }: Going, question: Message): Promise<void> {
  const [training] = server.trainings();
  const use = await order.owner.press(question, training ? /^is-training:/ : /^resend:/);
  if (training) await (await use.modal()).submit({ training_id: training.id });
}

/** What the owner was notified of by a message of its own. */
const toldTimes = (stage: Stage, { order }: Going, what: RegExp) =>
  stage.discord
    .messages(order.thread)
    .filter(({ content, notified }) => notified.includes(order.owner.id) && what.test(content)).length;

describe.concurrent('an order whose program is killed at', () => {
  const cases: readonly Killed[] = [
    { at: 'request-left', fault: neverTaken },
    { at: 'reply-received', fault: { kind: 'html', when: 'after' } },
    { at: 'reply-received', fault: { kind: 'server-error' } },
    { at: 'finding-made', fault: answerLost },
    { at: 'finding-stored', fault: answerLost },
    { at: 'change-asked' },
    { at: 'change-stored' },
    { at: 'turn-come' },
    { at: 'crops-handed-over' },
    { at: 'list-taken' },
    { at: 'intent-stored' },
    { at: 'request-left' },
    { at: 'reply-received' },
    { at: 'verdict-stored' },
    ...(['queued', 'training', 'ready'] as const).flatMap((state): Killed[] => [
      { at: 'telling', state },
      { at: 'posted', state },
      { at: 'told', state },
    ]),
  ];
  let stage: Stage;
  let all: readonly Going[] = [];

  const placed = async (killed: Killed) => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.startable();
    return { killed, server, order };
  };

  beforeAll(async () => {
    stage = await startStage({ speed: fast });
    all = await Promise.all(cases.map(placed));
    for (const { killed, order } of all) {
      const { fault, ...crash } = killed;
      const card = await order.startable();
      await die(stage, { ...crash, jobId: jobIn(card) }, () => {
        if (fault) stage.modelsLab.next('lora_fine_tune', fault);
        return order.owner.press(card, /^start:/);
      });
    }
    await stage.restart('SIGKILL');
  });
  afterAll(() => stage.close());

  it.concurrent.each(cases.map((killed) => ({ name: nameOf(killed), killed })))(
    '$name: one charge, one end',
    async ({ killed }) => {
      const going = all.find((one) => one.killed === killed)!;
      const { server, order } = going;
      // A card that shows Start after a press that was not stored is pressed again, as it would be.
      const card = stage.discord.messages(order.thread).find((message) => startIdOf(message) !== undefined);
      if (card) await order.owner.press(card, /^start:/);
      const told = await order.end(/is ready|needs your answer/);
      // Who is asked looks into the provider's books, and says what stands there.
      if (told.content.includes('needs your answer')) await answerByTheBooks(going, told);
      await order.end(/is ready/);
      expect(server.charges()).toHaveLength(1);
      expect(server.trainings()).toHaveLength(1);
      expect(toldTimes(stage, going, /is ready/)).toBe(1);
    },
  );
});

describe.concurrent('sample pictures whose program is killed at', () => {
  const isUnclear = /not clear what became of the pictures/;
  const cases: readonly (Killed & { readonly charges: number; readonly end: RegExp })[] = [
    { at: 'request-left', fault: neverTaken, charges: 0, end: isUnclear },
    { at: 'request-left', charges: 1, end: isUnclear },
    { at: 'pictures-intent-stored', charges: 0, end: isUnclear },
    { at: 'pictures-reply-received', charges: 1, end: isUnclear },
    { at: 'pictures-verdict-stored', charges: 1, end: /1 picture made with/ },
  ];
  let stage: Stage;
  let all: readonly (Going<(typeof cases)[number]> & { readonly model: Message })[] = [];

  const made = async (killed: (typeof cases)[number]) => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.start();
    return { killed, server, order, model: await order.end(/is ready/) };
  };

  beforeAll(async () => {
    stage = await startStage({ speed: fast });
    all = await Promise.all(cases.map(made));
    for (const { killed, order, model } of all) {
      await die(stage, { at: killed.at, jobId: jobIn(model) }, async () => {
        const offer = await (await order.owner.press(model, 'Sample pictures')).reply(patience);
        if (killed.fault) stage.modelsLab.next('images/text2img', killed.fault);
        await order.owner.press(offer, '1 picture');
      });
    }
    await stage.restart('SIGKILL');
  });
  afterAll(() => stage.close());

  it.concurrent.each(cases.map((killed) => ({ name: nameOf(killed), killed })))(
    '$name: never paid twice, told once',
    async ({ killed }) => {
      const going = all.find((one) => one.killed === killed)!;
      await going.order.end(killed.end);
      expect(going.server.charges().slice(1)).toHaveLength(killed.charges);
      expect(toldTimes(stage, going, killed.end)).toBe(1);
    },
  );
});

describe.concurrent('an answer whose program is killed at', () => {
  const answers = { 'is-training': /^is-training:/, drop: /^drop:/, resend: /^resend:/ } as const;
  const outcomes = {
    'is-training': { end: /is ready/, charges: 1 },
    resend: { end: /is ready/, charges: 2 },
    drop: { end: /was cancelled/, charges: 1 },
  } as const;
  type AnswerName = keyof typeof answers;
  const names = Object.keys(answers) as AnswerName[];
  // `resend` once stored comes last: no later kill may meet the order that it sends, about which one would be asked again.
  const cases = (['change-asked', 'change-stored'] as const).flatMap((at) => names.map((answer) => ({ answer, at })));
  let stage: Stage;
  type Asked = Going<(typeof cases)[number]> & { readonly question: Message };
  let all: readonly Asked[] = [];

  const asked = async (killed: (typeof cases)[number]) => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.startable();
    stage.modelsLab.next('lora_fine_tune', answerLost);
    await order.start();
    await order.says(/: checking/);
    await stage.modelsLab.addModel(server.account);
    return { killed, server, order };
  };

  /** On the question as it was when it was asked: on somebody's screen it may stand like that for long. */
  const give = async ({ killed, server, order, question }: Asked) => {
    const use = await order.owner.press({ ...question }, answers[killed.answer]);
    if (killed.answer !== 'is-training') return use;
    return (await use.modal()).submit({ training_id: server.trainings()[0]!.id });
  };

  beforeAll(async () => {
    stage = await startStage({ speed: fast });
    const going = [];
    for (const killed of cases) going.push(await asked(killed)); // One by one: each meets its own lost answer.
    all = await Promise.all(
      going.map(async (one) => ({ ...one, question: { ...(await one.order.end(/needs your answer/)) } })),
    );
    for (const one of all) {
      await die(stage, { at: one.killed.at, jobId: jobIn(one.question) }, () => give(one));
    }
    await stage.restart('SIGKILL');
  });
  afterAll(() => stage.close());

  it.concurrent.each(cases)(
    '$at of $answer: what it says is done once, however often it is pressed',
    async (killed) => {
      const going = all.find((one) => one.killed === killed)!;
      const { end, charges } = outcomes[killed.answer];
      await (await give(going)).answer();
      await going.order.end(end);
      expect(await going.server.told(give(going))).toMatch(/answered already/);
      expect(going.server.charges()).toHaveLength(charges);
      expect(toldTimes(stage, going, end)).toBe(1);
    },
  );
});
