import { UserError } from './errors.ts';

export interface Shutdown {
  /** Aborts when the program is to end, for a reason that requests still under way may be told. */
  readonly signal: AbortSignal;
  /** What is added last ends first. One that fails does not keep the others from ending. */
  atEnd(ending: () => Promise<void>): void;
  /** Ends in good order with this exit code; asked a second time, at once and with 1. */
  now(exitCode: number): void;
  /** Ends because of something that only the operator can put right: the first reason is the one line they read. */
  because(reason: string): void;
}

export interface ShutdownDeps {
  readonly log: { info(text: string): void; error(fields: object, text: string): void };
  readonly exit: (exitCode: number) => void;
  readonly write: (line: string) => void;
  /** It is over after this long, whatever has not ended by then. */
  readonly longestMs: number;
}

export function createShutdown({ log, exit, write, longestMs }: ShutdownDeps): Shutdown {
  const stopping = new AbortController();
  const endings: (() => Promise<void>)[] = [];

  const now = (exitCode: number) => {
    if (stopping.signal.aborted) {
      exit(1);
      return;
    }
    stopping.abort(new UserError('I am being restarted. Nothing is lost: try again in a minute.'));
    log.info('stopping: nothing is lost, the next start goes on from here');
    setTimeout(() => {
      exit(exitCode);
    }, longestMs).unref();
    void end().finally(() => {
      exit(exitCode);
    });
  };

  const end = async () => {
    for (const ending of endings.toReversed()) {
      await ending().catch((error: unknown) => {
        log.error({ err: error }, 'stopping was not clean');
      });
    }
  };

  return {
    signal: stopping.signal,
    atEnd: (ending) => {
      endings.push(ending);
    },
    now,
    because: (reason) => {
      if (stopping.signal.aborted) return;
      write(`${reason}\n`);
      now(1);
    },
  };
}

/** SIGTERM and SIGINT stop in good order; an uncaught error stops it as well, with exit code 1. */
export function shutDownOnSignals(stop: Shutdown, log: { fatal(fields: object, text: string): void }): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop.now(0);
    });
  }
  const crash = (error: unknown) => {
    log.fatal({ err: error }, 'an error was not caught: stopping');
    if (!stop.signal.aborted) stop.now(1); // A stop that has begun goes on: what is under way is worth more.
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
