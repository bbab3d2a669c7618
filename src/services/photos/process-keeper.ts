/*
 * Keeps one decoding process.
 *
 *   absent ──> starting    somebody has work for it
 *   starting ─> ready      it said so: from here on its death may be the fault of what it works on
 *   starting ─> absent     it ended before that, or took too long: tried again, later each time
 *   ready ───> absent      it died, was idle for long, or was ended because of a task
 */
import { backoffMs } from '../../lib/backoff.ts';
import type { Log } from '../../lib/logger.ts';
import type { Child, Departure } from './child.ts';
import { readySchema, type Request } from './protocol.ts';

export interface ProcessKeeperDeps {
  readonly logger: Log;
  readonly retryMs: number;
  readonly startChild: (onMessage: (message: unknown) => void) => Child;
  readonly onReady: () => void;
  readonly onMessage: (message: unknown) => void;
  /** A process that was ready is gone without having been let go. */
  readonly onGone: (departure: Departure) => void;
  /** It cannot be started; it is tried again from here on until it can. */
  readonly onDown: () => void;
}

export interface ProcessKeeper {
  /** To the process that is ready; false when there is none, and then one is on its way. */
  send(request: Request): boolean;
  /** Starts a process where there is none, as soon as it is time for the next try. */
  want(): void;
  isReady(): boolean;
  /** Whether it could not be started several times in a row. */
  isDown(): boolean;
  /** It did some work: what happened to the processes before counts no more. */
  praise(): void;
  /** Ends the process: what it still answers is not heard. */
  letGo(): void;
  close(): Promise<void>;
}

/** An update beside the running bot takes its files away for seconds; longer than that is told to people. */
const failuresBeforeDown = 4;
const longestRetryMs = 30_000;
/** 180 ms are usual, also for many times as long on a busy machine. */
const startMs = 30_000;

interface Kept {
  readonly child: Child;
  readonly late: NodeJS.Timeout;
  isReady: boolean;
}

export function createProcessKeeper(deps: ProcessKeeperDeps): ProcessKeeper {
  let kept: Kept | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failedStarts = 0;
  let foreignDeaths = 0;
  let hasToldDenied = false;

  const isDown = () => failedStarts >= failuresBeforeDown;

  const letGo = () => {
    clearTimeout(kept?.late);
    kept?.child.kill();
    kept = undefined;
  };

  const tryLater = () => {
    // A single process collides with no other, so its times are not spread.
    const ms = backoffMs({ baseMs: deps.retryMs, maxMs: longestRetryMs }, failedStarts + foreignDeaths, () => 0);
    retry = setTimeout(() => {
      retry = undefined;
      start();
    }, ms).unref();
  };

  const failToStart = (how: string) => {
    letGo();
    failedStarts += 1;
    if (failedStarts === failuresBeforeDown) {
      deps.logger.warn({ how }, 'the decoding process cannot be started: photos wait until it can');
    }
    tryLater();
    if (isDown()) deps.onDown();
  };

  const welcome = (one: Kept, denied: readonly string[]) => {
    clearTimeout(one.late);
    one.isReady = true;
    if (isDown()) deps.logger.info({}, 'the decoding process can be started again');
    failedStarts = 0;
    if (denied.length > 0 && !hasToldDenied)
      deps.logger.warn({ denied }, 'the system does not grant the decoding process what it asks for, going on without');
    hasToldDenied ||= denied.length > 0;
    deps.onReady();
  };

  const start = () => {
    const child = deps.startChild((message) => {
      if (kept?.child !== child) return;
      const ready = readySchema.safeParse(message);
      if (kept.isReady) deps.onMessage(message);
      else if (ready.success) welcome(kept, ready.data.denied);
    });
    const late = setTimeout(() => {
      failToStart(`not ready after ${startMs} ms`);
    }, startMs);
    kept = { child, late, isReady: false };
    void child.gone.then((departure) => {
      if (kept?.child !== child) return;
      if (!kept.isReady) {
        failToStart(departure.how);
        return;
      }
      kept = undefined;
      if (!departure.isOwn) foreignDeaths += 1;
      deps.onGone(departure);
    });
  };

  return {
    send: (request) => {
      if (!kept?.isReady) return false;
      kept.child.send(request);
      return true;
    },
    want: () => {
      if (kept !== undefined || retry !== undefined) return;
      if (foreignDeaths > 0) tryLater();
      else start();
    },
    isReady: () => kept?.isReady ?? false,
    isDown,
    praise: () => void (foreignDeaths = 0),
    letGo,
    close: async () => {
      clearTimeout(retry);
      const gone = kept?.child.gone;
      letGo();
      await gone;
    },
  };
}
