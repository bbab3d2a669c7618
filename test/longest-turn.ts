import { createHash } from 'node:crypto';

/** What docs/reliability.md promises: no input holds the event loop up for longer. */
export const longestAllowedMs = 50;

/** What `exercise` took, in CPU time, on the machine that the promise was measured on. */
const exerciseMs = 4;

/**
 * How long the longest turn of the event loop was while `work` ran, in milliseconds. CPU time of this thread counts, not
 * what a clock on the wall shows: other programs on the machine change nothing. A machine that is slower than the one that the
 * promise was measured on is given its due. Work that can be repeated is, `runs` times, and the best run counts: what the
 * engine needs for compiling it the first time is no fault of the work.
 */
export async function longestTurnMs(work: (run: number) => unknown, { runs = 1 } = {}): Promise<number> {
  const slowness = Math.max(1, shortest(6, () => measure(exercise)) / exerciseMs);
  const turns: number[] = [];
  for (let run = 0; run < runs; run += 1) turns.push(await longestTurnOf(() => work(run)));
  return Math.min(...turns) / slowness;
}

async function longestTurnOf(work: () => unknown): Promise<number> {
  await nextTurn(); // What went before in this turn is not of the work.
  let longest = 0;
  let beganAt = cpuMs();
  const endTurn = () => {
    const at = cpuMs();
    longest = Math.max(longest, at - beganAt);
    beganAt = at;
  };
  const over = new AbortController();
  const watching = watchTurns(endTurn, over.signal);
  try {
    await work();
  } finally {
    endTurn();
    over.abort();
    await watching;
  }
  return longest;
}

async function watchTurns(endTurn: () => void, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await nextTurn();
    endTurn();
  }
}

/** Each turn of the loop comes by here once, after its timers and after what was read or received. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function measure(work: () => unknown): number {
  const beganAt = cpuMs();
  work();
  return cpuMs() - beganAt;
}

function shortest(times: number, take: () => number): number {
  return Math.min(...Array.from({ length: times }, take));
}

/** Some of what the bot does all day: texts taken apart and put together, and bytes read. */
function exercise(): void {
  for (let round = 0; round < 20; round += 1) {
    const rows = Array.from({ length: 300 }, (_, index) => ({
      id: `row ${index}`,
      at: index * round,
      names: ['a', 'b'],
    }));
    const text = JSON.stringify(rows);
    createHash('sha256').update(text.replaceAll('row', 'line')).digest();
    JSON.parse(text);
  }
}
