import { escapeMarkdown } from 'discord.js';
import type { Job } from '../jobs/job.ts';
import type { Review } from '../jobs/review.ts';
import type { StoredPhoto } from '../jobs/photo-store.ts';
import type { Tile } from '../photos/photo.ts';
import { recipeName, recipeOf } from '../jobs/job.ts';
import { count } from './words.ts';

const signs = { good: '✓', warning: '!', refused: '✕' } as const;

export function tilesOf(photos: readonly StoredPhoto[]): readonly Tile[] {
  return photos.map(({ verdict, thumbnail }, index) => ({
    number: index + 1,
    verdict,
    ...(thumbnail && { thumbnail }),
  }));
}

/** What stands above the sheet: only the photos that something is to be said about. The mention brings the owner into the thread. */
export function sheetText(job: Job, { photos, usable }: Review): string {
  const owner = `<@${job.ownerId}>`;
  if (job.pending.length > 0) return `${owner} Looking at ${count(job.pending.length + photos.length, 'photo')} …`;
  if (photos.length === 0) return `${owner} No photos yet. Press Add photos below.`;
  const remarks = photos.flatMap((photo, index) => remarkOn(photo, index + 1));
  const whole = `${owner} **${usable} of ${count(photos.length, 'photo')} can be used.** This is exactly what is sent, cropped to ${recipeOf(job.order).size} × ${recipeOf(job.order).size}.`;
  return fit([whole, ...remarks]);
}

/** For people who do not see pictures; at most 1024 characters. */
export function sheetAltText(photos: readonly StoredPhoto[]): string {
  const each = photos.map(
    ({ verdict }, index) => `${index + 1} ${verdict.kind === 'good' ? 'good' : `${verdict.kind}: ${verdict.reason}`}`,
  );
  return `Contact sheet of ${count(photos.length, 'crop')}. ${each.join('. ')}`.slice(0, 1024);
}

/** Everything that the sheet shows, in a form that can be compared. */
export function sheetContents(job: Job, review: Review): unknown {
  const tiles = review.photos.map(({ position, verdict, sha256 }) => ({ position, verdict, sha256 }));
  return { text: sheetText(job, review), tiles, cropped: recipeName(recipeOf(job.order)) };
}

function remarkOn({ verdict, name }: StoredPhoto, number: number): string[] {
  if (verdict.kind === 'good') return [];
  return [`${signs[verdict.kind]} **${number}** ${verdict.reason} (${escapeMarkdown(name)})`];
}

/** A message holds 2000 characters; 30 remarks may be longer. */
function fit(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text.length <= 1900 ? text : `${text.slice(0, 1900)} …`;
}
