import { hasEnded, isIn, type Job, type JobIn } from '../jobs/job.ts';
import type { Review } from '../jobs/review.ts';
import { methods } from '../modelslab/methods.ts';
import { stageLabel } from '../modelslab/stages.ts';
import { buttons, colours, type Body } from './body.ts';
import { customId } from './custom-id.ts';
import { failureText } from './failure-text.ts';
import { cancelledText } from './progress-card.ts';
import { price, promptFor, title } from './words.ts';

/** A message of its own, since an edit notifies nobody. `key` names it once per round of a job. */
export interface News {
  readonly key: string;
  readonly body: Body;
}

/** What the owner must hear about a job that was not posted yet. Pure. */
export function dueNews(job: Job, review: Review): News | undefined {
  const news = newsOf(job, review);
  return news === undefined || job.told.news.includes(news.key) ? undefined : news;
}

function newsOf(job: Job, review: Review): News | undefined {
  if (isIn(job, 'asking')) return { key: `asking-${job.attempts}`, body: question(job) };
  if (review.overdue && isIn(job, 'training')) return { key: 'overdue', body: overdue(job) };
  if (!hasEnded(job) || isIn(job, 'deleted')) return undefined;
  if (isIn(job, 'discarded')) return job.phase.why === 'silence' ? { key: 'end', body: expired(job) } : undefined;
  return { key: 'end', body: endOf(job) };
}

function endOf(job: JobIn<'ready' | 'failed' | 'cancelled'>): Body {
  if (isIn(job, 'ready')) return ready(job);
  return isIn(job, 'failed') ? failed(job) : cancelled(job);
}

function ready(job: JobIn<'ready'>): Body {
  const { order, phase, id } = job;
  const method = methods[order.method];
  const base = method.baseModel ? ` on \`${order.baseModel ?? method.baseModel.byDefault}\`` : '';
  return {
    content: `<@${job.ownerId}> ${title(order.name)} is ready.`,
    embeds: [
      {
        title: order.name,
        color: colours.good,
        fields: [
          { name: 'Model id', value: `\`${phase.trainingId}\`` },
          { name: 'Trigger word', value: `\`${order.trigger}\``, inline: true },
          { name: 'Made with', value: `${method.label}${base}`, inline: true },
          { name: 'A prompt to copy', value: `\`\`\`\n${promptFor(order.trigger, order.subject)}\n\`\`\`` },
          {
            name: 'How to use it',
            value:
              'At modelslab.com choose this model id and put the trigger word into your prompt. The photos have been erased from this bot.',
          },
        ],
        ...(phase.sampleUrl !== undefined && { image: { url: phase.sampleUrl } }),
      },
    ],
    components: [buttons({ label: 'Delete model', customId: customId('delete', id), style: 'danger' })],
  };
}

function failed(job: JobIn<'failed'>): Body {
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} could not be trained.`,
    embeds: [
      {
        description: failureText(job.phase.failure),
        color: colours.bad,
        footer: {
          text: 'Photos and settings are kept for 24 hours. Try again shows the order once more; nothing is billed until you press Start.',
        },
      },
    ],
    components: [buttons({ label: 'Try again', customId: customId('retry', job.id), style: 'main' })],
  };
}

function cancelled(job: JobIn<'cancelled'>): Body {
  const description = `${cancelledText(job)}\nThe photos have been erased. Use /train to begin again.`;
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} was cancelled.`,
    embeds: [{ description, color: colours.grey }],
    components: [],
  };
}

function expired(job: Job): Body {
  const description =
    'Nobody touched this order for an hour, so I discarded it and erased its photos. Nothing was billed. Use /train to begin again.';
  return {
    content: `<@${job.ownerId}> The order for ${title(job.order.name)} has expired.`,
    embeds: [{ description, color: colours.grey }],
    components: [],
  };
}

function overdue(job: JobIn<'training'>): Body {
  const description = `ModelsLab still says “${stageLabel(job.phase.stage)}”. I keep asking and tell you here when that changes. You can wait, or press Cancel on the card above.`;
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} takes longer than usual.`,
    embeds: [{ description, color: colours.warning }],
    components: [],
  };
}

function question(job: JobIn<'asking'>): Body {
  const { candidates } = job.phase;
  const cost = price(methods[job.order.method].priceUsd);
  const found =
    candidates.length === 0
      ? []
      : [`It may be one of these, which are new there: ${candidates.map((id) => `\`${id}\``).join(', ')}.`];
  const lines = [
    'The order was sent, but no answer came back, and I cannot tell from here whether it arrived. Look at the trainings on modelslab.com, then choose:',
    ...found,
    '**It is training**: you see it there. Give me its id, and I follow it.',
    `**Send again**: it is not there. If it did arrive after all, this costs another ${cost}.`,
    '**Drop**: leave it.',
  ];
  return {
    content: `<@${job.ownerId}> ${title(job.order.name)} needs your answer.`,
    embeds: [{ description: lines.join('\n'), color: colours.warning }],
    components: [
      buttons(
        { label: 'It is training', customId: customId('is-training', job.id), style: 'main' },
        { label: `Send again, may cost ${cost}`, customId: customId('resend', job.id) },
        { label: 'Drop', customId: customId('drop', job.id), style: 'danger' },
      ),
    ],
  };
}
