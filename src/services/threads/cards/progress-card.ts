import { shorten } from '../../../lib/text.ts';
import type { Review } from '../../jobs/review/review.ts';
import { begunAt, hasEnded, isIn, type Job, type JobIn, type PlaceInQueue } from '../../jobs/state/job.ts';
import { isFree, methods, stageLabel } from '../../modelslab/methods.ts';
import { buttons, colors, type Body, type Button, type Row } from './body.ts';
import { customId } from './custom-id.ts';
import { ago, clockTime, itsWords, placeText, plain, price, title, usualText } from './words.ts';

/** Where an order that was started stands. Its text changes only when something happens: times count by themselves. */
export function progressCard(job: Job, review: Review): Body {
  const { heading, lines, colour } = storyOf(job, review);
  return {
    content: '',
    embeds: [{ title: `${title(job.order.name)}: ${heading}`, description: lines.join('\n'), color: colour }],
    components: controls(job),
  };
}

interface Story {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly colour: number;
}

function storyOf(job: Job, review: Review): Story {
  if (isIn(job, 'training')) return trainingStory(job, review);
  if (isIn(job, 'failed', 'cancelled', 'discarded', 'deleted')) return endStory(job);
  if (isIn(job, 'queued'))
    return { heading: 'waiting', lines: [holdText(job.phase), ...startedLine(job)], colour: colors.calm };
  if (isIn(job, 'sending')) {
    const lines = ['The order is on its way to ModelsLab.', ...cancelLater(job), ...startedLine(job)];
    return { heading: 'sending the order', lines, colour: colors.calm };
  }
  if (isIn(job, 'unknown'))
    return { heading: 'checking', lines: [unknownText(job), ...cancelLater(job)], colour: colors.warning };
  return {
    heading: 'your answer is needed',
    lines: ['I cannot tell whether the order arrived. The question below this card says what to do.'],
    colour: colors.warning,
  };
}

function holdText({ hold, line }: JobIn<'queued'>['phase']): string {
  switch (hold) {
    case 'in-line':
      return inLineText(line);
    case 'provider-silent':
      return 'ModelsLab does not answer at the moment. Nothing has been sent or billed. I keep trying; there is nothing you need to do.';
    case 'provider-busy':
      return 'ModelsLab takes no more orders of this server at the moment. Nothing has been sent or billed. The order is sent as soon as it takes them again; there is nothing you need to do.';
    case 'another-first':
      return 'Another order of this server is being sent. This one follows by itself.';
    case 'list-lags':
    case undefined:
      return 'The photos are being handed over to ModelsLab; then the order is sent. There is nothing you need to do.';
  }
}

function inLineText(line: PlaceInQueue | undefined): string {
  const place = line
    ? `**${placeText(line)}**. ModelsLab takes ${line.slots} orders of this server at a time`
    : 'In line';
  return `${place}: this one is sent by itself when it is its turn. Members take turns. Nothing has been sent or billed; there is nothing you need to do.`;
}

function unknownText({ order, isRestored }: Job): string {
  if (isRestored)
    return 'This bot was restored from a backup, and the order may have been sent after that was made. I look at ModelsLab, and then ask you; it is not sent again by itself, so that nothing is billed twice.';
  const twice = isFree(methods[order.method])
    ? 'it is sent again'
    : 'it is not sent again, so that nothing is billed twice';
  return `The order was sent, but no answer came back. I am looking whether it arrived at ModelsLab; until that is clear ${twice}. In a few minutes it goes on by itself, or I ask you.`;
}

/** An order that is on its way cannot be taken back before its fate is known. */
function cancelLater({ cancelAskedAt }: Job): string[] {
  return cancelAskedAt === undefined ? [] : ['It will be cancelled as soon as it is clear whether it arrived.'];
}

function trainingStory(job: JobIn<'training'>, review: Review): Story {
  const isCancelling = job.cancelAskedAt !== undefined;
  return {
    heading: isCancelling ? 'cancelling' : 'training',
    lines: [...stageLines(job), '', ...startedLine(job), ...etaLine(job, review), ...remarks(job, review)],
    colour: review.overdue || job.trouble > 0 ? colors.warning : colors.calm,
  };
}

/** Stages that follow each other under the same label are one line: "stored" after "storing" says nothing new. */
function stageLines({ order, phase }: JobIn<'training'>): string[] {
  const labels = [...new Set(methods[order.method].stages.map(stageLabel))];
  const label = stageLabel(phase.stage);
  // A stage outside the usual ones tells nothing about the others: it is shown above them, and none is marked as done.
  const current = labels.indexOf(label);
  const lines = labels.map((one, index) =>
    index === current ? currentStage(one) : `${index < current ? '✓' : '·'} ${one}`,
  );
  return current === -1 ? [currentStage(label), ...lines] : lines;
}

/** “now” is for people who hear the card instead of seeing it. The provider may invent stages, of any length. */
function currentStage(label: string): string {
  return `▶ **${plain(shorten(label, 60))}** (now)`;
}

function startedLine({ startedAt }: Job): string[] {
  return startedAt === undefined ? [] : [`Started ${ago(startedAt)}.`];
}

function etaLine(job: Job, { usual, overdue }: Review): string[] {
  if (!usual || overdue) return [];
  const [from, to] = [clockTime(begunAt(job) + usual.fromMs), clockTime(begunAt(job) + usual.toMs)];
  return [`Trainings of this kind took ${usualText(usual)} here: expect it between ${from} and ${to}.`];
}

function remarks({ phase, trouble, refused, cancelAskedAt }: JobIn<'training'>, { overdue }: Review): string[] {
  return [
    ...(cancelAskedAt === undefined ? [] : ['ModelsLab is being asked to cancel. I tell you here how that ends.']),
    ...(phase.cancelRefused === undefined ? [] : [refusedText(phase.cancelRefused)]),
    ...(trouble > 0 ? [troubleText(refused)] : []),
    ...(overdue ? ['It takes longer than usual. You can wait, or press Cancel.'] : []),
  ];
}

/** The training goes on there whatever happens here: only the news of it is missing. */
function troubleText(refused: Job['refused']): string {
  switch (refused) {
    case 'key':
    case 'no-key':
      return 'ModelsLab does not tell how it goes, since this server’s API key is missing or not the one that started it. The training goes on there; ask an admin to set the key again with /config key, and I go on from there.';
    default:
      return 'ModelsLab does not tell how it goes at the moment. The training goes on there; I keep asking, there is nothing you need to do.';
  }
}

function refusedText(said: string): string {
  return `ModelsLab would not cancel it, so it goes on. You can wait, or press Cancel again later.${itsWords(said)}`;
}

function endStory(job: JobIn<'failed' | 'cancelled' | 'discarded' | 'deleted'>): Story {
  if (isIn(job, 'cancelled')) {
    const lines = [cancelledText(job), erasedText(job), 'Use /train to begin again.'];
    return { heading: 'cancelled', lines, colour: colors.grey };
  }
  switch (job.phase.state) {
    case 'failed':
      return { heading: 'failed', lines: [failedText], colour: colors.bad };
    case 'discarded':
      return { heading: 'discarded', lines: [discardedText(job)], colour: colors.grey };
    case 'deleted':
      return { heading: 'deleted', lines: [deletedText], colour: colors.grey };
  }
}

const failedText = 'It could not be trained. The message at the end of its thread says why, and what to do next.';
const deletedText = 'The model is deleted at ModelsLab and cannot be used any more. Use /train to make another one.';

/** An order that is tried again may have been billed for the try before. */
export function discardedText({ attempts }: Job): string {
  const bill = attempts === 0 ? 'Nothing was billed' : 'Nothing more was billed';
  return `${bill}, and the photos are erased. Use /train to begin again.`;
}

/** Crops that were posted for the provider are Discord's to keep: nothing is claimed about them that is not so. */
export function erasedText({ told }: Job): string {
  const posted =
    told.cropIds.length === 0 ? '' : ' The crops posted in the thread stay until a moderator deletes them.';
  return `I have erased the photos.${posted}`;
}

/** What cancelling means for the bill: only what is certain. */
export function cancelledText(job: JobIn<'cancelled'>): string {
  const method = methods[job.order.method];
  if (isFree(method)) return 'It was free, so there is no bill.';
  if (job.phase.unclear) return notOurs;
  if (job.phase.trainingId === undefined) return 'It never reached ModelsLab: nothing was billed.';
  if (method.price.per === 'hour') return `${job.cancelAskedAt === undefined ? endedThere : ''}${billedByTheHour}`;
  return `ModelsLab charges ${price(method.price)} when a training begins, and does not say whether it gives that back: its billing page shows it.`;
}

const billedByTheHour =
  'ModelsLab bills this kind by the hour until it ends: its billing page shows how much that was.';
/** It was not asked for here, and the provider has one word for both. */
const endedThere = 'It ended at ModelsLab without a model: it was stopped there, or never got ready for use. ';
const notOurs =
  'I do not follow it any further. If it did arrive at ModelsLab it may be billed: its billing page shows it.';

function controls(job: Job): Row[] {
  if (hasEnded(job) || isIn(job, 'asking')) return [];
  const cancel = {
    label: 'Cancel',
    customId: customId('cancel', job.id),
    style: 'danger',
    disabled: job.cancelAskedAt !== undefined,
  } as const;
  return [isIn(job, 'training') ? buttons(cancel, detailsButton(job)) : buttons(cancel)];
}

/** Opens the provider's log. */
export function detailsButton({ id }: Job): Button {
  return { label: 'Details', customId: customId('details', id) };
}
