import type { APIEmbed, APIEmbedField } from 'discord-api-types/v10';
import { shorten } from '../../../lib/text.ts';
import { blockedText, isShort, type Review } from '../../jobs/review/review.ts';
import type { Job } from '../../jobs/state/job.ts';
import { isFree, methods } from '../../modelslab/methods.ts';
import { defaultText, moreSettings, settingNames, valueOf, type Setting } from '../../modelslab/settings.ts';
import type { CropStrategy } from '../../photos/photo.ts';
import { buttons, colors, select, type Body, type Row } from './body.ts';
import { customId } from './custom-id.ts';
import { count, dollars, plain, price, title, usualText } from './words.ts';

const cropLabels: Readonly<Record<CropStrategy, string>> = {
  attention: 'Crop: where the picture draws the eye',
  centre: 'Crop: the middle',
  entropy: 'Crop: where there is most detail',
};

/** What will be trained, what it costs, and the buttons that change or start it. Nothing is billed before Start. */
export function orderCard(job: Job, review: Review): Body {
  const { order } = job;
  const bill = isFree(methods[order.method]) ? 'This method is free.' : 'Nothing is billed until you press Start.';
  const warnings = [
    ...restoredWarning(job),
    ...review.blockers.map(blockedText),
    ...walletWarning(job),
    ...baseModelWarning(job, review),
  ];
  return {
    content: '',
    embeds: [
      {
        title: `Train ${title(order.name)}`,
        description: [bill, ...warnings.map((text) => `⚠ ${text}`), ...adviceOn(job, review)].join('\n'),
        color: warnings.length > 0 ? colors.warning : colors.calm,
        fields: fieldsOf(job, review),
        ...confirmed(review),
      },
    ],
    components: controls(job, review),
  };
}

/** Whether Start was pressed after the backup was made is not known here. */
function restoredWarning({ isRestored }: Job): string[] {
  if (!isRestored) return [];
  return [
    'This bot was restored from a backup. If you had started this order already, it is training, and pressing Start again is billed again: have an admin look at modelslab.com first.',
  ];
}

/** Only a warning: the list that is known may be hours old. */
function baseModelWarning({ order: { baseModel = '' } }: Job, { isBaseModelListed }: Review): string[] {
  if (isBaseModelListed !== false) return [];
  return [
    `ModelsLab does not list a base model called \`${baseModel}\`, and may refuse the order. Press Settings to name another one, or leave the field empty for the method’s own.`,
  ];
}

/** Start stays open: credit may have been added since the wallet was asked. */
function walletWarning(job: Job): string[] {
  const { usd = 0 } = job.wallet ?? {};
  if (!isShort(job)) return [];
  const cost = methods[job.order.method].price;
  const held = usd > 0 ? `held ${dollars(wholeCents(usd))}` : 'was empty';
  const needed = cost.per === 'hour' ? 'is billed by the hour' : `costs ${dollars(cost.usd)}`;
  return [
    `This server’s ModelsLab wallet ${held} when I last looked, and this training ${needed}: ModelsLab would refuse it, and bill nothing. Ask an admin to add credit at modelslab.com, then press Start.`,
  ];
}

/** Rounded up, 99.9 cents would read as the dollar that is missing. */
function wholeCents(usd: number): number {
  return Math.floor(Math.round(usd * 1e4) / 100) / 100;
}

function adviceOn({ order }: Job, { usable, blockers }: Review): string[] {
  const { recommended } = methods[order.method].photos;
  if (blockers.length > 0 || usable >= recommended) return [];
  return [
    `${count(usable, 'photo')} will do. A better model comes of ${recommended} or more, with different poses and places.`,
  ];
}

/** What decides about pressing Start has fields of its own; a phone shows each of them as two lines. */
function fieldsOf({ order }: Job, review: Review): APIEmbedField[] {
  const usual = review.usual ? `${usualText(review.usual)}, as trainings here took before` : 'not known yet';
  const method = methods[order.method];
  const cost = isFree(method) ? 'free' : `${price(method.price)} from this server’s ModelsLab wallet`;
  return [
    { name: 'Photos', value: photosText(review), inline: true },
    { name: 'Price', value: cost, inline: true },
    { name: 'Usual time', value: usual, inline: true },
    { name: 'Settings', value: settingsText(order, review) },
    ...(review.confirmedAt === undefined ? [confirmationAsked] : []),
  ];
}

const rights =
  'the photos that you train on in this server are your own, or that you have permission to use them, also of everybody in them; and that everybody in them is an adult';

/** Right above the buttons of a member's first order, whose Start answers it. */
const confirmationAsked: APIEmbedField = {
  name: 'Please confirm, once for all your orders here',
  value: `By pressing **Start** you confirm that ${rights}. The time is noted, and you are not asked again.`,
};

/** Discord shows the time beside the footer. */
function confirmed({ confirmedAt }: Review): Pick<APIEmbed, 'footer' | 'timestamp'> {
  if (confirmedAt === undefined) return {};
  return { footer: { text: `You confirmed that ${rights}` }, timestamp: new Date(confirmedAt).toISOString() };
}

function settingsText(order: Job['order'], { usable }: Review): string {
  const method = methods[order.method];
  return [
    `Method: **${method.label}**`,
    `Subject: **${order.subject}**`,
    `Trigger word: \`${order.trigger}\` (you will write it into your prompts)`,
    ...method.settings.map((setting) => settingLine(setting, order, usable)),
  ].join('\n');
}

/** The value that will be sent, and whether it is the member's choice. */
function settingLine(setting: Setting, order: Job['order'], photoCount: number): string {
  const value = valueOf(methods[order.method], setting.id, { chosen: order, photoCount });
  const name = settingNames[setting.id];
  if (value === undefined) return `${name}: **${defaultText(setting)}**`;
  const shown = setting.kind === 'model' ? `\`${value}\`` : `**${plain(shorten(String(value), 80))}**`;
  return `${name}: ${shown}${order[setting.id] === undefined ? ` (${unchosenText(setting)})` : ''}`;
}

function unchosenText(setting: Setting): string {
  return setting.kind === 'number' && setting.perPhoto !== undefined ? defaultText(setting) : 'the method’s own';
}

function photosText({ photos, usable }: Review): string {
  const warned = photos.filter(({ verdict }) => verdict.kind === 'warning').length;
  const refused = photos.length - usable;
  const parts = [
    `${usable - warned} good`,
    ...(warned > 0 ? [`${warned} with a warning`] : []),
    ...(refused > 0 ? [`${refused} left out`] : []),
  ];
  return parts.join(', ');
}

function controls({ id, order, orderRev }: Job, { blockers, photos, confirmedAt }: Review): Row[] {
  // A missing key is put right by somebody else, and a limit by time: neither touches this card. Start itself looks again.
  const isBlocked = blockers.some(({ kind }) => kind !== 'no-key' && kind !== 'limit');
  const cost = methods[order.method].price;
  const more = { label: 'More settings', customId: customId('settings', id, 'more') };
  return [
    buttons(
      {
        label: `Start (${price(cost)})${confirmedAt === undefined ? ', I confirm' : ''}`,
        customId: customId('start', id, orderRev),
        style: 'main',
        disabled: isBlocked,
      },
      { label: 'Add photos', customId: customId('add', id) },
      { label: 'Remove photos', customId: customId('remove', id), disabled: photos.length === 0 },
      { label: 'Adjust photos', customId: customId('adjust', id), disabled: photos.length === 0 },
    ),
    buttons(
      { label: 'Settings', customId: customId('settings', id) },
      ...(moreSettings(methods[order.method]).length === 0 ? [] : [more]),
      { label: 'Discard', customId: customId('discard', id), style: 'danger' },
    ),
    select(
      customId('method', id),
      'Method',
      Object.values(methods).map((method) => ({
        label: `${method.label}, ${price(method.price)}`,
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
