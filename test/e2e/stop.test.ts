import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerIn } from './database.ts';
import { patience } from './order.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

it('asked to stop while an order is being sent, it stores the verdict first and ends in time', async () => {
  const { modelsLab } = stage;
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  modelsLab.next('lora_fine_tune', { kind: 'late', byMs: 3000 });
  await order.start();
  await modelsLab.until(() => modelsLab.requests.some(({ call }) => call === 'lora_fine_tune'), patience);

  await stage.restart('SIGTERM', async () => {
    // Found in the list afterwards, it would be "no-verdict" and "adopted".
    expect(ledgerIn(stage.folder)).toEqual(['pressed', 'intent', 'charged']);
    return Promise.resolve();
  });

  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(1);
  expect(server.trainings()).toHaveLength(1);
});
