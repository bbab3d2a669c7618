import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Listed } from './condensed.ts';

const program = new URL('./condensing-thread.ts', import.meta.url);

/**
 * A long answer, condensed in a thread of its own: reading one of 32 MB takes longer than the event loop may be held up. The
 * bytes are given away: they must be too many for Node's pool of buffers. The thread has no limit of memory: where it met
 * one, Node would end the whole process.
 */
export async function condense(bytes: Buffer<ArrayBuffer>, listed: Listed, signal: AbortSignal): Promise<string> {
  const worker = new Worker(program, {
    workerData: { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), listed },
    transferList: [bytes.buffer],
    env: {},
  });
  try {
    const [text] = (await once(worker, 'message', { signal })) as [string];
    return text;
  } finally {
    await worker.terminate();
  }
}
