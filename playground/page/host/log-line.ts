import { z } from 'zod';
import type { LogLineView } from '../protocol.ts';

const levels = { trace: 'debug', debug: 'debug', info: 'info', warn: 'warn', error: 'error', fatal: 'error' } as const;

const entry = z.looseObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']), msg: z.string() });

/** A line of the program's log, for people: its sentence and what belongs to it. Anything else is its last words. */
export function parseLogLine(line: string): Pick<LogLineView, 'level' | 'text'> {
  const parsed = entry.safeParse(parseJson(line));
  if (!parsed.success) return { level: 'error', text: line };
  const { level, msg, time: _time, err, ...rest } = parsed.data;
  const details = Object.entries(rest).map(([name, value]) => `${name}=${plain(value)}`);
  const reason = messageOf(err);
  return { level: levels[level], text: [msg, ...details, ...(reason ? [`(${reason})`] : [])].join(' ') };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function messageOf(err: unknown): string | undefined {
  const hasMessage = typeof err === 'object' && err !== null && 'message' in err;
  return hasMessage && typeof err.message === 'string' ? err.message : undefined;
}
