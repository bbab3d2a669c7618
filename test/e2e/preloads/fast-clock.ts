import { createRequire, syncBuiltinESMExports } from 'node:module';
import type * as Os from 'node:os';
import { performance } from 'node:perf_hooks';
import type * as Timers from 'node:timers/promises';
import { hastened, type Haste } from '../../../playground/haste.ts';

/*
 * Loaded into the program before its own modules: its clocks run faster than real, and so does what it waits by them. What
 * ends something that takes too long (timers with a callback, `AbortSignal.timeout`) is left as it is: a busy machine does
 * not work faster. Stand-ins beside the program have to run at the same speed.
 */

const variable = 'HASTE';

/** The variables that have a program hurry. */
export function inHaste(haste: Haste): Record<string, string> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, [variable]: JSON.stringify(haste) };
}

const given = process.env[variable];
if (given !== undefined) hurry(JSON.parse(given) as Haste);

/** Some limits are kept by a sleep beside the work: none gets shorter than this. */
const shortestMs = 1000;

function hurry(haste: Haste): void {
  const { speed } = haste;
  const RealDate = Date;
  const now = () => Math.round(hastened(haste, RealDate.now()));
  globalThis.Date = class extends RealDate {
    constructor(...parts: [] | [number | string | Date]) {
      if (parts.length === 0) super(now());
      else super(...parts);
    }

    static override now(): number {
      return now();
    }
  } as DateConstructor;

  const steadyMs = performance.now.bind(performance);
  performance.now = () => steadyMs() * speed;

  const require = createRequire(import.meta.url);
  const os = require('node:os') as { uptime: typeof Os.uptime };
  const { uptime } = os;
  os.uptime = () => uptime() * speed;
  const timers = require('node:timers/promises') as { setTimeout: typeof Timers.setTimeout };
  const { setTimeout: sleep } = timers;
  timers.setTimeout = (ms = 0, ...more) => sleep(Math.max(ms / speed, Math.min(ms, shortestMs)), ...more);
  syncBuiltinESMExports();
}
