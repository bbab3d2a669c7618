import { describe, expect, it } from 'vitest';
import { withDuplicates } from '../../../src/services/photos/duplicates.ts';
import type { Verdict } from '../../../src/services/photos/photo.ts';

const good: Verdict = { kind: 'good' };
const looks = (bits: number) => ((1n << BigInt(bits)) - 1n).toString(16).padStart(32, '0');
const photo = (sha256: string, bits: number, verdict: Verdict = good) => ({ sha256, looks: looks(bits), verdict });
const verdicts = (...photos: ReturnType<typeof photo>[]) => withDuplicates(photos).map(({ verdict }) => verdict);

describe('withDuplicates', () => {
  it('warns of the same file by the number of the first, and leaves it to the member which one goes', () => {
    expect(verdicts(photo('a', 0), photo('b', 60), photo('b', 60))[2]).toEqual({
      kind: 'warning',
      reason: 'the same as photo 2: remove one of them',
    });
  });

  it('warns of a photo that looks almost like an earlier one', () => {
    expect(verdicts(photo('a', 0), photo('b', 12))).toEqual([
      good,
      { kind: 'warning', reason: expect.stringContaining('almost the same as photo 1') },
    ]);
  });

  it('leaves two different photos good', () => {
    expect(verdicts(photo('a', 0), photo('b', 13))).toEqual([good, good]);
  });

  it('keeps a photo’s other warning behind its own, which says what to do', () => {
    const [, second] = verdicts(photo('a', 0), photo('b', 1, { kind: 'warning', reason: 'very dark' }));
    expect(second).toEqual({ kind: 'warning', reason: expect.stringMatching(/^almost the same .*; very dark$/) });
  });

  it('does not call a photo a repeat of one that is refused, because that one is not in the training', () => {
    const refused: Verdict = { kind: 'refused', reason: 'damaged' };
    expect(verdicts(photo('a', 0, refused), photo('a', 0))).toEqual([refused, good]);
  });

  it('keeps the reason of a refused photo', () => {
    const refused: Verdict = { kind: 'refused', reason: 'too small' };
    expect(verdicts(photo('a', 0), photo('a', 0, refused))[1]).toEqual(refused);
  });

  it('never takes two photos that were not downloaded for the same', () => {
    expect(withDuplicates([{ verdict: good }, { verdict: good }])).toEqual([{ verdict: good }, { verdict: good }]);
  });
});
