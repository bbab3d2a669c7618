import { isUsable, type Review } from '../../../../src/services/jobs/review/review.ts';
import type { StoredPhoto } from '../../../../src/services/jobs/store/photo-store.ts';
import type { Verdict } from '../../../../src/services/photos/photo.ts';
import type { Body } from '../../../../src/services/threads/cards/body.ts';
import { noon } from '../../jobs/job-builder.ts';

export const good: Verdict = { kind: 'good' };
export const warning: Verdict = { kind: 'warning', reason: 'very dark' };
export const refused: Verdict = { kind: 'refused', reason: 'the same file as photo 1' };

export function photosWith(...verdicts: readonly Verdict[]): StoredPhoto[] {
  return verdicts.map((verdict, index) => ({
    position: index + 1,
    name: `IMG_${index + 1}.jpg`,
    verdict,
    sha256: `sha-${index + 1}`,
    thumbnail: Buffer.from(`thumbnail ${index + 1}`),
  }));
}

/** Seven good photos, no history, nothing in the way and nothing to be confirmed. */
export function aReview(change: Partial<Review> = {}): Review {
  const photos = change.photos ?? photosWith(...Array<Verdict>(7).fill(good));
  const usable = photos.filter(isUsable).length;
  const nothing = { blockers: [], usual: undefined, isBaseModelListed: undefined, overdue: false };
  return { photos, usable, confirmedAt: noon, ...nothing, ...change };
}

/** Everything that can be read in a message, labels of buttons and options included. */
export function textIn({ content = '', embeds = [], components = [] }: Partial<Body>): string {
  const inEmbeds = embeds.flatMap(({ title, description, fields = [], footer }) => [
    title,
    description,
    ...fields.map(({ name, value }) => `${name}: ${value}`),
    footer?.text,
  ]);
  const labels = components.flatMap((row) => row.components).flatMap((one) => ('label' in one ? one.label : []));
  return [content, ...inEmbeds, ...labels].filter((text) => text !== undefined && text !== '').join('\n');
}
