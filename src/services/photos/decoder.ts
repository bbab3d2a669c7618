/*
 * The gateway's side of the decoding process: a queue, two tasks at a time, a time limit on each.
 *
 * A task that
 *   takes too long       is refused, and the process is killed, because C code cannot be interrupted
 *   is in a crash        runs again, alone: two were running, and only one of them is to blame
 *   crashes alone        is refused
 *   was only beside it   runs again as if nothing had happened
 *   met a kill           runs again, alone: others killed the process, or the kernel did because of what this task takes
 *   meets kill on kill   is given up for this time, and nothing is held against it
 * While no process can be started, tasks are turned away at once.
 */
import type { Log } from '../../lib/logger.ts';
import type { Child, Departure } from './child.ts';
import { createProcessKeeper, type ProcessKeeper } from './process-keeper.ts';
import { replySchema, type Task } from './protocol.ts';

export type DecodingErrorKind =
  /** The time limit of one task was over. */
  | 'too-slow'
  /** The process died of this task, twice, the second time with nothing else at work. */
  | 'crashed'
  /** The process was killed from outside whenever it was at work on this. */
  | 'lost'
  /** There is no process, and none can be started for now. */
  | 'unavailable'
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
  /** Before a process that was ended by others, or could not be started, is replaced; twice as long each time. */
  readonly retryMs: number;
}

export interface Decoder {
  /** The task's result as the process sent it. Rejects with `DecodingError`, or with the signal's reason. */
  run(task: Task, signal: AbortSignal): Promise<unknown>;
  /** False while the process cannot be started. */
  isAble(): boolean;
  close(): Promise<void>;
}

interface Job {
  readonly id: number;
  readonly task: Task;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  crashes: number;
  losses: number;
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

/** So often a process is killed from outside while it is at work on a task, before that is given up for this time. */
const mostLosses = 3;

interface State {
  readonly deps: DecoderDeps;
  readonly keeper: ProcessKeeper;
  readonly queue: Job[];
  readonly running: Map<number, Running>;
  idle: NodeJS.Timeout | undefined;
  lastId: number;
  isClosed: boolean;
}

export function createDecoder(deps: DecoderDeps): Decoder {
  const { logger, limits, startChild } = deps;
  const state: State = {
    deps,
    keeper: createProcessKeeper({
      logger,
      retryMs: limits.retryMs,
      startChild: (onMessage) => startChild(onMessage, limits.memoryBytes),
      onReady: () => {
        startWaiting(state);
      },
      onMessage: (message) => {
        receive(state, message);
      },
      onGone: (departure) => {
        recover(state, departure);
      },
      onDown: () => {
        turnAway(state, 'unavailable', 'the decoding process cannot be started');
      },
    }),
    queue: [],
    running: new Map(),
    idle: undefined,
    lastId: 0,
    isClosed: false,
  };
  return {
    run: (task, signal) => enqueue(state, task, signal),
    isAble: () => !state.keeper.isDown(),
    close: () => close(state),
  };
}

async function enqueue(state: State, task: Task, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  if (state.isClosed) throw cannotDecode('closed', 'the decoder is closed');
  if (state.keeper.isDown()) throw cannotDecode('unavailable', 'the decoding process cannot be started');
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const job: Job = { id: ++state.lastId, task, resolve, reject, crashes: 0, losses: 0 };
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
  const { queue, keeper, running } = state;
  if (queue.length > 0) keeper.want();
  for (let job = queue[0]; keeper.isReady() && job !== undefined && mayStart(state, job); job = queue[0]) {
    queue.shift();
    start(state, job);
  }
  clearTimeout(state.idle);
  if (running.size > 0 || !keeper.isReady()) return;
  state.idle = setTimeout(() => {
    keeper.letGo();
  }, state.deps.limits.idleMs).unref();
}

function mayStart({ running, deps }: State, job: Job): boolean {
  if (isSuspect(job)) return running.size === 0;
  const isSuspectAtWork = [...running.values()].some((other) => isSuspect(other.job));
  return running.size < deps.limits.tasksAtOnce && !isSuspectAtWork;
}

/** It was at work when a process died: whether it was to blame shows when it runs alone. */
function isSuspect({ crashes, losses }: Job): boolean {
  return crashes + losses > 0;
}

function start(state: State, job: Job): void {
  const limit = setTimeout(() => {
    expire(state, job);
  }, state.deps.limits.taskMs);
  state.running.set(job.id, { job, limit });
  state.keeper.send({ id: job.id, task: job.task });
}

function receive(state: State, message: unknown): void {
  const reply = replySchema.safeParse(message);
  if (!reply.success) return;
  const job = takeRunning(state, reply.data.id);
  if (job === undefined) return;
  state.keeper.praise();
  if ('failure' in reply.data) job.reject(cannotDecode('broken', reply.data.failure));
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
  job.reject(cannotDecode('too-slow', `not done after ${state.deps.limits.taskMs} ms`));
  state.deps.onLost();
  const innocent = takeAllRunning(state);
  state.queue.unshift(...innocent);
  state.keeper.letGo();
  startWaiting(state);
}

function takeAllRunning(state: State): Job[] {
  return [...state.running.keys()].flatMap((id) => takeRunning(state, id) ?? []);
}

function recover(state: State, { how, isOwn }: Departure): void {
  const present = takeAllRunning(state);
  if (present.length > 0) {
    const sentence = isOwn ? 'the decoding process died of its work' : 'the decoding process was killed at its work';
    state.deps.logger.warn({ how, tasks: present.length }, sentence);
    state.deps.onLost();
  }
  for (const job of present) {
    if (isOwn) job.crashes += 1;
    else job.losses += 1;
  }
  // The second time it was alone.
  const guilty = present.filter(({ crashes }) => crashes > 1);
  for (const job of guilty) job.reject(cannotDecode('crashed', `the process died (${how})`));
  const unlucky = present.filter(({ losses }) => losses >= mostLosses);
  for (const job of unlucky) job.reject(cannotDecode('lost', `the process was killed ${mostLosses} times (${how})`));
  state.queue.unshift(...present.filter((job) => !guilty.includes(job) && !unlucky.includes(job)));
  startWaiting(state);
}

/** Those who wait; what runs already is left to end. */
function turnAway(state: State, kind: DecodingErrorKind, reason: string): void {
  for (const job of state.queue.splice(0)) job.reject(cannotDecode(kind, reason));
}

async function close(state: State): Promise<void> {
  state.isClosed = true;
  clearTimeout(state.idle);
  state.queue.push(...takeAllRunning(state));
  turnAway(state, 'closed', 'the decoder was closed');
  await state.keeper.close();
}

function cannotDecode(kind: DecodingErrorKind, reason: string): DecodingError {
  return new DecodingError(kind, `Cannot decode: ${reason}`);
}
