import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { missesUntilLost } from '../../src/services/jobs/state/training-status.ts';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

async function running(): Promise<{ readonly server: Server; readonly order: Order; readonly id: string }> {
  const server = await stage.addServer();
  const order = await server.train();
  await order.start();
  await order.says(/▶ \*\*Training\*\*/);
  return { server, order, id: server.trainings()[0]!.id };
}

const statusCalls = () => stage.modelsLab.requests.filter(({ call }) => call === 'fine_tune_status').length;
const asked = (times: number) => {
  const from = statusCalls();
  return stage.modelsLab.until(() => statusCalls() >= from + times, patience);
};

it('shows no stage twice when the provider goes back, and tells the end once', async () => {
  const { server, order, id } = await running();
  await stage.modelsLab.move(id, 'training_success');
  const card = await order.says(/▶ \*\*Training finished\*\*/);
  await stage.modelsLab.move(id, 'deploying_gpu');
  await asked(3);
  expect(textOf(card)).toMatch(/▶ \*\*Training finished\*\*/);
  await stage.modelsLab.move(id, 'model_ready');
  await order.end(/is ready/);
  await stage.restart('SIGTERM');
  const ends = stage.discord.messages(order.thread).filter(({ content }) => content.includes('is ready'));
  expect(ends).toHaveLength(1);
  expect(server.charges()).toHaveLength(1);
});

it('goes on when a training is not found for a while', async () => {
  const { order, id } = await running();
  for (let miss = 1; miss < missesUntilLost; miss += 1)
    stage.modelsLab.next('fine_tune_status', { kind: 'refuse', why: 'not-found' });
  await asked(missesUntilLost + 1);
  await stage.modelsLab.move(id, 'model_ready');
  await order.end(/is ready/);
});

it('says that a training is lost when it stays not found, and what that means for the bill', async () => {
  const { server, order } = await running();
  for (let miss = 1; miss <= missesUntilLost; miss += 1)
    stage.modelsLab.next('fine_tune_status', { kind: 'refuse', why: 'not-found' });
  const end = await order.end(/could not be trained/);
  expect(textOf(end)).toMatch(/does not know this training any more.*at its full price/);
  expect(server.charges()).toHaveLength(1);
});
