import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProgram } from '../../playground/program.ts';
import { startStage, variablesFor, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

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
