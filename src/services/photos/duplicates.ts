import { hashDistance } from './difference-hash.ts';
import type { PreparedPhoto, Verdict } from './photo.ts';

/**
 * Bits of the difference hash in which two photos may differ and still be called almost the same. Measured on a dozen
 * photographs: a smaller, brighter or recompressed copy differs in up to 8, one cut by 4 % in up to 16, another photograph
 * in 39 and more. Line drawings spread wider (up to 24), so a copy of one may pass.
 */
const nearBits = 12;

type Judged = Pick<PreparedPhoto, 'verdict' | 'sha256' | 'looks'>;

/**
 * The photos of one order with their final verdicts, in the order's numbering. Photos come in several goes, so what
 * repeats another one is only known here. Give the verdicts that `Darkroom.prepare` gave, not those of an earlier call:
 * a repeat is good again when the photo that it repeats was removed.
 */
export function withDuplicates<Photo extends Judged>(photos: readonly Photo[]): Photo[] {
  return photos.map((photo, index) => ({ ...photo, verdict: finalVerdict(photo, photos.slice(0, index)) }));
}

function finalVerdict(photo: Judged, earlier: readonly Judged[]): Verdict {
  const { verdict } = photo;
  const repeat = repetition(photo, earlier);
  if (verdict.kind === 'refused' || repeat === undefined) return verdict;
  return { kind: 'warning', reason: verdict.kind === 'good' ? repeat : `${repeat}; ${verdict.reason}` };
}

function repetition(photo: Judged, earlier: readonly Judged[]): string | undefined {
  const same = earlier.findIndex((other) => isUsable(other) && isSameFile(photo, other));
  if (same !== -1) return `the same as photo ${same + 1}: remove one of them`;
  const near = earlier.findIndex((other) => isUsable(other) && looksAlike(photo, other));
  if (near !== -1) return `almost the same as photo ${near + 1}: different poses and places teach more`;
  return undefined;
}

const isUsable = (photo: Judged) => photo.verdict.kind !== 'refused';

const isSameFile = (one: Judged, other: Judged) => one.sha256 !== undefined && one.sha256 === other.sha256;

const looksAlike = (one: Judged, other: Judged) =>
  one.looks !== undefined && other.looks !== undefined && hashDistance(one.looks, other.looks) <= nearBits;
