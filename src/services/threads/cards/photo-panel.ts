import { shorten } from '../../../lib/text.ts';
import type { PhotoView } from '../../jobs/desk/photo-adjustments.ts';
import { adjustedBy, type PhotoEdit } from '../../jobs/state/adjustment.ts';
import { adjustmentOf } from '../../jobs/state/crops.ts';
import type { StoredPhoto } from '../../jobs/store/photo-store.ts';
import { buttons, inMenus, select, type Body, type Button, type File, type Row } from './body.ts';
import { customId } from './custom-id.ts';
import { plain } from './words.ts';

/** One photo of an order, for its owner alone: the crop, what is to be said about it, and what can be done with it. */
export function photoPanel(view: PhotoView): Body {
  return { content: panelText(view), embeds: [], components: controls(view) };
}

/** The same bytes as on the contact sheet; undefined for a photo that could not be read. */
export function panelPicture({ photo, photos }: PhotoView): File | undefined {
  if (photo.thumbnail === undefined) return undefined;
  const number = photos.indexOf(photo) + 1;
  return {
    name: `photo-${number}-${photo.cropName ?? 'crop'}.jpg`,
    data: photo.thumbnail,
    contentType: 'image/jpeg',
    altText: `The crop of photo ${number}`,
  };
}

function panelText({ job, photos, photo, isCropping }: PhotoView): string {
  const { thumbnail, position, name } = photo;
  const lines = [
    `**Photo ${photos.indexOf(photo) + 1} of ${photos.length}** (${plain(shorten(name, 80))})`,
    verdictText(photo),
    ...(thumbnail === undefined ? [] : [framingText(adjustmentOf(job, position).framing)]),
    ...(thumbnail === undefined || photo.isExcluded ? [] : [howTo]),
    ...(isCropping ? ['This crop is still being cut. Press Refresh in a moment.'] : []),
  ];
  return lines.join('\n');
}

const howTo =
  'The picture is what is sent. The arrows move the square over the photo; zoomed out beyond the photo, its edge goes on blurred.';

function verdictText({ verdict, isExcluded }: StoredPhoto): string {
  switch (verdict.kind) {
    case 'good':
      return '✓ good';
    case 'warning':
      return `! used, but: ${verdict.reason}`;
    case 'refused':
      return isExcluded ? `✕ ${verdict.reason}: press Include to take it in again` : `✕ left out: ${verdict.reason}`;
  }
}

function framingText(framing: ReturnType<typeof adjustmentOf>['framing']): string {
  if (framing === undefined) return 'Cropped as the order says.';
  const { dx, dy, zoomOut } = framing;
  const parts = [
    ...(dx === 0 ? [] : [`${Math.abs(dx)} to the ${dx < 0 ? 'left' : 'right'}`]),
    ...(dy === 0 ? [] : [`${Math.abs(dy)} ${dy < 0 ? 'up' : 'down'}`]),
    ...(zoomOut === 0 ? [] : [`${zoomOut} zoomed out`]),
  ];
  return parts.length === 0
    ? 'Not moved, whatever crop the order takes.'
    : `Moved by hand, in steps: ${parts.join(', ')}.`;
}

function controls(view: PhotoView): Row[] {
  const { photos, photo } = view;
  const edit = (label: string, what: PhotoEdit) => editButton(view, { label, what });
  return [
    buttons(edit('◀ Left', 'left'), edit('▶ Right', 'right'), edit('▲ Up', 'up'), edit('▼ Down', 'down')),
    buttons(
      edit('Zoom out', 'out'),
      edit('Zoom in', 'in'),
      edit('Reset', 'reset'),
      photo.isExcluded ? edit('Include', 'include') : edit('Exclude', 'exclude'),
    ),
    turning(view),
    ...(photos.length > 1 ? menus(view) : []),
  ];
}

interface EditButton {
  readonly label: string;
  readonly what: PhotoEdit;
}

/** Can be pressed where it would change something. */
function editButton({ job, photo }: PhotoView, { label, what }: EditButton): Button {
  const { position, scene, thumbnail, isExcluded } = photo;
  const isHere = thumbnail !== undefined && (isExcluded ? what === 'include' : what !== 'include');
  const changes = () => adjustedBy(what, { position, ...(scene && { scene }) }, job) !== undefined;
  return { label, customId: customId('frame', job.id, `${position}:${what}`), disabled: !isHere || !changes() };
}

function turning({ job, photos, photo, isCropping }: PhotoView): Row {
  const at = photos.indexOf(photo);
  const to = (label: string, other: StoredPhoto | undefined): Button => ({
    label,
    customId: customId('photo', job.id, other?.position ?? `none-${label.toLowerCase()}`),
    disabled: other === undefined,
  });
  return buttons(
    to('Previous', photos[at - 1]),
    to('Next', photos[at + 1]),
    ...(isCropping ? [to('Refresh', photo)] : []),
  );
}

function menus({ job, photos, photo }: PhotoView): Row[] {
  const options = photos.map((one, index) => ({
    label: `Photo ${index + 1}`,
    description: shorten(`${verdictText(one)} (${one.name})`, 100),
    value: String(one.position),
    default: one.position === photo.position,
  }));
  return inMenus(options).map(({ first, options: shown }, index) =>
    select(customId('photo', job.id, `menu-${index}`), `Photos ${first} to ${first + shown.length - 1}`, shown),
  );
}
