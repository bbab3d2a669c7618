/*
 * The program that decodes: started by `child.ts`, spoken to by messages only. Files of strangers are decoded by C code;
 * when that crashes, loops or eats memory, it is this process that dies, and the bot goes on.
 */
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import sharp from 'sharp';
import { develop } from './develop.ts';
import { memoryLimitSignal, type Ready, type Reply, type Request, type Task } from './protocol.ts';
import { drawSheet } from './sheet.ts';

// Only these three loaders exist here: no SVG that reads files, no PDF, no TIFF, no file names.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});
// Two photos at a time with one thread each is faster than one photo with two. Nothing is ever decoded twice: no cache.
sharp.concurrency(1);
sharp.cache(false);

/** What the system may deny, as a hardened service does: photos are decoded all the same. */
const favors = {
  // A member who presses a button waits for the gateway, not for this process.
  'a lower priority': () => {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  },
  // Where memory runs out, the kernel shall take this process and not the bot. Only Linux has such a file.
  'to be ended first': () => {
    if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', '1000');
  },
};

const denied = Object.entries(favors).flatMap(([favor, ask]) => {
  try {
    ask();
    return [];
  } catch (error) {
    return [`${favor}: ${String(error)}`];
  }
});

/** 20 ms are 20 MB of zeroed pages at most: the limit is passed by little. libvips works in other threads, so the timer fires. */
const memoryLookMs = 20;
const memoryBytes = Number(process.argv[2]);
setInterval(() => {
  if (process.memoryUsage.rss() > memoryBytes) process.kill(process.pid, memoryLimitSignal);
}, memoryLookMs).unref();

async function perform(task: Task): Promise<unknown> {
  switch (task.kind) {
    case 'develop':
      return develop(task.file, task.recipe, task.framing);
    case 'sheet':
      return drawSheet(task.tiles);
  }
}

async function answer({ id, task }: Request): Promise<Reply> {
  try {
    return { id, result: await perform(task) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * V8 lets 64 MB of dead pixels lie about before it looks at them, because it counts objects and not what hangs on them.
 * Collecting after each photo costs 20 to 30 ms of CPU and keeps the process 55 MB smaller.
 */
const dropPixels = () => globalThis.gc?.();

process.on('message', (request: Request) => {
  void answer(request).then((reply) => process.send?.(reply, dropPixels));
});
// The gateway is gone or lets us go. SIGKILL, because an exit would wait for a decode that may never end.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl+C reaches the whole process group, but the gateway still finishes its photos.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

process.send?.({ ready: true, denied } satisfies Ready);
