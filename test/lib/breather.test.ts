import { expect, it } from 'vitest';
import { createBreather } from '../../src/lib/breather.ts';

it('lets others have their turn once a turn has lasted, and not before', async () => {
  let now = 0;
  let turns = 0;
  const count = setInterval(() => (turns += 1), 0);
  const breathe = createBreather(() => now);
  const others = new Promise((resolve) => setImmediate(resolve)).then(() => (turns += 1));
  for (let piece = 0; piece < 8; piece += 1) {
    await breathe();
    now += 1;
  }
  expect(turns).toBe(0);
  now += 1;
  await breathe();
  await others;
  expect(turns).toBeGreaterThan(0);
  clearInterval(count);
});

it('begins to count anew with each turn', async () => {
  let now = 0;
  let turns = 0;
  const breathe = createBreather(() => now);
  await breathe();
  await new Promise((resolve) => setImmediate(resolve));
  now = 100;
  setImmediate(() => (turns += 1));
  await breathe();
  expect(turns).toBe(0);
});
