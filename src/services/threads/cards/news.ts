import { shorten } from '../../../lib/text.ts';
import type { Review } from '../../jobs/review/review.ts';
import {
  earlierCallKey,
  hasArrived,
  hasEnded,
  isIn,
  type Job,
  type JobIn,
  type Sighting,
} from '../../jobs/state/job.ts';
import { methods, stageLabel, type Price } from '../../modelslab/methods.ts';
import { buttons, colors, type Body } from './body.ts';
import { customId } from './custom-id.ts';
import { failureText } from './failure-text.ts';
import { modelCard } from './model-card.ts';
import { picturesNews } from './pictures-news.ts';
import { cancelledText, discardedText, erasedText } from './progress-card.ts';
import { ago, plain, price, title } from './words.ts';

/** A message of its own, since an edit does not notify. `key` names it once per round of a job. */
export interface News {
  readonly key: string;
  readonly body: Body;
  /** What to post instead where Discord refuses a picture's address; absent: the same with its pictures left out. */
  readonly withoutPictures?: Body;
}

/** What the owner must hear next about a job, of what was not posted yet. Pure. */
export function dueNews(job: Job, review: Review): News | undefined {
  return [newsOf(job, review), lateCall(job), earlierCall(job), picturesNews(job)].find(
    (news) => news && !job.told.news.includes(news.key),
  );
}

function newsOf(job: Job, review: Review): News | undefined {
  if (isIn(job, 'asking')) return { key: `asking-${job.attempts}`, body: question(job) };
  if (review.overdue && isIn(job, 'training')) return { key: `overdue-${job.orderRev}`, body: overdue(job) };
  if (!hasEnded(job) || isIn(job, 'deleted')) return undefined;
  if (isIn(job, 'discarded')) return job.phase.why === 'silence' ? { key: endKey(job), body: expired(job) } : undefined;
  return { key: endKey(job), body: endOf(job) };
}

/** Each round of an order ends once: what was noted for an earlier one does not count. */
function endKey({ orderRev }: Job): string {
  return `end-${orderRev}`;
}

function endOf(job: JobIn<'ready' | 'failed' | 'cancelled'>): Body {
  if (isIn(job, 'ready')) return ready(job);
  return isIn(job, 'failed') ? failed(job) : cancelled(job);
}

function ready(job: JobIn<'ready'>): Body {
  const card = modelCard(job);
  const { sampleUrl } = job.phase;
  const sample = sampleUrl !== undefined && {
    description: 'The picture below is ModelsLab’s first one made with it.',
    image: { url: sampleUrl },
  };
  return {
    ...card,
    content: `<@${job.ownerId}> ${title(job.order.name)} is ready.`,
    embeds: card.embeds.map((embed) => ({ ...embed, ...sample })),
  };
}

function failed(job: JobIn<'failed'>): Body {
  // Elsewhere the order could not be shown again: Try again would lead nowhere.
  const canRetry = job.told.place === 'thread';
  const [advice, footer] = canRetry ? ['', retryText] : [`\n${noThreadText}`, erasedLaterText];
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} could not be trained.`,
    embeds: [
      {
        description: `${failureText(job.phase.failure, job)}${advice}`,
        color: colors.bad,
        footer: { text: footer },
      },
    ],
    components: canRetry ? [buttons({ label: 'Try again', customId: customId('retry', job.id), style: 'main' })] : [],
  };
}

const retryText =
  'Photos and settings are kept for 24 hours. Try again shows the order once more; nothing is billed until you press Start.';
const noThreadText =
  'The thread of this order is gone, so it cannot be tried again there. Use /train with your photos.';
const erasedLaterText = 'The photos of this order are erased after 24 hours.';

function cancelled(job: JobIn<'cancelled'>): Body {
  const description = `${cancelledText(job)}\n${erasedText(job)} Use /train to begin again.`;
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} was cancelled.`,
    embeds: [{ description, color: colors.grey }],
    components: [],
  };
}

/** The end was told before, and was wrong about one thing. */
function lateCall(job: Job): News | undefined {
  if (job.lateCallAt === undefined || !isIn(job, 'failed', 'cancelled')) return undefined;
  const description = [
    `ModelsLab has called about this order after all: a training seems to run there, and ${billed(methods[job.order.method].price)}. I do not follow it any more.`,
    'Look at the trainings on modelslab.com (an admin can): the model is there once it is finished, or stop the training there. Before this order is sent once more, look there first.',
  ].join('\n');
  const content = `<@${job.ownerId}> ${title(job.order.name)} seems to be training, although I took it for not sent.`;
  return {
    key: `late-call-${job.orderRev}`,
    body: { content, embeds: [{ description, color: colors.warning }], components: [] },
  };
}

/** Of several each is told by itself: first the one that was not yet. */
function earlierCall(job: Job): News | undefined {
  const call = job.earlierCalls?.find((one) => one.named === undefined && !job.told.news.includes(earlierCallKey(one)));
  if (!call) return undefined;
  const which =
    call.trainingId === undefined
      ? 'The call names no training that ModelsLab knows.'
      : `It is the training \`${plain(call.trainingId)}\`, as ModelsLab says.`;
  const description = [
    `ModelsLab has called about attempt ${call.attempt} of this order, which I had given up: a training seems to run for it, and ${billed(methods[call.method].price)}, beside what was sent after it. ${which} I do not follow it.`,
    'Look at the trainings on modelslab.com (an admin can): stop the one that you do not want there, or use both. It counts towards the limits of this server.',
  ].join('\n');
  const content = `<@${job.ownerId}> ${title(job.order.name)} may be training twice.`;
  return {
    key: earlierCallKey(call),
    body: { content, embeds: [{ description, color: colors.warning }], components: [] },
  };
}

function billed(asked: Price): string {
  return asked.per === 'hour' ? 'it is billed by the hour' : `it may be billed (${price(asked)})`;
}

function expired(job: Job): Body {
  const description = `Nobody pressed anything on this order for an hour, so I discarded it. ${discardedText(job)}`;
  return {
    content: `<@${job.ownerId}> The order for ${title(job.order.name)} has expired.`,
    embeds: [{ description, color: colors.grey }],
    components: [],
  };
}

function overdue(job: JobIn<'training'>): Body {
  const description = `ModelsLab still says “${plain(shorten(stageLabel(job.phase.stage), 60))}”. I keep asking, and tell you here how it ends. You can wait, or use /cancel.`;
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} takes longer than usual.`,
    embeds: [{ description, color: colors.warning }],
    components: [],
  };
}

/** As many as a person can look up. */
const candidatesShown = 5;

/** What only a person can decide, with the answers as buttons. */
export function question(job: JobIn<'asking'>): Body {
  const cost = costOfAnother(methods[job.order.method].price);
  const lines = [
    `${whatHappened(job)}, and ${hasArrived(job) ? knownToBeThere : notKnown}.`,
    ...newThere(job),
    'Look at the trainings on modelslab.com (an admin can), then choose:',
    '• **It is training**: you see it there. Give me its id, and I follow it.',
    `• **Send again**: you do not see it there. If it did arrive after all, ${cost.sentence}.`,
    '• **Drop**: leave it. I erase the photos and do not look at it any more. After a week without an answer I do that by myself.',
  ];
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} needs your answer.`,
    embeds: [{ description: lines.join('\n'), color: colors.warning }],
    components: [
      buttons(
        { label: 'It is training', customId: customId('is-training', job.id, job.attempts), style: 'main' },
        { label: `Send again, may ${cost.label}`, customId: customId('resend', job.id, job.attempts) },
        { label: 'Drop', customId: customId('drop', job.id, job.attempts), style: 'danger' },
      ),
    ],
  };
}

/** What may be it. Another user of the account may have begun it as well: nothing there tells whose it is. */
function newThere({ phase: { candidates, sightings = [] } }: JobIn<'asking'>): readonly string[] {
  const shown = candidates.slice(0, candidatesShown).map((id) => {
    const sighting = sightings.find(({ trainingId }) => trainingId === id);
    return `- ${asCode(id)}${sighting ? whatIsKnown(sighting) : ''}`;
  });
  const others = candidates.length > shown.length ? ['- and others'] : [];
  if (candidates.length === 0) return [];
  const which =
    candidates.length === 1
      ? 'One training is new there. It may be this one,'
      : 'Several trainings are new there. One of them may be this one,';
  return [`${which} or somebody else who uses the same account began it:`, ...shown, ...others];
}

function whatIsKnown({ seenAt, stage }: Sighting): string {
  const said = stage === undefined ? '' : `, “${plain(shorten(stageLabel(stage), 60))}”`;
  return `: first seen ${ago(seenAt)}${said}`;
}

function costOfAnother(asked: Price): { readonly sentence: string; readonly label: string } {
  return asked.per === 'hour'
    ? { sentence: 'both are billed by the hour', label: 'be billed twice' }
    : { sentence: `this costs another ${price(asked)}`, label: `cost ${price(asked)}` };
}

function whatHappened({ isRestored }: Job): string {
  return isRestored
    ? 'The person who runs this bot restored it from a backup. This order may have been sent after that was made'
    : 'The order was sent, but no answer came back that says whether it was accepted';
}

const notKnown = 'I cannot tell from here whether it arrived';
const knownToBeThere =
  'ModelsLab has called about it since: it did arrive, but I cannot tell from here which training it is';

function asCode(id: string): string {
  return `\`${id.replaceAll('`', '')}\``;
}
