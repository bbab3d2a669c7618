import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Request } from './protocol.ts';

export interface Child {
  send(request: Request): void;
  kill(): void;
  /** Resolves when the process is gone, however it went. */
  readonly gone: Promise<string>;
}

/** What keeps 20 crops of 12 megapixels at 1024 below 170 MiB; without the last two it takes 195. */
const memory = {
  // glibc keeps what many arenas have freed: 850 MB after 80 crops, 380 with two.
  MALLOC_ARENA_MAX: '2',
  // Otherwise glibc takes the first picture that is freed as a reason to keep the memory of all later ones.
  MALLOC_MMAP_THRESHOLD_: '131072',
  // Two photos at a time are at work; four threads would only be in more of their steps at once.
  UV_THREADPOOL_SIZE: '2',
};

/** Starts the decoding process, which ends itself above `memoryBytes`: 4 ms of the gateway's time, and about 180 until it answers. */
export function startChild(onMessage: (message: unknown) => void, memoryBytes: number): Child {
  const child = fork(fileURLToPath(new URL('./decoding-process.ts', import.meta.url)), [String(memoryBytes)], {
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
    gone: gone(child),
  };
}

function gone(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal ?? `exit code ${String(code)}`);
    });
  });
}
