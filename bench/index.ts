import { availableParallelism, cpus } from 'node:os';
import { benchPhotos } from './photos.ts';

/** `npm run bench` runs all of them, `npm run bench -- photos` those that are named. */
const benches: Readonly<Record<string, () => Promise<void>>> = { photos: benchPhotos };

const wanted = process.argv.slice(2);
const [cpu] = cpus();
console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpu?.model ?? 'unknown processor'}\n`);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
