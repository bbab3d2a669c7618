import { setTimeout as pass } from 'node:timers/promises';
import type { Stage } from './stage.ts';

export interface Strain {
  /** For how long at the most nothing else could be done. */
  readonly loopDelayMaxMs: number;
  readonly memoryPeakMb: number;
  /** How much of a core's time it took. */
  readonly cpuMs: number;
}

/** For a stage whose `environment` has it. */
export const measuringStrain = {
  NODE_OPTIONS: `--import=${new URL('preloads/strain.ts', import.meta.url).href}`,
};

/** What strain the program was under since it was last asked, or since its start. */
export async function strainOf(stage: Stage): Promise<Strain> {
  const told = () => stage.log().flatMap(({ strain }) => (strain ? [strain as Strain] : []));
  const before = told().length;
  process.kill(stage.program().pid, 'SIGUSR2');
  for (;;) {
    const strain = told()[before];
    if (strain) return strain;
    await pass(20); // Ends with the test's own time limit at the latest.
  }
}
