import type { Hold, Job, JobIn } from '../jobs/job.ts';
import { hasEnded, isIn } from '../jobs/job.ts';
import type { Review } from '../jobs/review.ts';
import { methods } from '../modelslab/methods.ts';
import { stageLabel } from '../modelslab/stages.ts';
import { buttons, colours, type Body, type Row } from './body.ts';
import { customId } from './custom-id.ts';
import { ago, clockTime, price, quote, title } from './words.ts';

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
  if (hasEnded(job)) return endStory(job);
  if (isIn(job, 'queued'))
    return { heading: 'waiting', lines: [holdText(job.phase.hold), ...startedLine(job)], colour: colours.calm };
  if (isIn(job, 'sending'))
    return {
      heading: 'sending the order',
      lines: ['The order is on its way to ModelsLab.', ...startedLine(job)],
      colour: colours.calm,
    };
  if (isIn(job, 'unknown')) return { heading: 'checking', lines: [unknownText(job)], colour: colours.warning };
  return {
    heading: 'your answer is needed',
    lines: ['Nobody can tell whether the order arrived. The question below this card says what to do.'],
    colour: colours.warning,
  };
}

function holdText(hold: Hold | undefined): string {
  switch (hold) {
    case 'provider-silent':
      return 'ModelsLab does not answer at the moment. Nothing has been sent or billed; I keep trying, there is nothing you need to do.';
    case 'provider-busy':
      return 'ModelsLab’s queue for this server is full. Nothing has been sent or billed; the order is sent as soon as there is room.';
    case 'another-first':
      return 'Another order of this server is being sent; this one is next.';
    case 'list-lags':
    case undefined:
      return 'The photos are being handed over; then the order is sent.';
  }
}

function unknownText({ order }: Job): string {
  const twice =
    methods[order.method].priceUsd === 0 ? 'it is sent again' : 'it is not sent again, so that nothing is billed twice';
  return `The order left, but no answer came back. I am looking at ModelsLab whether it arrived; until that is clear ${twice}.`;
}

function trainingStory(job: JobIn<'training'>, review: Review): Story {
  const isCancelling = job.cancelAskedAt !== undefined;
  return {
    heading: isCancelling ? 'cancelling' : 'training',
    lines: [...stageLines(job), '', ...startedLine(job), ...etaLine(job, review), ...remarks(job, review)],
    colour: review.overdue || job.trouble > 0 ? colours.warning : colours.calm,
  };
}

/** Stages that follow each other under the same label are one line: nobody needs to see "stored" after "storing". */
function stageLines({ order, phase }: JobIn<'training'>): string[] {
  const labels = [...new Set(methods[order.method].stages.map(stageLabel))];
  const label = stageLabel(phase.stage);
  // A stage outside the usual ones tells nothing about the others: it is shown above them, and none is marked as done.
  const current = labels.indexOf(label);
  const lines = labels.map((one, index) =>
    index === current ? `▶ **${one}**` : `${index < current ? '✓' : '·'} ${one}`,
  );
  return current === -1 ? [`▶ **${label}**`, ...lines] : lines;
}

function startedLine({ startedAt }: Job): string[] {
  return startedAt === undefined ? [] : [`Started ${ago(startedAt)}.`];
}

function etaLine({ startedAt }: Job, { usual, overdue }: Review): string[] {
  if (!usual || startedAt === undefined || overdue) return [];
  return [
    `Going by earlier trainings here it is ready between ${clockTime(startedAt + usual.fromMs)} and ${clockTime(startedAt + usual.toMs)}.`,
  ];
}

function remarks({ phase, trouble, cancelAskedAt }: JobIn<'training'>, { overdue }: Review): string[] {
  return [
    ...(cancelAskedAt === undefined ? [] : ['ModelsLab is being asked to cancel.']),
    ...(phase.cancelRefused === undefined
      ? []
      : [`ModelsLab would not cancel it, so it goes on. Its words:\n${quote(phase.cancelRefused)}`]),
    ...(trouble > 0
      ? ['ModelsLab does not tell how it goes at the moment. The training goes on there; I keep asking.']
      : []),
    ...(overdue ? ['It takes longer than usual. You can wait, or cancel it.'] : []),
  ];
}

function endStory(job: JobIn<'ready' | 'failed' | 'cancelled' | 'discarded' | 'deleted'>): Story {
  if (isIn(job, 'cancelled')) {
    const lines = [cancelledText(job), 'The photos have been erased.'];
    return { heading: 'cancelled', lines, colour: colours.grey };
  }
  switch (job.phase.state) {
    case 'ready':
      return {
        heading: 'ready',
        lines: ['The model is ready: everything about it stands in the message below.'],
        colour: colours.good,
      };
    case 'failed':
      return {
        heading: 'failed',
        lines: ['It could not be trained: the message below says why, and what to do.'],
        colour: colours.bad,
      };
    case 'discarded':
      return {
        heading: 'discarded',
        lines: ['Nothing was billed, and the photos have been erased. Use /train to begin again.'],
        colour: colours.grey,
      };
    case 'deleted':
      return {
        heading: 'deleted',
        lines: ['The model was deleted at ModelsLab and cannot be used any more.'],
        colour: colours.grey,
      };
  }
}

/** What cancelling means for the bill: only what is certain. */
export function cancelledText(job: JobIn<'cancelled'>): string {
  const cost = methods[job.order.method].priceUsd;
  if (cost === 0) return 'It was free, so there is no bill.';
  if (job.phase.trainingId === undefined)
    return job.attempts === 0 ? 'It had not been sent yet: nothing was billed.' : notOurs;
  return `ModelsLab charges ${price(cost)} when a training begins, and does not say whether it gives that back: its billing page shows it.`;
}

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
  const details = { label: 'Details', customId: customId('details', job.id) };
  return [isIn(job, 'training') ? buttons(cancel, details) : buttons(cancel)];
}
