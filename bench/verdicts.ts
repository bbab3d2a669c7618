import { isBlownOut, isDark } from '../src/services/photos/judge.ts';
import type { Raster } from '../src/services/photos/photo.ts';
import { isBlurred, sharpnessOf } from '../src/services/photos/sharpness.ts';
import { addGrain, blur, compress, enlarge, expose, flatten, shake } from './altered.ts';
import { median, printTable } from './measure.ts';
import { getSubjects, type Subject } from './subjects.ts';

interface Alteration {
  readonly name: string;
  /** As the eye sees it: `either` is soft, and still worth training on. */
  readonly label: 'sharp' | 'either' | 'blurred';
  readonly apply: (crop: Raster) => Raster | Promise<Raster>;
}

const gaussian = (sigma: number, label: Alteration['label']): Alteration => ({
  name: `blur ${sigma}`,
  label,
  apply: (crop) => blur(crop, sigma),
});

const alterations: readonly Alteration[] = [
  { name: 'as it is', label: 'sharp', apply: (crop) => crop },
  { name: 'grain 8', label: 'sharp', apply: (crop) => addGrain(crop, 8) },
  { name: 'a quarter of the contrast', label: 'sharp', apply: (crop) => flatten(crop, 0.25) },
  { name: 'a quarter of the light', label: 'sharp', apply: (crop) => expose(crop, -2) },
  { name: 'JPEG quality 30', label: 'sharp', apply: (crop) => compress(crop, 30) },
  gaussian(1, 'either'),
  gaussian(1.5, 'either'),
  gaussian(2, 'blurred'),
  gaussian(3, 'blurred'),
  gaussian(6, 'blurred'),
  { name: 'blur 3, grain 4', label: 'blurred', apply: async (crop) => addGrain(await blur(crop, 3), 4) },
  { name: 'blur 3, grain 8', label: 'blurred', apply: async (crop) => addGrain(await blur(crop, 3), 8) },
  { name: 'blur 3, JPEG quality 30', label: 'blurred', apply: async (crop) => compress(await blur(crop, 3), 30) },
  {
    name: 'blur 2, quarter of the contrast',
    label: 'blurred',
    apply: async (crop) => flatten(await blur(crop, 2), 0.25),
  },
  { name: 'moved 4 to the right', label: 'either', apply: (crop) => shake(crop, 'x', 4) },
  { name: 'moved 8 to the right', label: 'blurred', apply: (crop) => shake(crop, 'x', 8) },
  { name: 'moved 8 down', label: 'blurred', apply: (crop) => shake(crop, 'y', 8) },
  { name: 'moved 6 diagonally', label: 'blurred', apply: (crop) => shake(crop, 'diagonal', 6) },
  { name: 'moved 12 diagonally', label: 'blurred', apply: (crop) => shake(crop, 'diagonal', 12) },
  { name: 'moved 16 to the right', label: 'blurred', apply: (crop) => shake(crop, 'x', 16) },
  { name: 'enlarged 2 ×', label: 'either', apply: (crop) => enlarge(crop, 2) },
  { name: 'enlarged 4 ×', label: 'blurred', apply: (crop) => enlarge(crop, 4) },
];

const stops = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5];

/** Which altered photos are warned of: what the limits in sharpness.ts and light.ts were set by. */
export async function benchVerdicts(folders: readonly string[]): Promise<void> {
  const subjects = await getSubjects(folders);
  await benchSharpness(subjects);
  benchLight(subjects);
}

async function benchSharpness(subjects: readonly Subject[]): Promise<void> {
  const rows = [];
  const figures = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]));
  for (const { name, label, apply } of alterations) {
    const crops = await Promise.all(subjects.map(async ({ crop }) => apply(crop)));
    const measured = crops.map(sharpnessOf);
    subjects.forEach((subject, index) => figures.get(subject)?.push(measured[index] ?? NaN));
    const warned = crops.filter(isBlurred).length;
    rows.push([
      name,
      label,
      Math.min(...measured),
      median(measured),
      Math.max(...measured),
      `${warned} of ${crops.length}`,
    ]);
  }
  console.log(`Sharpness of ${subjects.length} crops of 512 × 512, altered; lengths in pixels\n`);
  printTable(['altered', 'should be', 'lowest', 'median', 'highest', 'warned of'], rows);
  printTable(
    ['picture', ...alterations.map(({ name }) => name)],
    subjects.map((subject) => [subject.name, ...(figures.get(subject) ?? [])]),
  );
}

function benchLight(subjects: readonly Subject[]): void {
  const rows = stops.map((stop) => {
    const crops = subjects.map(({ crop }) => expose(crop, stop));
    return [String(stop), `${crops.filter(isDark).length}`, `${crops.filter(isBlownOut).length}`];
  });
  console.log(`Exposure of the same ${subjects.length} crops\n`);
  printTable(['stops', 'very dark', 'blown out'], rows);
}
