import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrder, patience, type Order } from './order.ts';
import { attached, photos } from './photos.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

interface Going {
  readonly server: Server;
  readonly order: Order;
}

describe.concurrent.each(['SIGKILL', 'SIGTERM'] as const)('after %s', (signal) => {
  let stage: Stage;
  let training: Going;
  let draft: Going;
  let started: Going;
  let leaving: Going;
  let preparing: Going;

  const placed = async (): Promise<Going> => {
    const server = await stage.addServer();
    const order = await server.train({ trigger: 'kept77', steps: 30 });
    await order.startable();
    return { server, order };
  };

  /** Trainings wait on one stage, so that none ends before the program does. */
  const finish = async ({ server, order }: Going) => {
    await stage.modelsLab.until(() => server.trainings().length > 0, patience);
    await stage.modelsLab.move(server.trainings()[0]!.id, 'model_ready');
    await order.end(/is ready/);
  };

  // One program with an order at each step of its way is killed once: starting many takes longer than anything else here.
  beforeAll(async () => {
    stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
    const { modelsLab } = stage;
    [training, draft, started, leaving] = await Promise.all([placed(), placed(), placed(), placed()]);
    await training.order.start();
    await training.order.says(/▶ \*\*Training\*\*/);
    const before = modelsLab.requests.length;
    const calls = (name: string) => modelsLab.requests.slice(before).filter(({ call }) => call === name).length;
    modelsLab.next('finetune_list', { kind: 'late', byMs: 9000 });
    await started.order.start();
    await modelsLab.until(() => calls('finetune_list') === 1, patience);
    // A stop waits for the answer; a kill must come before it, however long that takes here.
    modelsLab.next(
      'lora_fine_tune',
      signal === 'SIGTERM' ? { kind: 'late', byMs: 3000 } : { kind: 'silence', when: 'after' },
    );
    await leaving.order.start();
    await modelsLab.until(() => calls('lora_fine_tune') === 1, patience);
    preparing = await uploading(stage);
    await stage.restart(signal);
  });
  afterAll(() => stage.close());

  it.concurrent('a training is followed on: one charge, one end', async () => {
    await finish(training);
    const messages = stage.discord.messages(training.order.thread);
    expect(messages.filter(({ content }) => content.includes('is ready'))).toHaveLength(1);
    expect(training.server.charges()).toHaveLength(1);
  });

  it.concurrent('an order that was not started has its photos, its settings and its buttons', async () => {
    await draft.order.start();
    await finish(draft);
    const [sent] = draft.server.trainings();
    expect(sent?.request).toMatchObject({ max_train_steps: '30', instance_prompt: 'photo of kept77 woman' });
    expect(sent?.request['images']).toHaveLength(3);
  });

  it.concurrent('an order that had just been started is sent: one charge', async () => {
    await finish(started);
    expect(started.server.charges()).toHaveLength(1);
  });

  it.concurrent('an order that was on its way is not sent again: one charge', async () => {
    const { server, order } = leaving;
    // A kill loses the answer, and what is new in the list proves nothing: the member says that it is theirs.
    if (signal === 'SIGKILL') {
      const question = await order.end(/needs your answer/);
      const modal = await (await server.bob.press(question, 'It is training')).modal();
      await modal.submit({ training_id: server.trainings()[0]!.id });
    }
    await finish(leaving);
    expect(leaving.server.charges()).toHaveLength(1);
    expect(leaving.server.trainings()).toHaveLength(1);
  });

  it.concurrent('the rest of the photos is looked at', async () => {
    await preparing.order.says(/10 of 10 photos can be used/);
    await preparing.order.startable();
  });
});

/** Ten photos that are being looked at: nobody waits for the reply, by then they might be finished. */
async function uploading(stage: Stage): Promise<Going> {
  const server = await stage.addServer();
  const many = Array.from({ length: 10 }, (_, index) => photos[index % photos.length]!);
  await server.bob.command(server.channel, 'train', { name: 'Halfway', subject: 'woman', ...attached(many) });
  const found = () => stage.discord.threads(server.channel)[0];
  const thread = await stage.discord.until(found, { ...patience, what: 'a thread' });
  const order = createOrder(stage.discord, thread, server.bob);
  await order.says(/Looking at 10 photos/);
  return { server, order };
}
