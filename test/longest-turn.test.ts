import { expect, it } from 'vitest';
import { longestTurnMs } from './longest-turn.ts';

/** By the CPU time that the measuring goes by. */
function work(ms: number): void {
  const until = process.threadCpuUsage().user + ms * 1000;
  while (process.threadCpuUsage().user < until);
}

const pause = () => new Promise((resolve) => setImmediate(resolve));

it('finds the one long turn among many short ones', async () => {
  const longest = await longestTurnMs(async () => {
    for (const ms of [2, 40, 2]) {
      work(ms);
      await pause();
    }
  });
  expect(longest).toBeGreaterThan(10);
});

it('does not add up turns, nor count what is waited for', async () => {
  const longest = await longestTurnMs(
    async () => {
      for (let piece = 0; piece < 20; piece += 1) {
        work(4);
        await pause();
      }
      await new Promise((resolve) => setTimeout(resolve, 60));
    },
    { runs: 3 },
  );
  expect(longest).toBeLessThan(40);
});

it('counts a chain of promises as one turn, which it is', async () => {
  const longest = await longestTurnMs(async () => {
    for (let piece = 0; piece < 20; piece += 1) {
      work(2);
      await Promise.resolve();
    }
  });
  expect(longest).toBeGreaterThan(10);
});

it('takes the best run, as the first one compiles', async () => {
  const atFirst = (run: number) => {
    if (run === 0) work(60);
  };
  expect(await longestTurnMs(atFirst, { runs: 2 })).toBeLessThan(30);
});
