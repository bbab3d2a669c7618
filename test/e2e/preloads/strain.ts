import { monitorEventLoopDelay } from 'node:perf_hooks';

/* Loaded into the program before it: on SIGUSR2 it tells what strain it was under since the last time. */

let usedBefore = process.cpuUsage();
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.on('SIGUSR2', () => {
  const { maxRSS } = process.resourceUsage();
  const { user, system } = process.cpuUsage(usedBefore);
  usedBefore = process.cpuUsage();
  const cpuMs = Math.round((user + system) / 1000);
  const strain = { cpuMs, loopDelayMaxMs: Math.round(delay.max / 1e6), memoryPeakMb: Math.round(maxRSS / 1024) };
  process.stdout.write(`${JSON.stringify({ strain })}\n`);
  delay.reset();
});
