import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import type { Training } from '../../playground/modelslab/trainings.ts';
import { attached, photos } from './photos.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

it.concurrent('opens a file picker when /train comes without photos, and goes on the same way', async () => {
  const server = await stage.addServer();
  const use = await server.bob.command(server.channel, 'train', { name: 'Picked', subject: 'man', trigger: 'picked7' });
  const modal = await use.modal();
  const reply = await (await modal.submit({ photos })).reply();
  const order = server.orderIn(reply);
  expect(textOf(await order.startable())).toMatch(/picked7/);
  await order.start();
  await order.end(/is ready/);
  expect(server.trainings()[0]?.images).toHaveLength(3);
});

it.concurrent('takes more photos with Add photos, up to 30 in all', async () => {
  const server = await stage.addServer();
  const order = await server.train(attached(photos.slice(0, 2)));
  const card = await order.says(/3 usable photos are needed/);
  const add = async () => (await server.bob.press(await order.says(/Add photos/), 'Add photos')).modal();
  await (await add()).submit({ photos: photos.slice(2) });
  const fuller = await order.changed(card);
  expect(textOf(fuller)).toMatch(/3 good|2 good, 1 with/);
  await (await (await add()).submit({ photos: times(10) })).answer();
  await (await (await add()).submit({ photos: times(10) })).answer();
  expect(await server.told((await add()).submit({ photos: times(8) }))).toMatch(/30 photos at most/);
});

it.concurrent('trains on thirty photos: ten options of /train, and Add photos twice with ten each', async () => {
  const server = await stage.addServer();
  const order = await server.train(attached(times(10)));
  const ten = await order.startable();
  await order.says(/10 of 10 photos can be used/);
  const add = async (card: Message) => (await server.bob.press(card, 'Add photos')).modal();
  await (await add(ten)).submit({ photos: times(10) });
  const twenty = await order.changed(ten);
  await order.says(/20 of 20 photos can be used/);
  await (await add(twenty)).submit({ photos: times(10) });
  await order.changed(twenty);
  await order.says(/30 of 30 photos can be used/);
  await order.start();
  await order.end(/is ready/);
  expect(server.trainings()[0]?.images).toHaveLength(30);
});

it.concurrent('takes photos out with Remove photos; what repeated them is good again', async () => {
  const server = await stage.addServer();
  const [first, second, third] = photos;
  const order = await server.train({ ...attached([first!, first!, second!, third!]) });
  await order.says(/! \*\*2\*\* .*the same as photo 1: remove one of them/);
  const card = await order.startable();
  const modal = await (await server.bob.press(card, 'Remove photos')).modal();
  await modal.submit({ photos0: ['1'] });
  await order.changed(card);
  await order.says(/3 of 3 photos can be used/);
  await order.start();
  await order.end(/is ready/);
  expect(server.trainings()[0]?.images).toHaveLength(3);
});

it.concurrent('cuts the photos anew when another crop is chosen', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  const card = await order.startable();
  const [before] = (await order.says(/3 of 3/)).attachments;
  await server.bob.select(card, /^crop:/, ['centre']);
  await order.changed(card);
  const sheet = await order.says(/3 of 3/);
  await stage.discord.until(() => sheet.attachments[0]?.name !== before?.name, { what: 'another contact sheet' });
  expect(sheet.attachments).toHaveLength(1);
  await order.start();
  await order.end(/is ready/);
  const posted = stage.discord.messages(order.thread).flatMap(({ attachments }) => attachments.map(({ name }) => name));
  expect(posted).toContain('01-centre-512.png');
});

it.concurrent('changes price and size of the crops with the method', async () => {
  const server = await stage.addServer();
  const order = await server.train({ method: 'lora-sdxl' });
  const card = await order.startable();
  await order.says(/1024 × 1024/);
  await server.bob.select(card, /^method:/, ['dreambooth']);
  const dear = await order.changed(card);
  expect(textOf(dear)).toMatch(/\$3\.00/);
  await order.says(/512 × 512/);
  await order.start();
  await order.end(/is ready/);
  expect(sizesOf(server.trainings()[0]!)).toEqual([[512, 512]]);
  expect(server.charges()).toMatchObject([{ amount: 3 }]);
});

it.concurrent(
  'changes name, subject, trigger, steps and seed with Settings, and says what is not allowed',
  async () => {
    const server = await stage.addServer();
    const order = await server.train();
    const card = await order.startable();
    const settings = async (from: Message) => (await server.bob.press(from, 'Settings')).modal();
    expect(await server.told((await settings(card)).submit({ steps: '5000' }))).toMatch(/10 to 50 steps/);
    expect(await server.told((await settings(card)).submit({ trigger: 'two words' }))).toMatch(/trigger word has/);
    expect(await server.told((await settings(card)).submit({ name: '***' }))).toMatch(/name has 1 to 40/);
    const wanted = { name: 'Renamed', subject: ['man'], trigger: 'renamed9', steps: '33', seed: '7' };
    await (await settings(card)).submit(wanted);
    const changed = await order.changed(card);
    expect(textOf(changed)).toMatch(/Renamed[\s\S]*renamed9/);
    await order.start();
    await order.end(/“Renamed” is ready/);
    expect(server.trainings()[0]?.request).toMatchObject({
      instance_prompt: 'photo of renamed9 man',
      training_type: 'men',
      max_train_steps: '33',
      seed: '7',
    });
  },
);

it.concurrent('asks once, on the card of a member’s first order, whether the photos may be used', async () => {
  const server = await stage.addServer();
  const first = await server.train({ name: 'First' });
  const second = await server.train({ name: 'Second' });
  expect(textOf(await first.startable())).toMatch(/Please confirm[\s\S]*adult[\s\S]*<Start \(\$1\.00\), I confirm>/);
  const waiting = await second.startable();
  expect(textOf(waiting)).toMatch(/Please confirm/);
  await first.start();
  await first.end(/is ready/);
  await stage.becomes(waiting, /You confirmed that/);
  expect(textOf(await second.startable())).not.toMatch(/Please confirm|I confirm/);
  const carols = await server.train({ name: 'Third' }, server.guild.addMember({ name: 'Carol' }));
  expect(textOf(await carols.startable()), 'everybody for themselves').toMatch(/Please confirm/);
});

it.concurrent('discards an order: nothing is billed, and it cannot be started any more', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  const card = await order.startable();
  const pressed = { ...card };
  await server.bob.press(card, 'Discard');
  await order.says(/: discarded[\s\S]*photos.+erased/);
  expect(await server.told(server.bob.press(pressed, /^start:/))).toMatch(/was discarded/);
  expect(server.trainings()).toEqual([]);
});

it.concurrent('starts for nobody but the one who ordered', async () => {
  const server = await stage.addServer();
  const carol = server.guild.addMember({ name: 'Carol' });
  const order = await server.train();
  const card = await order.startable();
  expect(await server.told(carol.press(card, /^start:/))).toMatch(/no such training here|who ordered this/);
  expect(await server.told(server.ada.press(card, /^start:/))).toMatch(/who ordered this, can do that/);
  expect(server.trainings()).toEqual([]);
});

it.concurrent('starts once when Start is pressed twice, and when the old card is delivered again', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  const card = await order.startable();
  const old = { ...card };
  await Promise.all([server.bob.press(old, /^start:/), server.bob.press(old, /^start:/)]);
  await order.end(/is ready/);
  await (await server.bob.press(old, /^start:/)).answer();
  expect(await server.told(server.bob.press(old, 'Discard'))).toMatch(/has been started/);
  expect(server.charges()).toHaveLength(1);
  expect(server.trainings()).toHaveLength(1);
});

it.concurrent('does not start from a card that shows something else than the order is now', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  const card = await order.startable();
  const old = { ...card };
  await server.bob.select(card, /^method:/, ['dreambooth']);
  await order.changed(card);
  expect(await server.told(server.bob.press(old, /^start:/))).toMatch(/has changed since/);
  expect(server.trainings()).toEqual([]);
});

it.concurrent('gives a name that is taken a number, and says so', async () => {
  const server = await stage.addServer();
  await server.train({ name: 'Twice' });
  const asked = { name: 'twice', subject: 'woman', ...attached(photos) };
  const reply = await server.ask(server.bob, 'train', asked);
  expect(reply.content).toMatch(/twice.*is taken.*twice-2/s);
  const order = server.orderIn(reply);
  expect(order.thread.name).toBe('twice-2');
  const modal = await (await server.bob.press(await order.startable(), 'Settings')).modal();
  expect(await server.told(modal.submit({ name: 'Twice' }))).toMatch(/Twice.*is taken.*Choose another name/s);
});

it.concurrent('says what was mended also when the photos came by the file picker', async () => {
  const server = await stage.addServer();
  await server.train({ name: 'Twice' });
  const use = await server.bob.command(server.channel, 'train', { name: 'Twice', subject: 'man', steps: 2000 });
  const reply = await (await (await use.modal()).submit({ photos })).reply();
  expect(reply.content).toMatch(/takes 10 to 50 steps.*is taken.*Twice-2/s);
});

function times(count: number) {
  return Array.from({ length: count }, (_, index) => photos[index % photos.length]!);
}

function sizesOf({ images }: Training): number[][] {
  const sizes = images.map(({ width, height }) => [width, height]);
  return sizes.filter(([width], index) => sizes.findIndex(([other]) => other === width) === index);
}
