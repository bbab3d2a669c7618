import { ApplicationIntegrationType, InteractionContextType, MessageFlags, SlashCommandBuilder } from 'discord.js';
import { isIn, type Job } from '../services/jobs/job.ts';
import { cardOf } from '../services/threads/card.ts';
import { stateLabel } from '../services/threads/state-label.ts';
import { ago, codeBlock, title } from '../services/threads/words.ts';
import { chosenJob, runningStates, suggestJobs } from './choices.ts';
import { actorOf, jobIdOf, type Command } from './command.ts';

const shownStates = [...runningStates, 'failed', 'ready'] as const;
const linesShown = 20;

/** `/status`: how one training is going, or what is running. */
export const status: Command = {
  payload: new SlashCommandBuilder()
    .setName('status')
    .setDescription('How your trainings are going')
    .setContexts(InteractionContextType.Guild)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
    .addStringOption((option) =>
      option.setName('training').setDescription('Which one; all that run when left out').setAutocomplete(true),
    )
    .toJSON(),

  execute: async (interaction, services) => {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const chosen = interaction.options.getString('training');
    if (chosen === null) {
      const jobs = await services.desk.list(actorOf(interaction), runningStates);
      await interaction.editReply(overview(jobs));
      return;
    }
    const job = await chosenJob(interaction, chosen, services, shownStates);
    const { embeds } = cardOf(job, await services.reviewer.review(job));
    await interaction.editReply({ content: whereItIs(job), embeds });
  },

  autocomplete: (interaction, services) => suggestJobs(interaction, services, shownStates),

  buttons: {
    details: async (interaction, { desk }, id) => {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      await interaction.editReply(details(job));
    },
  },
};

function overview(jobs: readonly Job[]): string {
  if (jobs.length === 0) return 'Nothing is running. Use /train to begin, or /models to see what is finished.';
  const lines = jobs
    .slice(0, linesShown)
    .map(
      (job) =>
        `${title(job.order.name)}: ${stateLabel(job)}, since ${ago(job.startedAt ?? job.createdAt)}${placeOf(job)}`,
    );
  const more =
    jobs.length > linesShown ? [`… and ${jobs.length - linesShown} more: /status training: finds them by name.`] : [];
  return [...lines, ...more].join('\n');
}

function whereItIs(job: Job): string {
  return job.told.threadId === undefined ? '' : `It is reported in <#${job.told.threadId}>.`;
}

function placeOf({ told }: Job): string {
  return told.threadId === undefined ? '' : `, in <#${told.threadId}>`;
}

function details(job: Job): string {
  if (!isIn(job, 'training'))
    return `${title(job.order.name)} is ${stateLabel(job)}: there is no log to show at the moment.`;
  const { trainingId, log } = job.phase;
  const lines = log.length === 0 ? ['nothing yet'] : log;
  return `ModelsLab calls this training \`${trainingId}\`. Its log so far:\n${codeBlock(lines.join('\n'))}`;
}
