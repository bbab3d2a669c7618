import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import type { CallName } from '../../playground/modelslab/call-names.ts';
import { patience, type Order } from './order.ts';
import type { Server, ServerOptions } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterEach(() => stage.check());
afterAll(() => stage.close());

interface Model {
  readonly server: Server;
  readonly order: Order;
  /** Its end message, with the buttons. */
  readonly end: Message;
}

async function model(options: ServerOptions = {}): Promise<Model> {
  const server = await stage.addServer(options);
  const order = await server.train();
  await order.start();
  return { server, order, end: await order.end(/is ready/) };
}

/** The choice that a press on Sample pictures opens. */
async function choice({ server, end }: Model): Promise<Message> {
  return (await server.bob.press(end, 'Sample pictures')).reply(patience);
}

async function ordered(made: Model, number = '2 pictures'): Promise<Message> {
  const offer = await choice(made);
  await (await made.server.bob.press(offer, number)).answer();
  return offer;
}

const pictureCharges = ({ server }: Model) => server.charges().slice(1);
const calls = (name: CallName) => stage.modelsLab.requests.filter(({ call }) => call === name).length;
const news = ({ order }: Model, what: RegExp) => order.end(what);
const imagesIn = ({ embeds }: Message) => embeds.flatMap(({ image }) => image?.url ?? []);

it('posts the pictures in the thread after one press on a number, and tells what the wallet tells', async () => {
  const made = await model();
  const offer = await choice(made);
  expect(offer.ephemeralFor).toBe(made.server.bob.id);
  expect(textOf(offer)).toMatch(/photo of ambika0 woman[\s\S]*bills each picture[\s\S]*cannot see beforehand/);
  expect(pictureCharges(made), 'nothing is billed for looking').toEqual([]);
  const twice = { ...offer };
  await (await made.server.bob.press(offer, '3 pictures')).answer();
  const posted = await news(made, /3 pictures made with “Ambika”/);
  expect(imagesIn(posted)).toHaveLength(3);
  expect(textOf(posted)).toMatch(/photo of ambika0 woman[\s\S]*wallet shows \$0\.015 less than before/);
  expect(pictureCharges(made)).toMatchObject([{ request: { samples: 3, lora_model: made.server.trainings()[0]!.id } }]);

  expect(await made.server.told(made.server.bob.press(twice, '3 pictures'))).toMatch(/used already/);
  await ordered({ ...made, end: posted }, '1 picture');
  await news(made, /1 picture made with “Ambika”/);
  expect(pictureCharges(made)).toHaveLength(2);
});

it('is for the owner and admins', async () => {
  const { server, end } = await model();
  const carol = server.guild.addMember({ name: 'Carol' });
  expect(await server.told(carol.press(end, 'Sample pictures'))).toMatch(/no such training here/);
  expect(await server.told(server.ada.press(end, 'Sample pictures'))).toMatch(/How many pictures/);
});

it('orders once of two presses at the same time', async () => {
  const made = await model();
  const offer = await choice(made);
  const presses = [
    made.server.bob.press({ ...offer }, '4 pictures'),
    made.server.bob.press({ ...offer }, '4 pictures'),
  ];
  await Promise.all(presses.map(async (press) => (await press).answer()));
  await news(made, /4 pictures made/);
  expect(pictureCharges(made)).toHaveLength(1);
});

it('never asks twice when the answer is lost after it was charged, and says what the wallet shows', async () => {
  const made = await model();
  stage.modelsLab.next('images/text2img', { kind: 'drop', when: 'after' });
  await ordered(made);
  const told = await news(made, /not clear what became of the pictures/);
  expect(textOf(told)).toMatch(/may have been made and billed[\s\S]*\$0\.01 less than before/);
  expect(pictureCharges(made)).toHaveLength(1);
});

it('says that nothing seems to be billed when the request was lost on its way', async () => {
  const made = await model();
  stage.modelsLab.next('images/text2img', { kind: 'drop' });
  await ordered(made);
  expect(textOf(await news(made, /not clear what became/))).toMatch(/wallet shows as much as before/);
  expect(pictureCharges(made)).toEqual([]);
});

it('loads a model first that was idle for long', async () => {
  const made = await model();
  const before = calls('model_reload');
  stage.modelsLab.idle(made.server.trainings()[0]!.id);
  await ordered(made);
  await news(made, /2 pictures made/);
  expect(calls('model_reload') - before).toBe(1);
  expect(pictureCharges(made)).toHaveLength(1);
});

it('waits while the provider’s queue is full, and asks until pictures in the making are there', async () => {
  const made = await model();
  stage.modelsLab.next('images/text2img', {
    kind: 'says',
    status: 429,
    body: { status: 'error', message: 'Rate limit exceeded' },
  });
  stage.modelsLab.next('images/fetch', { kind: 'html' });
  await ordered(made);
  await news(made, /2 pictures made/);
  expect(pictureCharges(made)).toHaveLength(1);
});

it('says that the wallet is empty, and bills nothing', async () => {
  const made = await model({ account: { balance: 1 } });
  await ordered(made);
  expect(textOf(await news(made, /no pictures of “Ambika”/))).toMatch(/not enough credit[\s\S]*Nothing was billed/);
  expect(pictureCharges(made)).toEqual([]);
});

it('shows links where Discord does not take the pictures', async () => {
  const made = await model();
  const link = `https://${'x'.repeat(60)}.example/${'y'.repeat(2100)}`;
  stage.modelsLab.next('images/text2img', {
    kind: 'says',
    status: 200,
    body: { status: 'success', id: 1, output: [link, 'https://pictures.example/2.png'] },
  });
  stage.forgive(50035);
  await ordered(made);
  const posted = await news(made, /2 pictures made/);
  expect(textOf(posted)).toContain('<https://pictures.example/2.png>');
  expect(imagesIn(posted)).toEqual([]);
});

it('gives a ready request, without the key', async () => {
  const { server, end } = await model();
  const reply = await (await server.bob.press(end, 'Ready request')).reply(patience);
  expect(reply.content).toMatch(/POST https:\/\/modelslab\.com\/api\/v6\/images\/text2img[\s\S]*"key": "YOUR_API_KEY"/);
  expect(reply.content).toContain(server.trainings()[0]!.id);
  expect(reply.ephemeralFor).toBe(server.bob.id);
});

it('after kill -9 asks for nothing twice, and posts what was being made: one charge each', async () => {
  const [leaving, making] = await Promise.all([model(), model()]);
  stage.modelsLab.next('images/fetch', { kind: 'late', byMs: 5000 });
  const fetches = calls('images/fetch');
  await ordered(making);
  await stage.modelsLab.until(() => calls('images/fetch') > fetches, patience);
  stage.modelsLab.next('images/text2img', { kind: 'late', byMs: 5000 });
  const asked = calls('images/text2img');
  await ordered(leaving);
  await stage.modelsLab.until(() => calls('images/text2img') > asked, patience);
  await stage.restart('SIGKILL');
  await Promise.all([news(making, /2 pictures made/), news(leaving, /not clear what became of the pictures/)]);
  expect(pictureCharges(making)).toHaveLength(1);
  expect(pictureCharges(leaving)).toHaveLength(1);
});
