import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallName } from '../../playground/modelslab/call-names.ts';
import { createOrder, patience, type Order } from './order.ts';
import { attached, photos } from './photos.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

/*
 * SIGTERM in the middle of each step: it ends with 0, and the next start goes on from there. That it is over after ten seconds
 * is seen to by a timer of its own, with a test of its own: on a busy machine a clock beside it says nothing.
 */

describe('a stop in the middle of an order', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
  });
  afterEach(() => {
    stage.discord.faults.clear();
    return stage.check();
  });
  afterAll(() => stage.close());

  /** Stops in the middle of what is held, and starts again. */
  async function stopAndGoOn(): Promise<void> {
    await stage.restart('SIGTERM', () => {
      stage.discord.faults.clear();
      return Promise.resolve();
    });
  }

  /** To its end: charged once, and each thing told once. */
  async function endsWell(server: Server, order: Order): Promise<void> {
    // Started already, it is sent without another press.
    const isSent = stage.modelsLab.until(() => server.trainings().length > 0, patience);
    await Promise.race([isSent, order.startable().then(() => order.start())]);
    await stage.modelsLab.until(() => server.trainings().length > 0, patience);
    await order.says(/▶ \*\*Training\*\*|: ready/);
    const [training] = server.trainings();
    if (training?.ending === undefined) await stage.modelsLab.move(training!.id, 'model_ready');
    await order.end(/is ready/);
    expect(server.charges()).toHaveLength(1);
    const messages = stage.discord.messages(order.thread);
    expect(messages.filter(({ content }) => content.includes('is ready'))).toHaveLength(1);
    expect(messages.filter(({ attachments }) => attachments.some(({ name }) => name.endsWith('.png')))).toHaveLength(1);
  }

  /** Not through the reply: that may be what is held. */
  async function training(server: Server): Promise<Order> {
    await server.bob.command(server.channel, 'train', {
      name: 'Ambika',
      subject: 'woman',
      method: 'lora-sd15',
      ...attached(photos),
    });
    const found = () => stage.discord.threads(server.channel)[0];
    const thread = await stage.discord.until(found, { ...patience, what: 'a thread' });
    return createOrder(stage.discord, thread, server.bob);
  }

  const called = async (call: CallName, isAsked: () => Promise<unknown>, byMs = 3000) => {
    const { modelsLab } = stage;
    const before = modelsLab.requests.length;
    modelsLab.next(call, { kind: 'late', byMs });
    await isAsked();
    await modelsLab.until(() => modelsLab.requests.slice(before).some((one) => one.call === call), patience);
  };
  const posts = ({ thread }: Order, isDone: boolean) =>
    stage.discord.faults.hold({ method: 'POST', path: new RegExp(`/channels/${thread.id}/messages$`), isDone });

  const steps: Record<string, (server: Server) => Promise<Order>> = {
    'downloading photos': async (server) => {
      const held = stage.discord.faults.hold({ method: 'GET', path: /attachments/ });
      const order = await training(server);
      await held.arrived;
      return order;
    },
    cropping: async (server) => {
      const order = await training(server);
      await order.says(/Looking at 3 photos/);
      return order;
    },
    'posting the contact sheet': async (server) => {
      const order = await training(server);
      const held = posts(order, true);
      await held.arrived;
      return order;
    },
    'handing over the crops': async (server) => {
      const order = await server.train();
      await order.startable();
      const held = posts(order, true);
      await order.start();
      await held.arrived;
      return order;
    },
    'waiting for the paid reply': async (server) => {
      const order = await server.train();
      await order.startable();
      await called('lora_fine_tune', () => order.start());
      return order;
    },
    'asking for the status': async (server) => {
      const order = await server.train();
      await order.start();
      await order.says(/▶ \*\*Training\*\*/);
      await called('fine_tune_status', () => Promise.resolve());
      return order;
    },
    'posting the end': async (server) => {
      const order = await server.train();
      await order.start();
      await order.says(/▶ \*\*Training\*\*/);
      const held = posts(order, true);
      await stage.modelsLab.move(server.trainings()[0]!.id, 'model_ready');
      await held.arrived;
      return order;
    },
  };

  it.each(Object.keys(steps))('while %s', async (name) => {
    const server = await stage.addServer();
    const order = await steps[name]!(server);
    await stopAndGoOn();
    await endsWell(server, order);
  });

  it('while a thread is opened: the handler comes to its end, and the order has its thread', async () => {
    const server = await stage.addServer();
    const held = stage.discord.faults.hold({ method: 'POST', path: /\/threads$/, isDone: true });
    await server.bob.command(server.channel, 'train', {
      name: 'Ambika',
      subject: 'woman',
      method: 'lora-sd15',
      ...attached(photos),
    });
    await held.arrived;
    setTimeout(() => {
      held.release();
    }, 1000);
    await stopAndGoOn();
    const [thread] = stage.discord.threads(server.channel);
    await endsWell(server, createOrder(stage.discord, thread!, server.bob));
  });

  it('while a form is open: what is sent to the next start is taken', async () => {
    const server = await stage.addServer();
    const modal = await (
      await server.bob.command(server.channel, 'train', { name: 'Ambika', subject: 'woman', method: 'lora-sd15' })
    ).modal();
    await stopAndGoOn();
    const reply = await (await modal.submit({ photos })).reply(patience);
    await endsWell(server, server.orderIn(reply));
  });

  it('tells whoever presses meanwhile that nothing is lost, and takes it at the next start', async () => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.startable();
    const other = await stage.addServer();
    await called('lora_fine_tune', () => order.start(), 8000);
    const stopped = stage.program().stop();
    const asked = async () => (await other.ask(other.bob, 'status')).content;
    await expect.poll(asked, { interval: 50 }).toMatch(/being restarted\. Nothing is lost/);
    expect(await stopped).toBe(0);
    await stopAndGoOn();
    await endsWell(server, order);
  });

  it('asked for twice ends at once with 1, and nothing is lost all the same: what is not known is asked', async () => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.startable();
    await called('lora_fine_tune', () => order.start());
    const first = stage.program().stop();
    await expect.poll(() => stage.program().output()).toContain('"stopping'); // Of this process: signals sent at once are one.
    expect(await stage.program().stop()).toBe(1);
    expect(await first, 'it did not wait for the reply').toBe(1);
    await stage.restart('SIGKILL');
    // The reply went with the program, and what is new in the list proves nothing: the member says that it is theirs.
    const question = await order.says(/needs your answer/);
    const modal = await (await server.bob.press(question, /^is-training:/)).modal();
    await modal.submit({ training_id: server.trainings()[0]!.id });
    await endsWell(server, order);
  });
});
