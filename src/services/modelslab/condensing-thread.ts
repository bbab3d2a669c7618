import { parentPort, workerData } from 'node:worker_threads';
import { condensed, type Listed } from './condensed.ts';

/** The thread that `condense` starts. */
const { bytes, listed } = workerData as { readonly bytes: Uint8Array; readonly listed: Listed };
parentPort?.postMessage(condensed(new TextDecoder().decode(bytes), listed));
