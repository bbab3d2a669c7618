import { parseArgs } from 'node:util';
import { startHost } from './page/host/host.ts';

/*
 * `npm run demo`: the bot, for real, between stand-ins on this machine, and a page to use it from. Runs until Ctrl-C.
 * `-- --script` plays the whole way by itself instead, and ends: see script.ts.
 */

/** Where the page is, unless something else is there: so that one left open finds a playground that was started again. */
const usualPort = 4870;

const { values } = parseArgs({ options: { script: { type: 'boolean' }, photos: { type: 'string' } } });
if (values.script) await import('./script.ts');
else await open();

async function open(): Promise<void> {
  const host = await startHost({ port: usualPort }).catch((error: unknown) => {
    if (isTaken(error)) return startHost();
    throw error;
  });
  console.log(`The playground: ${host.url} (Ctrl-C ends it)`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void host.close());
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
