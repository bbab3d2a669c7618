import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { FieldValues } from '../../playground/discord/driver/modal.ts';
import type { Message } from '../../playground/discord/state/message.ts';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

/** Opens a form of the card and sends it; the card that comes of it. */
async function set(order: Order, button: 'Settings' | 'More settings', values: FieldValues): Promise<Message> {
  const card = await order.startable();
  await (await form(order, button)).submit(values);
  return order.changed({ ...card });
}

async function form(order: Order, button: 'Settings' | 'More settings') {
  return (await order.owner.press(await order.startable(), button)).modal();
}

/** What the provider receives once Start is pressed, in its own spelling. */
async function requestOf(order: Order, server: Server) {
  await order.start();
  return stage.discord.until(() => server.trainings()[0]?.request, { ...patience, what: 'a training' });
}

it.concurrent('sends network, negative prompt and seed of a LoRA', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await set(order, 'Settings', { seed: '7' });
  const negative = 'blurry,\nout of frame';
  const card = await set(order, 'More settings', { network: ['lycoris'], negative_prompt: negative });
  expect(textOf(card)).toMatch(
    /Seed: \*\*7\*\*\nNetwork: \*\*lycoris\*\*\nNegative prompt: \*\*blurry, out of frame\*\*/,
  );
  expect(await requestOf(order, server)).toMatchObject({
    lora_type: 'lycoris',
    negative_prompt: 'blurry, out of frame',
    seed: '7',
  });
});

it.concurrent('sends base model, seed, rates and steps of both networks of Dreambooth v2', async () => {
  const server = await stage.addServer();
  const order = await server.train({ method: 'dreambooth-v2', base_model: 'midjourney', seed: 7 });
  await set(order, 'More settings', {
    unet_rate: '3e-7',
    unet_steps: '900',
    text_encoder_rate: '1e-8',
    text_encoder_steps: '200',
  });
  expect(await requestOf(order, server)).toMatchObject({
    base_model_id: 'midjourney',
    seed: '7',
    learning_rate_unet: '3e-7',
    steps_unet: '900',
    learning_rate_text_encoder: '1e-8',
    steps_text_encoder: '200',
  });
});

it.concurrent(
  'sends the steps of Flux, which go up to 4000, and gives the provider’s own request in the end',
  async () => {
    const server = await stage.addServer();
    const order = await server.train({ method: 'flux', steps: 4000 });
    expect(textOf(await order.startable())).toMatch(/Steps: \*\*4000\*\*/);
    expect(await requestOf(order, server)).toMatchObject({ training_steps: 4000 });
    const end = await order.end(/is ready/);
    expect(textOf(end)).toMatch(/LoRA for Flux[\s\S]*`flux`/);
    const request = await (await server.bob.press(end, 'Ready request')).reply(patience);
    expect(request.content).toMatch(/how ModelsLab itself says that “Ambika” is used/);
    expect(request.content).toContain(server.trainings()[0]!.id);
  },
);

it.concurrent('refuses in words what a setting does not take, and loses nothing', async () => {
  const server = await stage.addServer();
  const order = await server.train({ method: 'dreambooth-v2' });
  await set(order, 'More settings', { unet_steps: '900' });
  const refusal = async (values: FieldValues) => server.told((await form(order, 'More settings')).submit(values));
  expect(await refusal({ unet_rate: '1e-4' })).toMatch(/UNet learning rate: .*1e-5 to 1e-10/);
  expect(await refusal({ text_encoder_steps: '2001' })).toMatch(/Text encoder steps: .*1 to 2000/);
  expect(await refusal({ unet_steps: 'many' })).toMatch(/UNet steps: .*Nothing was changed/);
  const card = await order.startable();
  expect(textOf(card)).toMatch(/3 good|2 good, 1 with/);
  expect(textOf(card)).toMatch(/UNet steps: \*\*900\*\*$/m);
});

it.concurrent('goes back to the method’s own way when a field is emptied', async () => {
  const server = await stage.addServer();
  const order = await server.train({ steps: 40 });
  expect(textOf(await set(order, 'Settings', { steps: '' }))).toMatch(/Steps: \*\*10\*\* \(by the number of photos\)/);
});

it.concurrent('completes base models while somebody types, and builds on the chosen one', async () => {
  const server = await stage.addServer();
  const typed = { method: 'dreambooth', base_model: 'dreams' };
  const choices = await server.bob.autocomplete(server.channel, 'train', typed, 'base_model');
  expect(choices).toMatchObject([{ name: 'DreamShaper (dream-shaper-8797)', value: 'dream-shaper-8797' }]);
  const typo = await server.train({ name: 'Typo', method: 'dreambooth', base_model: 'dream-shaper' });
  expect(textOf(await typo.startable())).toMatch(/does not list a base model called `dream-shaper`/);
  const order = await server.train({ method: 'dreambooth', base_model: 'dream-shaper-8797' });
  expect(textOf(await order.startable())).not.toMatch(/does not list/);
  expect(await requestOf(order, server)).toMatchObject({ base_model_id: 'dream-shaper-8797' });
});

it.concurrent('takes the default base model of the server back with the first choice', async () => {
  const server = await stage.addServer();
  const defaults = async (base_model: string) =>
    (await server.ask(server.ada, 'config defaults', { base_model })).content;
  const [first] = await server.ada.autocomplete(server.channel, 'config defaults', {}, 'base_model');
  expect(await defaults('midjourney')).toMatch(/Base model.*midjourney/);
  expect(await defaults('no model of this name')).toMatch(/as ModelsLab lists it/);
  expect(await defaults(String(first?.value))).toMatch(/Base model.*the method’s own/);
});

it.concurrent(
  'reports a training to Weights & Biases with the key that an admin has set, and shows it nowhere',
  async () => {
    const wandbKey = 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0';
    stage.keepSecret(wandbKey);
    const server = await stage.addServer();
    const order = await server.train();
    const yes = async () => (await form(order, 'More settings')).submit({ report: ['yes'] });
    expect(await server.told(yes())).toMatch(/no Weights & Biases key.*Nothing was changed.*\/config wandb/);
    const setKey = async (key: string) =>
      (
        await (await (await server.ada.command(server.channel, 'config wandb')).modal()).submit({ wandb_key: key })
      ).reply();
    expect((await setKey(wandbKey)).content).toContain('`a9b0`');
    expect((await server.ask(server.ada, 'config show')).content).toMatch(/Biases key:\*\* ends in `a9b0`/);
    expect(textOf(await set(order, 'More settings', { report: ['yes'] }))).toMatch(/Biases: \*\*yes\*\*/);
    expect(await requestOf(order, server)).toMatchObject({ wandb_key: wandbKey });
    expect((await setKey('')).content).toMatch(/No key of Weights & Biases is stored/);
  },
);

it.concurrent('leaves out what was chosen for another method', async () => {
  const server = await stage.addServer();
  const order = await server.train({ steps: 40 });
  await set(order, 'More settings', { network: ['lycoris'] });
  const card = await order.startable();
  await server.bob.select(card, /^method:/, ['dreambooth']);
  const changed = textOf(await order.changed({ ...card }));
  expect(changed).toMatch(/Steps: \*\*600\*\* \(by the number of photos\)/);
  expect(changed).not.toMatch(/lycoris/);
});
