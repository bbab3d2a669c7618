import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import { startStage, type Stage } from './stage.ts';

/* A copy of a stopped bot's data does not say that it is a backup: its operator does, as the README has it. */

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ oddities: { course: { stuckAt: 'training_started' } } });
});
afterAll(() => stage.close());

it('a copy that was made by hand pays for nothing twice when it is started with --restored', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  const [database, copy] = ['darkroom.db', 'copy.db'].map((name) => join(stage.folder, name)) as [string, string];
  await stage.restart('SIGTERM', () => copyFile(database, copy));
  await order.start();
  await order.says(/▶ \*\*Training\*\*/);

  const moveAway = async () => {
    for (const end of ['', '-wal', '-shm']) await rename(`${database}${end}`, `${database}.old${end}`);
    await rename(copy, database);
  };
  await stage.restart('SIGKILL', moveAway, { args: ['--restored'] });
  expect(textOf(await order.startable())).toMatch(/restored from a backup.*pressing Start again is billed again/);

  await stage.restart('SIGTERM');
  const said = stage.log().filter(({ msg }) => String(msg).startsWith('restored from a backup'));
  expect(said).toHaveLength(1);
  expect(textOf(await order.startable())).toMatch(/restored from a backup/);
  expect(server.charges()).toHaveLength(1);
});
