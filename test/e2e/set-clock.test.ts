import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

const hour = 60 * 60_000;

let stage: Stage;
let folder: string;
let offsetFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-clock-'));
  offsetFile = join(folder, 'offset');
  await writeFile(offsetFile, '0');
  const preload = new URL('preloads/set-clock.ts', import.meta.url).href;
  stage = await startStage({
    environment: { NODE_OPTIONS: `--import=${preload}`, CLOCK_OFFSET_FILE: offsetFile },
    oddities: { course: { stuckAt: 'training_started' } },
  });
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

const followed = () => stage.log().filter(({ msg }) => String(msg).startsWith('the clock was set'));
const statusCalls = () => stage.modelsLab.requests.filter(({ call }) => call === 'fine_tune_status').length;

/** Sets the program's clock while it runs, and waits until it has noticed. */
async function setClock(offsetMs: number): Promise<void> {
  const before = followed().length;
  await writeFile(offsetFile, String(offsetMs));
  process.kill(stage.program().pid, 'SIGUSR2');
  // Status calls go on meanwhile, each of which looks at the log again.
  await stage.modelsLab.until(() => followed().length > before, patience);
}

interface Going {
  readonly server: Server;
  readonly order: Order;
}

async function placed(): Promise<Going> {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  return { server, order };
}

async function running(): Promise<Going> {
  const going = await placed();
  await going.order.start();
  await going.order.says(/▶ \*\*Training\*\*/);
  return going;
}

async function finish({ server, order }: Going): Promise<void> {
  await stage.modelsLab.move(server.trainings()[0]!.id, 'model_ready');
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(1);
}

/** What a jump must not change: the training is asked about, the draft can be started, nobody hears of any delay. */
async function goesOn(training: Going, draft: Going): Promise<void> {
  const before = statusCalls();
  await stage.modelsLab.until(() => statusCalls() > before + 5);
  expect(draft.order.text()).not.toMatch(/expired|discarded/);
  expect(training.order.text()).not.toMatch(/longer than usual/);
  await finish(training);
  await draft.order.start();
  await draft.order.says(/▶ \*\*Training\*\*/);
  await finish(draft);
}

it.each([
  ['forward by two hours', 2 * hour],
  ['back by two hours', 0],
  ['back by two hours more', -2 * hour],
])('a clock that is set %s changes nothing for a training and a draft', async (_what, offsetMs) => {
  const [training, draft] = [await running(), await placed()];
  await setClock(offsetMs);
  expect(followed().at(-1)).toMatchObject({ jumpedMs: expect.any(Number), jobs: 2 });
  await goesOn(training, draft);
});

it('a clock that is set back while the program is stopped changes nothing either', async () => {
  const [training, draft] = [await running(), await placed()];
  await stage.restart('SIGTERM', () => writeFile(offsetFile, String(-6 * hour)));
  expect(followed().at(-1)).toMatchObject({ setBackMs: expect.any(Number), jobs: 2 });
  await goesOn(training, draft);
});
