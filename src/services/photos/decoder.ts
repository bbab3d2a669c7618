/*
 * The gateway's side of the decoding process: a queue, two tasks at a time, a time limit on each.
 *
 * A task that
 *   takes too long       is refused, and the process is killed, because C code cannot be interrupted
 *   is in a crash        runs again, alone: two were running, and only one of them is to blame
 *   crashes alone        is refused
 *   was only beside it   runs again as if nothing had happened
 */
import type { Child } from './child.ts';
import type { Log } from './log.ts';
import { replySchema, type Task } from './protocol.ts';

export type DecodingErrorKind =
  /** The time limit of one task was over. */
  | 'too-slow'
  /** The process died of this task, twice, the second time with nothing else at work. */
  | 'crashed'
  /** The decoder was closed. */
  | 'closed'
  /** A bug of ours, in the process or in what it answered. */
  | 'broken';

export class DecodingError extends Error {
  override readonly name = 'DecodingError';
  readonly kind: DecodingErrorKind;

  constructor(kind: DecodingErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface DecoderLimits {
  readonly tasksAtOnce: number;
  readonly taskMs: number;
  /** A process that takes more is at its end, as in a crash. */
  readonly memoryBytes: number;
  /** The process ends after so long without work: that gives all its memory back. */
  readonly idleMs: number;
}

export interface Decoder {
  /** The task's result as the process sent it. Rejects with `DecodingError`, or with the signal's reason. */
  run(task: Task, signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

interface Job {
  readonly id: number;
  readonly task: Task;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  hasCrashed: boolean;
}

interface Running {
  readonly job: Job;
  readonly limit: NodeJS.Timeout;
}

export interface DecoderDeps {
  readonly logger: Log;
  /** A process died of its work, or was killed because a task took too long. */
  readonly onLost: () => void;
  readonly limits: DecoderLimits;
  readonly startChild: (onMessage: (message: unknown) => void, memoryBytes: number) => Child;
}

interface State {
  readonly deps: DecoderDeps;
  readonly queue: Job[];
  readonly running: Map<number, Running>;
  child: Child | undefined;
  idle: NodeJS.Timeout | undefined;
  lastId: number;
  isClosed: boolean;
}

export function createDecoder(deps: DecoderDeps): Decoder {
  const state: State = {
    deps,
    queue: [],
    running: new Map(),
    child: undefined,
    idle: undefined,
    lastId: 0,
    isClosed: false,
  };
  return {
    run: (task, signal) => enqueue(state, task, signal),
    close: () => close(state),
  };
}

async function enqueue(state: State, task: Task, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  if (state.isClosed) throw new DecodingError('closed', 'Cannot decode: the decoder is closed');
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const job: Job = { id: ++state.lastId, task, resolve, reject, hasCrashed: false };
  // A task that runs already is left to end: only a kill would stop it, and its neighbour with it.
  const abandon = () => {
    const at = state.queue.indexOf(job);
    if (at !== -1) state.queue.splice(at, 1);
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abandon, { once: true });
  state.queue.push(job);
  startWaiting(state);
  return promise.finally(() => {
    signal.removeEventListener('abort', abandon);
  });
}

function startWaiting(state: State): void {
  for (let job = state.queue[0]; job !== undefined && mayStart(state, job); job = state.queue[0]) {
    state.queue.shift();
    start(state, job);
  }
  clearTimeout(state.idle);
  if (state.running.size > 0 || state.child === undefined) return;
  state.idle = setTimeout(() => {
    abandonProcess(state);
  }, state.deps.limits.idleMs).unref();
}

function mayStart({ running, deps }: State, job: Job): boolean {
  if (job.hasCrashed) return running.size === 0;
  const isSuspectAtWork = [...running.values()].some((other) => other.job.hasCrashed);
  return running.size < deps.limits.tasksAtOnce && !isSuspectAtWork;
}

function start(state: State, job: Job): void {
  state.child ??= startProcess(state);
  const limit = setTimeout(() => {
    expire(state, job);
  }, state.deps.limits.taskMs);
  state.running.set(job.id, { job, limit });
  state.child.send({ id: job.id, task: job.task });
}

function startProcess(state: State): Child {
  const child = state.deps.startChild((message) => {
    receive(state, message);
  }, state.deps.limits.memoryBytes);
  void child.gone.then((how) => {
    recover(state, child, how);
  });
  return child;
}

function receive(state: State, message: unknown): void {
  const reply = replySchema.safeParse(message);
  if (!reply.success) return;
  const job = takeRunning(state, reply.data.id);
  if (job === undefined) return;
  if ('failure' in reply.data) job.reject(new DecodingError('broken', `Cannot decode: ${reply.data.failure}`));
  else job.resolve(reply.data.result);
  startWaiting(state);
}

function takeRunning(state: State, id: number): Job | undefined {
  const running = state.running.get(id);
  clearTimeout(running?.limit);
  state.running.delete(id);
  return running?.job;
}

function expire(state: State, job: Job): void {
  takeRunning(state, job.id);
  job.reject(new DecodingError('too-slow', `Cannot decode: not done after ${state.deps.limits.taskMs} ms`));
  state.deps.onLost();
  const innocent = takeAllRunning(state);
  state.queue.unshift(...innocent);
  abandonProcess(state);
  startWaiting(state);
}

function takeAllRunning(state: State): Job[] {
  return [...state.running.keys()].flatMap((id) => takeRunning(state, id) ?? []);
}

/** What it still answers while it dies finds nobody waiting, or a job that is glad of it. */
function abandonProcess(state: State): void {
  state.child?.kill();
  state.child = undefined;
}

function recover(state: State, child: Child, how: string): void {
  if (state.child !== child) return;
  state.child = undefined;
  const present = takeAllRunning(state);
  if (present.length > 0) {
    state.deps.logger.warn({ how, tasks: present.length }, 'the decoding process died of its work');
    state.deps.onLost();
  }
  const guilty = present.filter((job) => job.hasCrashed);
  for (const job of guilty) job.reject(new DecodingError('crashed', `Cannot decode: the process died (${how})`));
  const suspects = present.filter((job) => !job.hasCrashed);
  for (const job of suspects) job.hasCrashed = true;
  state.queue.unshift(...suspects);
  startWaiting(state);
}

async function close(state: State): Promise<void> {
  state.isClosed = true;
  clearTimeout(state.idle);
  const { child } = state;
  const left = [...state.queue.splice(0), ...takeAllRunning(state)];
  for (const job of left) job.reject(new DecodingError('closed', 'Cannot decode: the decoder was closed'));
  abandonProcess(state);
  await child?.gone;
}
