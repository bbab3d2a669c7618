import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../../src/services/photos/child.ts';
import type { Decoder } from '../../../src/services/photos/decoder.ts';
import { createDecoder } from '../../../src/services/photos/decoder.ts';
import type { Request, Task } from '../../../src/services/photos/protocol.ts';

/** A decoding process that does what the test says. */
interface FakeChild extends Child {
  readonly seen: Request[];
  readonly answer: (message: unknown) => void;
  readonly die: (how: string) => Promise<void>;
  isKilled: boolean;
}

function fakeChild(onMessage: (message: unknown) => void): FakeChild {
  const { promise: gone, resolve } = Promise.withResolvers<string>();
  const child: FakeChild = {
    seen: [],
    isKilled: false,
    gone,
    answer: onMessage,
    send: (request) => void child.seen.push(request),
    kill: () => {
      child.isKilled = true;
      resolve('SIGKILL');
    },
    die: async (how) => {
      resolve(how);
      await gone;
    },
  };
  return child;
}

const never = new AbortController().signal;
const task: Task = { kind: 'sheet', tiles: [] };
const limits = { tasksAtOnce: 2, taskMs: 1000, memoryBytes: 2 ** 30, idleMs: 5000 };

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
    const logger = { info: () => undefined, warn: (_: object, sentence: string) => void warnings.push(sentence) };
    decoder = createDecoder({ logger, onLost: () => void (lost += 1), limits, startChild });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const idsAt = (index: number) => children[index]!.seen.map(({ id }) => id);

  it('starts the process with the first task and gives it two tasks at a time', async () => {
    expect(children).toHaveLength(0);
    const results = [1, 2, 3].map(() => decoder.run(task, never));
    expect(idsAt(0)).toEqual([1, 2]);
    children[0]!.answer({ id: 2, result: 'second' });
    await expect(results[1]).resolves.toBe('second');
    expect(idsAt(0)).toEqual([1, 2, 3]);
  });

  it('kills the process when a task takes too long, and runs the task beside it again', async () => {
    const [slow, beside] = [decoder.run(task, never), decoder.run(task, never)];
    const refused = expect(slow).rejects.toMatchObject({ kind: 'too-slow' });
    vi.advanceTimersByTime(limits.taskMs - 1);
    expect(children[0]!.isKilled).toBe(false);
    vi.advanceTimersByTime(1);
    await refused;
    expect(children[0]!.isKilled).toBe(true);
    expect(idsAt(1)).toEqual([2]);
    children[1]!.answer({ id: 2, result: 'unharmed' });
    await expect(beside).resolves.toBe('unharmed');
    expect(warnings).toEqual([]);
    expect(lost).toBe(1);
  });

  it('runs the tasks of a crash again one by one, and refuses only the one that crashes alone', async () => {
    const [bad, beside, later] = [1, 2, 3].map(() => decoder.run(task, never));
    const refused = expect(bad).rejects.toMatchObject({ kind: 'crashed' });
    await children[0]!.die('SIGSEGV');
    expect(idsAt(1)).toEqual([1]);
    await children[1]!.die('SIGSEGV');
    await refused;
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
    children[0]!.answer({ id: 1, result: undefined });
    await first;
    vi.advanceTimersByTime(limits.idleMs);
    expect(children[0]!.isKilled).toBe(true);
    void decoder.run(task, never);
    expect(idsAt(1)).toEqual([2]);
    expect(warnings).toEqual([]);
    expect(lost).toBe(0);
  });

  it('does not end the process while it works', () => {
    void decoder.run(task, never).catch(() => undefined);
    vi.advanceTimersByTime(limits.taskMs - 1);
    expect(children[0]!.isKilled).toBe(false);
  });

  it('takes a waiting task out of the queue when its signal aborts', async () => {
    const controller = new AbortController();
    const running = [decoder.run(task, never), decoder.run(task, never)];
    const waiting = decoder.run(task, controller.signal);
    controller.abort(new Error('discarded'));
    await expect(waiting).rejects.toThrow('discarded');
    for (const id of [1, 2]) children[0]!.answer({ id, result: id });
    await Promise.all(running);
    expect(idsAt(0)).toEqual([1, 2]);
  });

  it('reports what went wrong inside the process', async () => {
    const result = decoder.run(task, never);
    children[0]!.answer({ id: 1, failure: 'out of paper' });
    await expect(result).rejects.toMatchObject({ kind: 'broken', message: expect.stringContaining('out of paper') });
  });

  it('ignores what is no reply', async () => {
    const result = decoder.run(task, never);
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
});
