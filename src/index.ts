import { enableCompileCache } from 'node:module';

// Before anything big is loaded: halves the time of a second start.
enableCompileCache();
const { run } = await import('./program.ts');
await run();
