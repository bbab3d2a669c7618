import { expect, it } from 'vitest';
import { parseLogLine } from '../../../playground/page/host/log-line.ts';

it('reads as its sentence, with what belongs to it and why it went wrong', () => {
  const line = {
    level: 'warn',
    time: '2026-01-01',
    jobId: 'j1',
    err: { message: 'no answer' },
    msg: 'asks again later',
  };
  expect(parseLogLine(JSON.stringify(line))).toEqual({ level: 'warn', text: 'asks again later jobId=j1 (no answer)' });
});

it('keeps a line as it is that is no entry of the log: the last words of a program that cannot start', () => {
  expect(parseLogLine('DISCORD_TOKEN is missing')).toEqual({ level: 'error', text: 'DISCORD_TOKEN is missing' });
  expect(parseLogLine('{"level":"info"}')).toEqual({ level: 'error', text: '{"level":"info"}' });
});
