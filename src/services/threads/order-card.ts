import type { APIEmbedField } from 'discord.js';
import { blockedText, type Review } from '../jobs/review.ts';
import type { Job } from '../jobs/job.ts';
import { methods, stepsFor } from '../modelslab/methods.ts';
import type { CropStrategy } from '../photos/photo.ts';
import { buttons, colours, select, type Body, type Row } from './body.ts';
import { customId } from './custom-id.ts';
import { count, price, title, usualText } from './words.ts';

const cropLabels: Readonly<Record<CropStrategy, string>> = {
  attention: 'Crop: where the picture draws the eye',
  centre: 'Crop: the middle',
  entropy: 'Crop: where there is most detail',
};

/** What will be trained, what it costs, and the buttons that change or start it. Nothing is billed before Start. */
export function orderCard(job: Job, review: Review): Body {
  const { order } = job;
  const cost = methods[order.method].priceUsd;
  const bill = cost === 0 ? 'This method is free.' : 'Nothing is billed until you press Start.';
  const blocked = review.blockers.map((blocker) => `⚠ ${blockedText(blocker)}`);
  return {
    content: '',
    embeds: [
      {
        title: `Train ${title(order.name)}`,
        description: [bill, ...blocked, ...adviceOn(job, review)].join('\n'),
        color: review.blockers.length > 0 ? colours.warning : colours.calm,
        fields: fieldsOf(job, review),
        footer: {
          text: 'By pressing Start you confirm that the photos are yours or that you have permission to use them, and that everybody in them is an adult.',
        },
      },
    ],
    components: controls(job, review),
  };
}

function adviceOn({ order }: Job, { usable, blockers }: Review): string[] {
  const { recommended } = methods[order.method].photos;
  if (blockers.length > 0 || usable >= recommended) return [];
  return [
    `${count(usable, 'photo')} will do; ${recommended} or more with different poses and places make a better model.`,
  ];
}

function fieldsOf({ order }: Job, review: Review): APIEmbedField[] {
  const method = methods[order.method];
  const steps = stepsFor(method, review.usable, order.steps);
  const usual = review.usual ? usualText(review.usual) : 'not known yet';
  const cost = method.priceUsd === 0 ? 'free' : `${price(method.priceUsd)} from this server’s ModelsLab wallet`;
  const field = (name: string, value: string): APIEmbedField => ({ name, value, inline: true });
  return [
    field('Photos', photosText(review)),
    field('Price', cost),
    field('Usual time', usual),
    field('Method', method.label),
    field('Subject', order.subject),
    field('Trigger word', `\`${order.trigger}\``),
    field('Steps', order.steps === undefined ? `${steps} (by the number of photos)` : String(steps)),
    field('Seed', order.seed === undefined ? 'random' : String(order.seed)),
    ...(method.baseModel ? [field('Base model', `\`${order.baseModel ?? method.baseModel.byDefault}\``)] : []),
  ];
}

function photosText({ photos, usable }: Review): string {
  const warned = photos.filter(({ verdict }) => verdict.kind === 'warning').length;
  const refused = photos.length - usable;
  const parts = [
    `${usable - warned} good`,
    ...(warned > 0 ? [`${warned} with a warning`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return parts.join(', ');
}

function controls({ id, order, orderRev }: Job, { blockers, photos }: Review): Row[] {
  // A missing key is put right by somebody else, who does not touch this card: Start itself looks again.
  const isBlocked = blockers.some(({ kind }) => kind !== 'no-key');
  const cost = methods[order.method].priceUsd;
  return [
    buttons(
      {
        label: `Start (${price(cost)})`,
        customId: customId('start', id, orderRev),
        style: 'main',
        disabled: isBlocked,
      },
      { label: 'Add photos', customId: customId('add', id) },
      { label: 'Remove photos', customId: customId('remove', id), disabled: photos.length === 0 },
      { label: 'Settings', customId: customId('settings', id) },
      { label: 'Discard', customId: customId('discard', id), style: 'danger' },
    ),
    select(
      customId('method', id),
      'Method',
      Object.values(methods).map((method) => ({
        label: `${method.label}, ${price(method.priceUsd)}`,
        value: method.id,
        default: method.id === order.method,
      })),
    ),
    select(
      customId('crop', id),
      'Crop',
      Object.entries(cropLabels).map(([value, label]) => ({ label, value, default: value === order.crop })),
    ),
  ];
}
