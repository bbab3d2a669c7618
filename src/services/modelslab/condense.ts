import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Listed } from './condensed.ts';

const program = new URL('./condensing-thread.ts', import.meta.url);

/** Several times what the longest list takes: only what is made to take memory takes more. */
const resourceLimits = { maxOldGenerationSizeMb: 400 };

/**
 * A long answer, condensed in a thread of its own: reading one of 32 MB takes longer than the event loop may be held up. The
 * bytes are given away: they must be too many for Node's pool of buffers. Undefined when it takes more memory than any list.
 */
export async function condense(
  bytes: Buffer<ArrayBuffer>,
  listed: Listed,
  signal: AbortSignal,
): Promise<string | undefined> {
  const worker = new Worker(program, {
    workerData: { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), listed },
    transferList: [bytes.buffer],
    resourceLimits,
    env: {},
  });
  try {
    const [text] = (await once(worker, 'message', { signal })) as [string];
    return text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return undefined;
    throw error;
  } finally {
    await worker.terminate();
  }
}
