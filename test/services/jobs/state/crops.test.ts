import { describe, expect, it } from 'vitest';
import { adjustedBy, photoEdits, type PhotoEdit } from '../../../../src/services/jobs/state/adjustment.ts';
import {
  cropName,
  cropPlanOf,
  cropsName,
  excludedOf,
  isPreparing,
  isRecropping,
} from '../../../../src/services/jobs/state/crops.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { aJob, order } from '../job-builder.ts';

/** Twice as wide as high, the square in its middle. */
const scene = { width: 2048, height: 1024, chosen: { left: 512, top: 0, side: 1024 } };

/** What becomes of a draft by these wishes about photo 2. */
function wished(...wishes: readonly PhotoEdit[]): Job {
  return wishes.reduce<Job>((job, wish) => {
    const adjustment = adjustedBy(wish, { position: 2, scene }, job);
    return adjustment ? { ...job, adjusted: { ...job.adjusted, 2: adjustment } } : job;
  }, aJob('draft'));
}

describe('the name of a crop', () => {
  it('tells every framing from every other, in letters that stay as they are in a file name', () => {
    expect(cropName(wished(), 2)).toBe('attention-1024');
    expect(cropName(wished('left', 'left', 'out', 'down'), 2)).toBe('attention-1024-l2-d1-z1');
    expect(cropName(wished('right', 'out', 'out', 'up'), 2)).toBe('attention-1024-r1-u1-z2');
    expect(cropName(wished('right'), 1)).toBe('attention-1024');
  });

  it('of all crops changes with each of them, and with nothing that is not cut', () => {
    expect(cropsName(wished('right'))).toBe('attention-1024 2:attention-1024-r1');
    expect(cropsName(wished('exclude'))).toBe('attention-1024');
  });
});

describe('another crop for the whole order', () => {
  it('leaves a photo as it was moved by hand, and takes the others', () => {
    const job = { ...wished('right'), order: { ...order, crop: 'centre' as const } };
    expect([cropName(job, 1), cropName(job, 2)]).toEqual(['centre-1024', 'attention-1024-r1']);
    expect(cropPlanOf(job, 2)).toEqual({
      recipe: { size: 1024, strategy: 'attention' },
      framing: { dx: 1, dy: 0, zoomOut: 0 },
    });
  });

  it('takes a photo as well that was moved back, or reset', () => {
    for (const job of [wished('right', 'left'), wished('right', 'out', 'reset')]) {
      expect(cropName({ ...job, order: { ...order, crop: 'centre' } }, 2)).toBe('centre-1024');
    }
  });

  it('keeps the framing at the size of another method', () => {
    const job = { ...wished('right'), order: { ...order, method: 'dreambooth' as const } };
    expect(cropName(job, 2)).toBe('attention-512-r1');
  });
});

describe('what a wish changes', () => {
  it('is nothing when it is so already, or when the photo ends there', () => {
    const without = (wish: PhotoEdit, job = wished()) => adjustedBy(wish, { position: 2, scene }, job);
    for (const wish of ['up', 'down', 'in', 'reset', 'include'] as const) expect(without(wish), wish).toBeUndefined();
    expect(without('exclude', wished('exclude'))).toBeUndefined();
    expect(without('right', wished(...Array<PhotoEdit>(5).fill('right')))).toBeUndefined();
  });

  it('keeps the framing of a photo that is left out and taken in again', () => {
    expect(excludedOf(wished('right', 'exclude'))).toEqual([2]);
    const again = wished('right', 'exclude', 'include');
    expect(excludedOf(again)).toEqual([]);
    expect(cropName(again, 2)).toBe('attention-1024-r1');
  });

  it.each(photoEdits)('of “%s” has an example here', (wish) => {
    expect(
      adjustedBy(wish, { position: 2, scene }, wished('out', 'right', 'down', 'exclude', 'include')) ?? wish,
    ).toBeDefined();
  });
});

it('cuts anew while the stored crops are others than those that are wanted', () => {
  expect([wished(), wished('exclude'), wished('right')].map(isRecropping)).toEqual([false, false, true]);
  expect(isPreparing(wished('right'))).toBe(true);
  expect(isPreparing({ ...wished('right'), cropped: cropsName(wished('right')) })).toBe(false);
  expect(isPreparing({ ...wished(), cropped: '' })).toBe(true);
});
