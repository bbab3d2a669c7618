import { describe, expect, it } from 'vitest';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import { couldNotFetch } from '../../../../src/services/jobs/state/transitions.ts';
import { aJob, noon } from '../job-builder.ts';

const trained = (said: string) => ({ kind: 'training-failed', said }) as const;
const refused = (said: string) => ({ kind: 'refused', reason: 'other', said }) as const;

describe('whether the provider could not fetch the photos', () => {
  it.each([
    trained('Training Failed:  Valid image links less than 3'),
    trained('1. [Training model] | Time Elapsed : 31 | could not download images'),
    refused('The images.0 must be a valid URL.'),
  ])('is told by its words: %j', (failure) => {
    expect(couldNotFetch(failure)).toBe(true);
  });

  it.each([
    trained('CUDA out of memory'),
    refused('Insufficient credits'),
    { kind: 'training-failed' } as const,
    { kind: 'no-key' } as const,
  ])('is not taken for granted: %j', (failure) => {
    expect(couldNotFetch(failure)).toBe(false);
  });

  it('is remembered by an order that is tried again, from round to round', () => {
    const failedBy = (said: string, mustUpload = false) =>
      advance(
        aJob('failed', { mustUpload, phase: { state: 'failed', failure: trained(said) } }),
        { type: 'reopened' },
        noon,
      );
    expect(failedBy('Valid image links less than 3').mustUpload).toBe(true);
    expect(failedBy('CUDA out of memory', true).mustUpload).toBe(true);
    expect(failedBy('CUDA out of memory').mustUpload).toBe(false);
  });
});
