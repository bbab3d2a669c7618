import { afterAll, beforeAll, expect, it } from 'vitest';
import { attached, photos } from './photos.ts';
import { patience } from './order.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  const preload = new URL('preloads/full-disk.ts', import.meta.url).href;
  stage = await startStage({
    environment: { NODE_OPTIONS: `--import=${preload}` },
    oddities: { course: { stuckAt: 'training_started' } },
  });
});
afterAll(() => stage.close());

const toggle = () => process.kill(stage.program().pid, 'SIGUSR2');
const lines = (begin: string) => stage.log().filter(({ msg }) => String(msg).startsWith(begin));

async function readiness(): Promise<{ readonly status: number; readonly body: unknown }> {
  const address = String(lines('health is answered')[0]?.['address']);
  const reply = await fetch(`${address}/readyz`);
  return { status: reply.status, body: await reply.json() };
}

it('on a full disk takes no orders, follows trainings from memory, says so once, and goes on without a restart', async () => {
  const [training, draft] = [await stage.addServer(), await stage.addServer()];
  const running = await training.train();
  await running.start();
  await running.says(/▶ \*\*Training\*\*/);
  const waiting = await draft.train();
  const card = await waiting.startable();

  toggle();
  await stage.modelsLab.until(() => lines('nothing can be stored').length > 0, patience);
  expect(await draft.told(draft.bob.press(card, /^start:/))).toMatch(
    /cannot store anything.*full.*Nothing was changed or billed/,
  );
  const asked = { name: 'More', subject: 'woman', ...attached(photos) };
  expect(await draft.told(draft.bob.command(draft.channel, 'train', asked))).toMatch(/cannot store anything/);
  expect(await readiness()).toMatchObject({ status: 503, body: { failing: expect.arrayContaining(['database']) } });
  await stage.modelsLab.move(training.trainings()[0]!.id, 'model_ready');
  await running.end(/is ready/);
  expect(draft.charges()).toEqual([]);
  expect(lines('nothing can be stored')).toHaveLength(1);

  toggle();
  // A press that comes before the signal is refused like the others.
  await expect.poll(() => lines('the database can be written again')).toHaveLength(1);
  await waiting.start();
  await waiting.says(/▶ \*\*Training\*\*/);
  expect(lines('the database can be written again')).toHaveLength(1);
  expect(await readiness()).toMatchObject({ status: 200 });
  await stage.restart('SIGTERM');
  await stage.modelsLab.move(draft.trainings()[0]!.id, 'model_ready');
  await waiting.end(/is ready/);
  const ends = stage.discord.messages(running.thread).filter(({ content }) => content.includes('is ready'));
  expect(ends, 'told from memory, and stored after').toHaveLength(1);
  expect([training.charges().length, draft.charges().length]).toEqual([1, 1]);
});
