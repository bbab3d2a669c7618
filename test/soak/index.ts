/* `npm run soak -- --jobs 300 --seed 1`: exits with 1 unless each press was paid for once and each end was told once. */
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

// Ended by `exit` and not by the signal itself, this process takes the program along.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const { values } = parseArgs({
  options: { jobs: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
});
const { counts, problems } = await soak({ jobs: Number(values.jobs), seed: Number(values.seed), say: console.log });
for (const [name, count] of Object.entries(counts)) console.log(`${name.padEnd(34)}${count}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
