import { createLogger, type Logger } from '../../src/lib/logger.ts';
import { createRedaction } from '../../src/lib/redaction.ts';

export interface LoggedLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The program's own logger, writing into a list. */
export function recordingLog(): { log: Logger; lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const destination = {
    write: (line: string) => {
      lines.push(JSON.parse(line) as LoggedLine);
    },
  };
  return { log: createLogger({ level: 'debug', destination, secrets: createRedaction() }), lines };
}
