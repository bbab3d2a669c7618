import { ApplicationIntegrationType, InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { isIn, type Job } from '../services/jobs/job.ts';
import { methods } from '../services/modelslab/methods.ts';
import { ago, fitLines, title } from '../services/threads/words.ts';
import { replyLater } from './acknowledge.ts';
import { actorOf, type Command } from './command.ts';

/** `/models`: what is finished, with what one needs to use it. */
export const models: Command = {
  payload: new SlashCommandBuilder()
    .setName('models')
    .setDescription('Your finished models')
    .setContexts(InteractionContextType.Guild)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
    .toJSON(),

  execute: async (interaction, { desk }) => {
    await replyLater(interaction);
    const actor = actorOf(interaction);
    const jobs = await desk.list(actor, ['ready']);
    await interaction.editReply(listText(jobs, actor.isAdmin));
  },
};

function listText(jobs: readonly Job[], isAdmin: boolean): string {
  if (jobs.length === 0) return 'There are no finished models yet. Use /train to make one.';
  const heading = isAdmin ? 'The models of this server:' : 'Your models in this server:';
  const lines = [heading, ...jobs.map((job) => entry(job, isAdmin))];
  return fitLines(lines, (left) => `… and ${left} older ones: \`/status\` finds them by name.`);
}

/** Two lines, since one would be broken anywhere on a phone. */
function entry(job: Job, isAdmin: boolean): string {
  const { order, endedAt = job.createdAt } = job;
  const owner = isAdmin ? `, by <@${job.ownerId}>` : '';
  const id = isIn(job, 'ready') ? `id \`${job.phase.trainingId}\`, ` : '';
  return `• ${title(order.name)}, trigger \`${order.trigger}\`\n  ${id}${methods[order.method].label}, ${ago(endedAt)}${owner}`;
}
