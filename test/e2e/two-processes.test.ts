import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProgram } from '../../playground/program.ts';
import { ledgerIn } from './database.ts';
import { suspendBeforePaying } from './preloads/suspend.ts';
import { fast, startStage, variablesFor, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ speed: fast });
});
afterAll(() => stage.close());

/** As another process would take the one job that is being sent, whose lease has run out: for three seconds. */
function takeOver({ folder, discord }: Stage): void {
  const db = new DatabaseSync(join(folder, 'darkroom.db'), { timeout: 10_000 });
  db.prepare(`update jobs set lease_owner = 'another', lease_until = ? where state = 'sending'`).run(
    discord.clock.now() + 3000,
  );
  db.close();
}

const refusal = /^Cannot use the database ".*darkroom\.db": another process of this bot runs on it, end that one/m;

it('a second process on the same database ends with one line that says what to do, and disturbs nothing', async () => {
  const second = startProgram(variablesFor(stage));
  expect(await second.exited).toBe(1);
  const lines = second.output().trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual([expect.stringMatching(refusal)]);
  const server = await stage.addServer();
  const order = await server.train();
  await order.start();
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(1);
});

it('starts at once on the database of a process that was killed', async () => {
  await stage.restart('SIGKILL');
  expect(stage.program().output()).not.toContain('waiting for it to end');
});

it('a process that was suspended right before it pays does not pay by what it knew before: the order is sent anew, once', async () => {
  const server = await stage.addServer();
  const order = await server.train();
  await order.startable();
  await stage.restart('SIGTERM', undefined, { environment: suspendBeforePaying() });
  const suspended = stage.program();
  const suspension = new Promise<void>((resolve) => {
    suspended.onLine((line) => {
      if (line === 'suspended') resolve();
    });
  });
  const pressed = order.start();
  await suspension;
  expect(server.charges()).toHaveLength(0);
  // A second one that is started meanwhile is kept off, be the first asleep or not.
  const second = startProgram(variablesFor(stage));
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(refusal);
  takeOver(stage);
  process.kill(suspended.pid, 'SIGCONT');
  await pressed;
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(1);
  expect(
    ledgerIn(stage.folder)
      .filter((event) => event !== 'pressed')
      .slice(-4),
  ).toEqual(['intent', 'not-sent', 'intent', 'charged']);
});
