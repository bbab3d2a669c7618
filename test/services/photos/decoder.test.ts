import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/lib/logger.ts';
import type { Child, Departure } from '../../../src/services/photos/child.ts';
import { createDecoder, type Decoder } from '../../../src/services/photos/decoder.ts';
import type { Request, Task } from '../../../src/services/photos/protocol.ts';

/** A decoding process that does what the test says. */
interface FakeChild extends Child {
  readonly seen: Request[];
  readonly answer: (message: unknown) => void;
  readonly ready: (denied?: readonly string[]) => void;
  /** By a crash of its own. */
  readonly crash: () => Promise<void>;
  /** As the kernel ends a process, or a person; or because it could not even be started. */
  readonly endedByOthers: (how?: string) => Promise<void>;
  isKilled: boolean;
}

function fakeChild(onMessage: (message: unknown) => void): FakeChild {
  const { promise: gone, resolve } = Promise.withResolvers<Departure>();
  const child: FakeChild = {
    seen: [],
    isKilled: false,
    gone,
    answer: onMessage,
    send: (request) => void child.seen.push(request),
    kill: () => {
      child.isKilled = true;
      resolve({ how: 'SIGKILL', isOwn: false });
    },
    ready: (denied = []) => {
      onMessage({ ready: true, denied });
    },
    crash: async () => {
      resolve({ how: 'SIGSEGV', isOwn: true });
      await gone;
    },
    endedByOthers: async (how = 'SIGKILL') => {
      resolve({ how, isOwn: false });
      await gone;
    },
  };
  return child;
}

const never = new AbortController().signal;
const task: Task = { kind: 'sheet', tiles: [] };
/** Until the first try after a kill, and at the most. */
const [retryMs, longestRetryMs] = [500, 30_000];
const limits = { tasksAtOnce: 2, taskMs: 1000, memoryBytes: 2 ** 30, idleMs: 5000, retryMs };

describe('createDecoder', () => {
  let children: FakeChild[];
  let warnings: string[];
  let lost: number;
  let decoder: Decoder;

  beforeEach(() => {
    vi.useFakeTimers();
    children = [];
    warnings = [];
    lost = 0;
    const startChild = (onMessage: (message: unknown) => void) => {
      const child = fakeChild(onMessage);
      children.push(child);
      return child;
    };
    const logger = { ...silentLog, warn: (_: object, sentence: string) => void warnings.push(sentence) };
    decoder = createDecoder({ logger, onLost: () => void (lost += 1), limits, startChild });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const idsAt = (index: number) => children[index]!.seen.map(({ id }) => id);

  it('starts the process with the first task and gives it two tasks at a time', async () => {
    expect(children).toHaveLength(0);
    const results = [1, 2, 3].map(() => decoder.run(task, never));
    expect(idsAt(0)).toEqual([]);
    children[0]!.ready();
    expect(idsAt(0)).toEqual([1, 2]);
    children[0]!.answer({ id: 2, result: 'second' });
    await expect(results[1]).resolves.toBe('second');
    expect(idsAt(0)).toEqual([1, 2, 3]);
  });

  it('kills the process when a task takes too long, and runs the task beside it again', async () => {
    const [slow, beside] = [decoder.run(task, never), decoder.run(task, never)];
    children[0]!.ready();
    const refused = expect(slow).rejects.toMatchObject({ kind: 'too-slow' });
    vi.advanceTimersByTime(limits.taskMs - 1);
    expect(children[0]!.isKilled).toBe(false);
    vi.advanceTimersByTime(1);
    await refused;
    expect(children[0]!.isKilled).toBe(true);
    children[1]!.ready();
    expect(idsAt(1)).toEqual([2]);
    children[1]!.answer({ id: 2, result: 'unharmed' });
    await expect(beside).resolves.toBe('unharmed');
    expect(warnings).toEqual([]);
    expect(lost).toBe(1);
  });

  it('runs the tasks of a crash again one by one, and refuses only the one that crashes alone', async () => {
    const [bad, beside, later] = [1, 2, 3].map(() => decoder.run(task, never));
    const refused = expect(bad).rejects.toMatchObject({ kind: 'crashed' });
    children[0]!.ready();
    await children[0]!.crash();
    children[1]!.ready();
    expect(idsAt(1)).toEqual([1]);
    await children[1]!.crash();
    await refused;
    children[2]!.ready();
    expect(idsAt(2)).toEqual([2]);
    children[2]!.answer({ id: 2, result: 'unharmed' });
    await expect(beside).resolves.toBe('unharmed');
    children[2]!.answer({ id: 3, result: 'in its turn' });
    await expect(later).resolves.toBe('in its turn');
    expect(warnings).toHaveLength(2);
    expect(lost).toBe(2);
  });

  it('ends an idle process and starts another for the next task', async () => {
    const first = decoder.run(task, never);
    children[0]!.ready();
    children[0]!.answer({ id: 1, result: undefined });
    await first;
    vi.advanceTimersByTime(limits.idleMs);
    expect(children[0]!.isKilled).toBe(true);
    void decoder.run(task, never);
    children[1]!.ready();
    expect(idsAt(1)).toEqual([2]);
    expect(warnings).toEqual([]);
    expect(lost).toBe(0);
  });

  it('does not end the process while it works', () => {
    void decoder.run(task, never).catch(() => undefined);
    children[0]!.ready();
    vi.advanceTimersByTime(limits.taskMs - 1);
    expect(children[0]!.isKilled).toBe(false);
  });

  it('takes a waiting task out of the queue when its signal aborts', async () => {
    const controller = new AbortController();
    const running = [decoder.run(task, never), decoder.run(task, never)];
    children[0]!.ready();
    const waiting = decoder.run(task, controller.signal);
    controller.abort(new Error('discarded'));
    await expect(waiting).rejects.toThrow('discarded');
    for (const id of [1, 2]) children[0]!.answer({ id, result: id });
    await Promise.all(running);
    expect(idsAt(0)).toEqual([1, 2]);
  });

  it('reports what went wrong inside the process', async () => {
    const result = decoder.run(task, never);
    children[0]!.ready();
    children[0]!.answer({ id: 1, failure: 'out of paper' });
    await expect(result).rejects.toMatchObject({ kind: 'broken', message: expect.stringContaining('out of paper') });
  });

  it('ignores what is no reply', async () => {
    const result = decoder.run(task, never);
    children[0]!.ready();
    children[0]!.answer('hello');
    children[0]!.answer({ id: 99, result: 'of nobody' });
    children[0]!.answer({ id: 1, result: 'mine' });
    await expect(result).resolves.toBe('mine');
  });

  it('ends the process and all tasks when it is closed', async () => {
    const results = [1, 2, 3].map(() => decoder.run(task, never));
    const rejected = results.map((result) => expect(result).rejects.toMatchObject({ kind: 'closed' }));
    await decoder.close();
    await Promise.all(rejected);
    expect(children[0]!.isKilled).toBe(true);
    await expect(decoder.run(task, never)).rejects.toMatchObject({ kind: 'closed' });
  });

  it('holds nothing against tasks whose process was killed by others: they run again, alone', async () => {
    const results = [1, 2].map(() => decoder.run(task, never));
    children[0]!.ready();
    await children[0]!.endedByOthers();
    vi.advanceTimersByTime(retryMs);
    children[1]!.ready();
    expect(idsAt(1)).toEqual([1]);
    children[1]!.answer({ id: 1, result: 'first' });
    await expect(results[0]).resolves.toBe('first');
    expect(idsAt(1)).toEqual([1, 2]);
    await children[1]!.crash();
    children[2]!.ready();
    children[2]!.answer({ id: 2, result: 'one crash alone proves nothing' });
    await expect(results[1]).resolves.toBe('one crash alone proves nothing');
    expect(lost).toBe(2);
  });

  it('gives a task up for this time when its process is killed again and again, each time later', async () => {
    const result = decoder.run(task, never);
    const refused = expect(result).rejects.toMatchObject({ kind: 'lost' });
    for (const [index, ms] of [500, 1000, 2000].entries()) {
      children[index]!.ready();
      await children[index]!.endedByOthers();
      vi.advanceTimersByTime(ms - 1);
      expect(children).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
    }
    await refused;
    expect(decoder.isAble()).toBe(true);
  });

  it.each(['spawn ENOENT', 'exit code 1', 'SIGKILL', 'SIGSYS', 'SIGSEGV'])(
    'tries a process that never said that it is ready again (%s), and its tasks wait',
    async (how) => {
      const result = decoder.run(task, never);
      await children[0]!.endedByOthers(how);
      vi.advanceTimersByTime(500);
      expect(children).toHaveLength(2);
      children[1]!.ready();
      expect(idsAt(1)).toEqual([1]);
      children[1]!.answer({ id: 1, result: 'done' });
      await expect(result).resolves.toBe('done');
      expect(warnings).toEqual([]);
      expect(lost).toBe(0);
    },
  );

  it('counts the time of a task from when the process can take it', async () => {
    const result = decoder.run(task, never);
    vi.advanceTimersByTime(limits.taskMs * 5);
    children[0]!.ready();
    children[0]!.answer({ id: 1, result: 'in time' });
    await expect(result).resolves.toBe('in time');
  });

  it('kills a process that does not become ready', async () => {
    const result = decoder.run(task, never);
    vi.advanceTimersByTime(30_000);
    expect(children[0]!.isKilled).toBe(true);
    vi.advanceTimersByTime(500);
    children[1]!.ready();
    children[1]!.answer({ id: 1, result: 'by another' });
    await expect(result).resolves.toBe('by another');
  });

  it('turns tasks away while no process can be started, says so once, and takes tasks again by itself', async () => {
    const waiting = expect(decoder.run(task, never)).rejects.toMatchObject({ kind: 'unavailable' });
    for (let start = 0; start < 10; start += 1) {
      await children[start]!.endedByOthers('spawn ENOENT');
      vi.advanceTimersByTime(longestRetryMs);
    }
    await waiting;
    expect(decoder.isAble()).toBe(false);
    await expect(decoder.run(task, never)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(warnings).toEqual(['the decoding process cannot be started: photos wait until it can']);
    children[10]!.ready();
    expect(decoder.isAble()).toBe(true);
    const result = decoder.run(task, never);
    children[10]!.answer({ id: 2, result: 'as ever' });
    await expect(result).resolves.toBe('as ever');
  });

  it('says once which favors the system denied', async () => {
    for (const index of [0, 1]) {
      const result = decoder.run(task, never);
      children[index]!.ready(['a lower priority: EPERM']);
      children[index]!.answer({ id: index + 1, result: 'done' });
      await result;
      vi.advanceTimersByTime(limits.idleMs);
    }
    expect(warnings).toEqual(['the system does not grant the decoding process what it asks for, going on without']);
  });
});
