import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/e2e/searched-stages.ts'],
    include: ['test/**/*.test.ts'],
    // Tests that drive the real program mostly wait.
    maxWorkers: 2 * availableParallelism(),
    // A machine with other things to do takes several times as long for everything.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
