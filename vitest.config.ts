import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { patienceMs } from './playground/patience.ts';

const cores = availableParallelism();
const browser = ['test/playground/browser/**/*.test.ts'];
/** Start programs, and mostly wait for them. */
const programs = [
  'test/e2e/**/*.test.ts',
  'test/soak/**/*.test.ts',
  'test/playground/page/play.test.ts',
  'test/services/photos/bombs.test.ts',
];
/** What is begun last is waited for alone, and a fresh clone does not know yet what takes long: these go first. */
const long =
  /\/(soak|crashes|stop-steps|webhook|zip|no-verdict|play|bombs|master-keys|discord-storm|thousand)\.test\.ts$/;
/** The shortest of these tells whether the whole is alive. */
const smoke = ['test/e2e/main-way.test.ts'];
/** Measure how long the event loop is held up, by nothing but what they do themselves. */
const turns = [
  'test/longest-turn.test.ts',
  'test/services/database/giving-back.test.ts',
  'test/services/jobs/history.test.ts',
  'test/services/jobs/worker/submit/long-lists.test.ts',
  'test/services/modelslab/long-answers.test.ts',
  'test/services/photos/archive-turns.test.ts',
];
const units = ['test/*.test.ts', 'test/{lib,services,commands,events}/**/*.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

function isLong({ moduleId }: TestSpecification): boolean {
  return long.test(moduleId);
}

/** `npm test` runs what is quick, `npm run test:all` everything. */
export default defineConfig({
  test: {
    globalSetup: ['test/e2e/searched-stages.ts'],
    // What waits for something says what is missing when its patience is over: a test's own limit only ends what does not.
    testTimeout: 1.5 * patienceMs,
    hookTimeout: 1.5 * patienceMs,
    expect: { poll: { timeout: patienceMs } },
    sequence: { sequencer: LongestFirst },
    projects: [
      // Loading the modules takes longer than most of these tests, which share no state that matters.
      project('units', 1, { include: units, exclude: [...turns, ...programs], isolate: false }),
      project('turns', 1, { include: turns }),
      project('playground', 1, {
        include: ['test/playground/**/*.test.ts'],
        exclude: [...browser, ...programs],
        isolate: false,
      }),
      project('smoke', 1, { include: smoke }),
      // A core that is asked for more answers later than Discord waits for.
      project('programs', 2, { include: programs, exclude: smoke, isolate: false }),
      project('browser', 2, { include: browser }),
    ],
  },
});

/** `perCore` at once: those of one number run beside each other, and the next number after them. */
function project(
  name: string,
  perCore: number,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return { extends: true, test: { ...test, name, maxWorkers: perCore * cores, sequence: { groupOrder: perCore } } };
}
