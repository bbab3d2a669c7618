import { AttachmentBuilder } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { PictureChoice } from '../services/jobs/desk/picture-orders.ts';
import { isIn, type JobIn } from '../services/jobs/state/job.ts';
import { promptFor } from '../services/jobs/state/order.ts';
import { pictureCounts } from '../services/jobs/state/picture-round.ts';
import { buttons } from '../services/threads/cards/body.ts';
import { customId, type CustomId } from '../services/threads/cards/custom-id.ts';
import { requestToCopy, type RequestToCopy } from '../services/threads/cards/model-card.ts';
import { codeBlock, count, inThread, title } from '../services/threads/cards/words.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import { actorOf, jobIdOf, type Command } from './command.ts';

/** The buttons of a finished model's card, but Delete, which has a command of its own. */
export const modelButtons: Command = {
  buttons: {
    pictures: async (interaction, { desk }, id) => {
      await replyLater(interaction);
      await interaction.editReply(offer(await desk.findDrawable(actorOf(interaction), jobIdOf(id))));
    },

    draw: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      const choice = choiceIn(id);
      const job = await desk.orderPictures(actorOf(interaction), jobIdOf(id), choice);
      const what = count(choice.count, 'picture is', 'pictures are');
      await interaction.editReply({ content: `${what} ordered. I post them${inThread(job)}.`, components: [] });
    },

    request: async (interaction, { desk }, id) => {
      await replyLater(interaction);
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      if (!isIn(job, 'ready'))
        throw new UserError(
          `${title(job.order.name)} is not a finished model any more, so there is no request for it. /models lists those that are.`,
        );
      await interaction.editReply(copyable(requestToCopy(job)));
    },
  },
};

/** The round goes with each number: a choice that was used once is of no use any more. */
function offer(job: JobIn<'ready'>) {
  const round = (job.pictures?.number ?? 0) + 1;
  const lines = [
    `How many pictures do you want of ${title(job.order.name)}? I post them${inThread(job)}. The prompt is:`,
    codeBlock(promptFor(job.order)),
    'ModelsLab bills each picture to this server’s wallet, at its own price for a picture, which I cannot see beforehand: modelslab.com shows it under Pricing. Pressing a number orders them.',
  ];
  const numbers = pictureCounts.map((pictures) => ({
    label: count(pictures, 'picture'),
    customId: customId('draw', job.id, `${round}-${pictures}`),
  }));
  return { content: lines.join('\n'), components: [buttons(...numbers)] };
}

function choiceIn({ more = '' }: CustomId): PictureChoice {
  const [round = NaN, pictures = NaN] = more.split('-').map(Number);
  return { round, count: pictures };
}

/** What a message has room for beside the words; a request that is cut short would be of no use. */
const longestInMessage = 1500;

function copyable({ words, json }: RequestToCopy) {
  if (json.length <= longestInMessage && !json.includes('`')) return { content: `${words}\n${codeBlock(json)}` };
  return { content: words, files: [new AttachmentBuilder(Buffer.from(json), { name: 'request.json' })] };
}
