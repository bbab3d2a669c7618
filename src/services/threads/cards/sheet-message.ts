import { shorten } from '../../../lib/text.ts';
import type { Review } from '../../jobs/review/review.ts';
import { recipeOf } from '../../jobs/state/crops.ts';
import type { Delay, Job, LeftOutFiles } from '../../jobs/state/job.ts';
import type { StoredPhoto } from '../../jobs/store/photo-store.ts';
import { isArchive, type Tile, type Verdict } from '../../photos/photo.ts';
import { clockTime, count, fitLines, plain } from './words.ts';

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
  if (job.pending.length > 0 && job.delay) return `${owner} ${delayText(job.delay)}`;
  if (job.pending.length > 0) return `${owner} Looking at ${beingLookedAt(job, photos.length)} …`;
  const leftOut = (job.leftOut ?? []).map(leftOutText);
  const remarks = [...leftOut, ...photos.flatMap((photo, index) => remarkOn(photo, index + 1))];
  const { size } = recipeOf(job.order);
  const whole =
    photos.length === 0
      ? `${owner} No photos yet. Press Add photos below.`
      : `${owner} **${usable} of ${count(photos.length, 'photo')} can be used.** The picture shows exactly what is sent, cropped to ${size} × ${size}.`;
  return fitLines([whole, ...remarks], {
    rest: (left) => `… and ${left} more, marked in the picture. Press Remove photos to read what is said of each.`,
  });
}

function delayText({ why, lookAt }: Delay): string {
  switch (why) {
    case 'decoder':
      return 'I cannot look at photos at the moment, because the program that reads them cannot be started. Yours are kept, nothing is billed, and I go on by myself as soon as it runs again.';
    case 'used-up':
      return `Reading your photos has taken very long in the last minutes, so the rest wait: I go on by myself at ${clockTime(lookAt)}. Nothing is lost or billed. Photos that are saved again as ordinary JPEGs are read faster.`;
  }
}

/** How many photos an archive holds is not known before it is there. */
function beingLookedAt({ pending }: Job, stored: number): string {
  const archives = pending.filter(isArchive).length;
  const photos = pending.length - archives + stored;
  return [
    ...(photos > 0 ? [count(photos, 'photo')] : []),
    ...(archives > 0 ? [count(archives, 'zip archive')] : []),
  ].join(' and ');
}

/** Files of which the picture shows nothing. */
function leftOutText({ names, count: all, reason }: LeftOutFiles): string {
  const more = all - names.length;
  const files = names.map((name) => plain(shorten(name, 40))).join(', ');
  return `✕ ${files}${more > 0 ? ` and ${more} more` : ''} left out: ${reason}`;
}

/** For people who do not see pictures. The reasons are in the text above, which is read to them anyway. */
export function sheetAltText(photos: readonly StoredPhoto[]): string {
  const listed = Object.entries(fates).flatMap(([kind, fate]) => {
    const numbers = photos.flatMap(({ verdict }, index) => (verdict.kind === kind ? index + 1 : []));
    return numbers.length === 0 ? [] : `${fate}: ${numbers.join(', ')}.`;
  });
  return [`Contact sheet of ${count(photos.length, 'crop')}, numbered.`, ...listed].join(' ');
}

const fates: Readonly<Record<Verdict['kind'], string>> = {
  good: 'Good',
  warning: 'Used, with a warning',
  refused: 'Left out',
};

/** Everything that the sheet shows. Its digest is stored, so its keys are never renamed. */
export function sheetContents(job: Job, review: Review): unknown {
  const tiles = review.photos.map(({ position, verdict, sha256, cropName }) => ({
    position,
    verdict,
    sha256,
    cut: cropName,
  }));
  return { text: sheetText(job, review), tiles };
}

/** With the same signs as the tiles of the picture, and in words for people who do not see them. */
function remarkOn({ verdict, name, isExcluded }: StoredPhoto, number: number): string[] {
  if (verdict.kind === 'good') return [];
  const [sign, fate] = verdict.kind === 'refused' ? ['✕', 'left out'] : ['!', 'used, but'];
  const said = isExcluded ? verdict.reason : `${fate}: ${verdict.reason}`;
  return [`${sign} **${number}** ${said} (${plain(shorten(name, 40))})`];
}
