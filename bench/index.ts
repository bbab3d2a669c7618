import { availableParallelism, cpus, loadavg } from 'node:os';
import { benchCrops } from './crops.ts';
import { benchDamaged } from './damaged.ts';
import { benchPhotos } from './photos.ts';
import { benchVerdicts } from './verdicts.ts';

/** Each gets the folders of photographs that were named beside it; it has drawn ones of its own. */
const benches: Readonly<Record<string, (folders: readonly string[]) => Promise<void>>> = {
  photos: benchPhotos,
  verdicts: benchVerdicts,
  crops: benchCrops,
  damaged: benchDamaged,
};

/** `npm run bench` runs those that measure time, `npm run bench -- verdicts some/photos` those that are named. */
const words = process.argv.slice(2);
const wanted = words.filter((word) => Object.hasOwn(benches, word));
const folders = words.filter((word) => !Object.hasOwn(benches, word));
const [cpu] = cpus();
// Figures of a busy machine are worth less: whoever reads them should know.
const load = () => `load ${loadavg()[0]?.toFixed(1) ?? 'unknown'}`;
console.log(
  `Node ${process.version}, ${availableParallelism()} cores, ${cpu?.model ?? 'unknown processor'}, ${load()}\n`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 ? name === 'photos' : wanted.includes(name)) await bench(folders);
}
console.log(`${Math.round(performance.now() / 1000)} s, ${load()}`);
