import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerIn } from './database.ts';
import { patience } from './order.ts';
import { startStage, type Stage } from './stage.ts';
import { measuringStrain, strainOf } from './strain.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    environment: measuringStrain,
    oddities: { course: { stuckAt: 'training_started' } },
  });
});
afterAll(() => stage.close());

it('while another process holds the database for 10 s it answers in time, and all that was asked is done after', async () => {
  const [running, waiting] = [await stage.addServer(), await stage.addServer()];
  const training = await running.train();
  await training.start();
  await training.says(/▶ \*\*Training\*\*/);
  const draft = await waiting.train();
  const card = await draft.startable();
  await strainOf(stage);

  const other = new DatabaseSync(join(stage.folder, 'darkroom.db'), { timeout: 5000 });
  other.exec('begin immediate');
  const heldAt = performance.now();
  const press = await waiting.bob.press(card, /^start:/);
  const ordering = waiting.train({ name: 'Later' });
  expect((await running.ask(running.bob, 'status')).content, 'reading goes on').toMatch(/Ambika/);
  const asking = waiting.ask(waiting.ada, 'config plan', { plan: 'standard' });
  await stage.modelsLab.move(running.trainings()[0]!.id, 'model_ready');
  await pass(10_000 - (performance.now() - heldAt));
  const heldMs = performance.now() - heldAt;
  expect(waiting.charges()).toEqual([]);
  other.exec('rollback');
  other.close();

  await press.answer();
  expect((await asking).content).toMatch(/10 at once/);
  const later = await ordering;
  await training.end(/is ready/);
  await stage.modelsLab.until(() => waiting.trainings().length === 1, patience);
  await stage.modelsLab.move(waiting.trainings()[0]!.id, 'model_ready');
  await draft.end(/is ready/);
  await later.startable();
  expect(ledgerIn(stage.folder).filter((event) => event === 'charged')).toHaveLength(2);
  expect(running.charges().length + waiting.charges().length).toBe(2);
  const { loopDelayMaxMs } = await strainOf(stage);
  console.info(`locked for 10 s: the event loop was held up for ${loopDelayMaxMs} ms at the most`);
  // Whoever waits for the lock itself is held up as long as it is held.
  expect(loopDelayMaxMs).toBeLessThan(heldMs / 3);
});
