import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { patienceMs } from '../../playground/patience.ts';

const entry = fileURLToPath(new URL('./index.ts', import.meta.url));

// As a command of its own, as people start it: it exits with 0 only when every order came to its one end.
it('pays once for each press and tells each end once, whatever is killed and lost on the way', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [entry, '--jobs', '8', '--seed', '5'], {
    env: { PATH: process.env['PATH'] },
    timeout: patienceMs,
  });
  const counts: unknown = Object.fromEntries(stdout.split('\n').map((line) => line.split(/ {2,}/)));
  expect(counts).toMatchObject({
    orders: '8',
    kills: expect.stringMatching(/^[1-9]/) as unknown,
    charges: '8',
    'charged twice': '0',
    'presses lost': '0',
    'ends told': '8',
    states: '8 ready',
  });
});
