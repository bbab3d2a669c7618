import type { JobIn, Order } from '../../jobs/state/job.ts';
import { promptFor } from '../../jobs/state/order.ts';
import { readyRequest } from '../../modelslab/calls.ts';
import { methods } from '../../modelslab/methods.ts';
import { findSetting } from '../../modelslab/settings.ts';
import { buttons, colors, type Body, type Row } from './body.ts';
import { customId } from './custom-id.ts';
import { picturesUnderWay } from './pictures-news.ts';
import { erasedText } from './progress-card.ts';
import { codeBlock, title } from './words.ts';

/** A finished model with all that one needs to use it: in its thread, at the end of it, and in answers to commands. */
export function modelCard(job: JobIn<'ready'>): Body {
  const { order, phase } = job;
  const base = baseOf(order);
  const underWay = picturesUnderWay(job);
  return {
    content: '',
    embeds: [
      {
        title: `${title(order.name)}: ready`,
        ...(underWay !== undefined && { description: underWay }),
        color: colors.good,
        fields: [
          { name: 'Model id', value: `\`${phase.trainingId}\`` },
          { name: 'Trigger word', value: `\`${order.trigger}\``, inline: true },
          { name: 'Made with', value: methods[order.method].label, inline: true },
          ...(base === undefined ? [] : [{ name: 'Base', value: base, inline: true }]),
          { name: 'A prompt to copy', value: codeBlock(promptFor(order)) },
          { name: 'How to use it', value: usageOf(order) },
        ],
        footer: { text: erasedText(job) },
      },
    ],
    components: controls(job),
  };
}

/** What the model is used together with, or was made from. */
function baseOf({ method, baseModel }: Order): string | undefined {
  const { addedTo } = methods[method].result;
  if (addedTo) return `\`${addedTo.id}\` (${addedTo.label})`;
  const chosen = baseModel ?? findSetting(methods[method], 'baseModel')?.byDefault;
  return chosen === undefined ? undefined : `\`${chosen}\``;
}

function usageOf({ method, trigger }: Order): string {
  const base = methods[method].result.addedTo?.label;
  const choice =
    base === undefined
      ? 'Choose the model id above as the model.'
      : `Choose a model of the kind ${base}, and add the model id above to it as a LoRA.`;
  return [
    '1. Open modelslab.com with the account that pays for this server; its admins know which.',
    `2. ${choice}`,
    `3. Paste the prompt. Whatever you write there, keep \`${trigger}\` in it: that word calls what you trained.`,
  ].join('\n');
}

function controls(job: JobIn<'ready'>): Row[] {
  const { id, order } = job;
  const { draws, isListed } = methods[order.method].result;
  const isBusy = picturesUnderWay(job) !== undefined;
  const pictures = { label: 'Sample pictures', customId: customId('pictures', id), disabled: isBusy };
  const request = { label: 'Ready request', customId: customId('request', id) };
  const remove = { label: 'Delete model', customId: customId('delete', id), style: 'danger' } as const;
  const offered = [...(draws ? [pictures, request] : []), ...(isListed ? [remove] : [])];
  return offered.length === 0 ? [] : [buttons(...offered)];
}

/** The request that uses a model, for people who write programs. */
export interface RequestToCopy {
  readonly words: string;
  readonly json: string;
}

/** Where the provider gives a request itself, that one: it knows best. */
export function requestToCopy({ order, phase }: JobIn<'ready'>): RequestToCopy {
  const { url, body } = readyRequest({
    method: order.method,
    trainingId: phase.trainingId,
    prompt: promptFor(order),
    count: 1,
  });
  const name = title(order.name);
  const advice = 'Put your own ModelsLab API key into it; ModelsLab bills each picture to that key.';
  return phase.usage === undefined
    ? {
        words: `For programs: send this as JSON to \`POST ${url}\` to have a picture made with ${name}. ${advice}`,
        json: body,
      }
    : { words: `For programs: this is how ModelsLab itself says that ${name} is used. ${advice}`, json: phase.usage };
}
