import { fork, type ChildProcess } from 'node:child_process';
import { memoryLimitSignal, type Request } from './protocol.ts';

export interface Child {
  send(request: Request): void;
  kill(): void;
  /** Resolves when the process is gone, or could not be started at all. */
  readonly gone: Promise<Departure>;
}

/** How a process ended. */
export interface Departure {
  readonly how: string;
  /** It crashed, or was at its limit of memory. False when it was ended by others, or when that is unknown. */
  readonly isOwn: boolean;
}

/**
 * What a process brings upon itself. SIGKILL is not among them: the kernel sends it where memory runs out, and to this
 * process first because we asked for that.
 */
const ownSignals: readonly (NodeJS.Signals | null)[] = [
  'SIGSEGV',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGABRT',
  'SIGTRAP',
  memoryLimitSignal,
];

/** What keeps 20 crops of 12 megapixels at 1024 below 170 MiB; without the last two it takes 195. */
const memory = {
  // glibc keeps what many arenas have freed: 850 MB after 80 crops, 380 with two.
  MALLOC_ARENA_MAX: '2',
  // Otherwise glibc takes the first picture that is freed as a reason to keep the memory of all later ones.
  MALLOC_MMAP_THRESHOLD_: '131072',
  // Two photos at a time are at work; four threads would only be in more of their steps at once.
  UV_THREADPOOL_SIZE: '2',
};

export const decodingProgram = new URL('./decoding-process.ts', import.meta.url);

/** Starts the decoding process, which ends itself above `memoryBytes`: 4 ms of the gateway's time, and about 180 until it is ready. Never throws. */
export function startChild(program: URL, onMessage: (message: unknown) => void, memoryBytes: number): Child {
  try {
    const child = fork(program, [String(memoryBytes)], {
      // Nothing else is handed down, so no token or key is in the memory that a damaged picture might read.
      env: memory,
      // The process collects its own garbage after each photo (decoding-process.ts): of little garbage, by one thread.
      execArgv: ['--expose-gc', '--max-semi-space-size=1', '--v8-pool-size=1'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', onMessage);
    return {
      // A failed send means that the process is dying: `gone` tells, and it always comes.
      send: (request) => child.send(request, () => undefined),
      kill: () => child.kill('SIGKILL'),
      gone: departureOf(child),
    };
  } catch (error) {
    // Without memory or file descriptors there is no process, and for some of these Node throws.
    return { send: () => undefined, kill: () => undefined, gone: Promise.resolve(foreign(String(error))) };
  }
}

function departureOf(child: ChildProcess): Promise<Departure> {
  return new Promise((resolve) => {
    // One that runs meets errors as well, such as a signal that was not allowed: its end is still to come.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(foreign(error.message));
    });
    child.once('exit', (code, signal) => {
      resolve({ how: signal ?? `exit code ${String(code)}`, isOwn: ownSignals.includes(signal) });
    });
  });
}

const foreign = (how: string): Departure => ({ how, isOwn: false });
