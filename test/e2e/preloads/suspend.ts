import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import type { Crossing } from '../../../src/services/jobs/crash-points.ts';

/*
 * Loaded into the program before its own modules: suspends it by SIGSTOP when it has stored the intent of an order. Woken, it
 * finds that a minute has passed on the clock that goes on while a machine sleeps, and on no other.
 */

/** The variables that have a program suspended there. */
export function suspendBeforePaying(): Record<string, string> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, SUSPEND: 'intent-stored' };
}

const asleep = { isOver: false };
if (process.env['SUSPEND'] !== undefined) {
  const { uptime } = os;
  subscribe('darkroom:crash-point', (message) => {
    const { point } = message as Crossing;
    if (point !== process.env['SUSPEND'] || asleep.isOver) return;
    asleep.isOver = true;
    writeSync(1, 'suspended\n');
    process.kill(process.pid, 'SIGSTOP');
    os.uptime = () => uptime() + 60;
    syncBuiltinESMExports();
  });
}
