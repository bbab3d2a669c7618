import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/e2e/searched-stages.ts'],
    include: ['test/**/*.test.ts'],
    // Tests that drive the real program mostly wait: a core left free for vitest itself would stand idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
