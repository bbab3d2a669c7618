import { execFile } from 'node:child_process';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { patience, type Order } from './order.ts';
import type { Server } from './server.ts';
import { startStage, variablesFor, type Stage } from './stage.ts';

const script = fileURLToPath(new URL('../../backup.ts', import.meta.url));

interface Going {
  readonly server: Server;
  readonly order: Order;
}

let stage: Stage;
let training: Going;
let queued: Going;
let leaving: Going;
let draft: Going;
let file: string;
let said: string;

/** What an operator runs beside the bot. */
function backUp(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const env = { PATH: process.env['PATH'], ...variablesFor(stage) };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: tmpdir(), env }, (error, out, problems) => {
      resolve({ code: Number(error?.code ?? 0), said: `${out}${problems}`.trim() });
    });
  });
}

// A backup is made while one order is training, one waits, one is being sent and one is a draft. All are then sent and
// charged; the database is lost, and the program started on the backup.
beforeAll(async () => {
  stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
  const { modelsLab } = stage;
  const placed = async (): Promise<Going> => {
    const server = await stage.addServer();
    const order = await server.train();
    await order.startable();
    return { server, order };
  };
  [training, queued, leaving, draft] = await Promise.all([placed(), placed(), placed(), placed()]);
  await training.order.start();
  await training.order.says(/▶ \*\*Training\*\*/);
  const before = modelsLab.requests.length;
  const calls = (name: string) => modelsLab.requests.slice(before).filter(({ call }) => call === name).length;
  const isBackedUp = Promise.withResolvers<undefined>();
  const held = { kind: 'held', until: isBackedUp.promise } as const;
  modelsLab.next('finetune_list', held);
  await queued.order.start();
  await modelsLab.until(() => calls('finetune_list') === 1, patience);
  modelsLab.next('lora_fine_tune', held);
  await leaving.order.start();
  await modelsLab.until(() => calls('lora_fine_tune') === 1, patience);

  file = join(stage.folder, 'backup.db');
  said = (await backUp(file)).said;
  expect(
    [queued, draft].flatMap(({ server }) => server.charges()),
    'at the time of the backup',
  ).toEqual([]);
  isBackedUp.resolve(undefined);

  await draft.order.start();
  for (const { order } of [queued, leaving, draft]) await order.says(/▶ \*\*Training\*\*/);
  await stage.restart('SIGKILL', async () => {
    for (const name of await readdir(stage.folder)) {
      if (name.startsWith('darkroom.db')) await rm(join(stage.folder, name));
    }
    await rename(file, join(stage.folder, 'darkroom.db'));
  });
});
afterAll(() => stage.close());

it('says in one line what was written, and what has to be backed up as well', () => {
  expect(said).toMatch(/^Wrote .*backup\.db \(\d+\.\d MB\) and checked it\. .*MASTER_KEYS: back that up too/);
  expect(said.split('\n')).toHaveLength(1);
});

it('writes a complete file for its owner alone, and never over another one', async () => {
  const copy = join(stage.folder, 'copy.db');
  expect(await backUp(copy)).toMatchObject({ code: 0 });
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  const database = new DatabaseSync(copy, { readOnly: true });
  expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('select count(*) as jobs from jobs').get()).toEqual({ jobs: 4 });
  database.close();
  const size = (await stat(copy)).size;
  const again = await backUp(copy);
  expect(again).toEqual({
    code: 1,
    said: `Cannot write the backup "${copy}": it exists, and no backup is overwritten`,
  });
  expect((await stat(copy)).size).toBe(size);
  expect((await readdir(stage.folder)).filter((name) => name.includes('copy'))).toEqual(['copy.db']);
});

it('says how it is used when it is not told where to', async () => {
  expect(await backUp()).toEqual({ code: 1, said: expect.stringContaining('npm run backup -- ') });
});

it('after a restore a training is followed on', async () => {
  await stage.modelsLab.move(training.server.trainings()[0]!.id, 'model_ready');
  await training.order.end(/is ready/);
  expect(training.server.charges()).toHaveLength(1);
});

it.each([
  ['waited to be sent', () => queued],
  ['was being sent', () => leaving],
] as const)(
  'after a restore an order that %s is asked about, never sent by itself: one charge',
  async (_what, going) => {
    const { server, order } = going();
    const question = await order.end(/needs your answer/);
    expect(textOf(question)).toMatch(/restored it from a backup\. This order may have been sent after that/);
    const [sent] = server.trainings();
    expect(textOf(question)).toContain(sent!.id);
    const modal = await (await server.bob.press(question, 'It is training')).modal();
    await modal.submit({ training_id: sent!.id });
    await stage.modelsLab.move(sent!.id, 'model_ready');
    await order.end(/is ready/);
    expect(server.charges()).toHaveLength(1);
    expect(server.trainings()).toHaveLength(1);
  },
);

it('after a restore an order that was no more than a draft says that it may be training', async () => {
  const { server, order } = draft;
  expect(textOf(await order.startable())).toMatch(/restored from a backup.*pressing Start again is billed again/);
  expect(server.charges()).toHaveLength(1);
});

it('says once how many orders are in doubt, and treats the database as its own from then on', async () => {
  const doubt = () => stage.log().filter(({ msg }) => String(msg).startsWith('restored from a backup'));
  expect(doubt()).toEqual([expect.objectContaining({ inDoubt: 2 })]);
  await stage.restart('SIGTERM');
  expect(doubt()).toHaveLength(1);
});
