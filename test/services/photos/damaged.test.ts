import sharp from 'sharp';
import { expect, it } from 'vitest';
import { damages } from '../../../bench/damage.ts';
import { createRandom } from '../../../playground/random.ts';
import { silentLog } from '../../../src/lib/logger.ts';
import { createDarkroom } from '../../../src/services/photos/darkroom.ts';
import { drawScene } from './draw.ts';

const never = new AbortController().signal;

/** A sample; `npm run bench -- damaged` takes 10 000. */
it('gives each damaged file a verdict, and its decoding process survives them all', async () => {
  const warnings: string[] = [];
  const logger = { ...silentLog, warn: (_: object, sentence: string) => void warnings.push(sentence) };
  const darkroom = createDarkroom({ cdnOrigins: [], logger });
  const whole = await drawScene({ width: 300, height: 280 }).png().toBuffer();
  const sound = await Promise.all(
    (['jpeg', 'png', 'webp'] as const).map((form) => sharp(whole).toFormat(form).toBuffer()),
  );
  const files = Object.entries(damages).flatMap(([name, damage]) =>
    sound.map((file, index) => damage(file, createRandom(`${name}:${index}`))),
  );
  const photos = await Promise.all(
    files.map((original) => darkroom.recrop({ name: 'photo', original }, { size: 512, strategy: 'attention' }, never)),
  );
  await darkroom.close();
  expect(warnings).toEqual([]);
  expect(photos.filter(({ verdict }) => verdict.kind === 'refused').length).toBeGreaterThan(10);
  expect(photos.filter(({ verdict, crop }) => verdict.kind !== 'refused' && crop === undefined)).toEqual([]);
  expect(photos.filter(({ verdict, crop }) => verdict.kind === 'refused' && crop !== undefined)).toEqual([]);
});
