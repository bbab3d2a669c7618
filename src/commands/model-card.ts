import { AttachmentBuilder } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import { isIn } from '../services/jobs/job.ts';
import { requestToCopy, type RequestToCopy } from '../services/threads/model-card.ts';
import { codeBlock, title } from '../services/threads/words.ts';
import { replyLater } from './acknowledge.ts';
import { actorOf, jobIdOf, type Command } from './command.ts';

/** The buttons of a finished model's card, but Delete, which has a command of its own. */
export const modelCard: Command = {
  buttons: {
    request: async (interaction, { desk }, id) => {
      await replyLater(interaction);
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      if (!isIn(job, 'ready')) throw new UserError(`${title(job.order.name)} is no model that can be used any more.`);
      await interaction.editReply(copyable(requestToCopy(job)));
    },
  },
};

/** What a message has room for beside the words; a request that is cut short would be of no use. */
const longestInMessage = 1400;

function copyable({ words, json }: RequestToCopy) {
  if (json.length <= longestInMessage && !json.includes('`')) return { content: `${words}\n${codeBlock(json)}` };
  return { content: words, files: [new AttachmentBuilder(Buffer.from(json), { name: 'request.json' })] };
}
