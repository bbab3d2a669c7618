import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { patienceMs } from './playground/patience.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/e2e/searched-stages.ts'],
    include: ['test/**/*.test.ts'],
    // Tests that drive the real program mostly wait.
    maxWorkers: 2 * availableParallelism(),
    // What waits for something says what is missing when its patience is over: a test's own limit only ends what does not.
    testTimeout: 1.5 * patienceMs,
    hookTimeout: 1.5 * patienceMs,
    expect: { poll: { timeout: patienceMs } },
  },
});
