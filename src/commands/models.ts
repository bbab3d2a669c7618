import { ApplicationIntegrationType, InteractionContextType, MessageFlags, SlashCommandBuilder } from 'discord.js';
import { isIn, type Job } from '../services/jobs/job.ts';
import { methods } from '../services/modelslab/methods.ts';
import { ago, title } from '../services/threads/words.ts';
import { actorOf, type Command } from './command.ts';

const shownAtMost = 15;

/** `/models`: what is finished, with what one needs to use it. */
export const models: Command = {
  payload: new SlashCommandBuilder()
    .setName('models')
    .setDescription('Your finished models')
    .setContexts(InteractionContextType.Guild)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
    .toJSON(),

  execute: async (interaction, { desk }) => {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const actor = actorOf(interaction);
    const jobs = await desk.list(actor, ['ready']);
    await interaction.editReply(listText(jobs, actor.isAdmin));
  },
};

function listText(jobs: readonly Job[], isAdmin: boolean): string {
  if (jobs.length === 0) return 'There are no finished models yet. Use /train to make one.';
  const heading = isAdmin ? 'The models of this server:' : 'Your models in this server:';
  const more =
    jobs.length > shownAtMost
      ? [`… and ${jobs.length - shownAtMost} older ones: /status training: finds them by name.`]
      : [];
  return [heading, ...jobs.slice(0, shownAtMost).map((job) => line(job, isAdmin)), ...more].join('\n');
}

function line(job: Job, isAdmin: boolean): string {
  const id = isIn(job, 'ready') ? `\`${job.phase.trainingId}\`` : '';
  const owner = isAdmin ? `, by <@${job.ownerId}>` : '';
  return `• ${title(job.order.name)} ${id}, trigger \`${job.order.trigger}\`, ${methods[job.order.method].label}, ${ago(job.endedAt ?? job.createdAt)}${owner}`;
}
