import { ApplicationIntegrationType, InteractionContextType, SlashCommandBuilder } from 'discord.js';
import { isIn, type Job } from '../services/jobs/job.ts';
import type { Body } from '../services/threads/body.ts';
import { cardOf } from '../services/threads/card.ts';
import { question } from '../services/threads/news.ts';
import { stateLabel } from '../services/threads/state-label.ts';
import { ago, codeBlock, fitLines, plain, title } from '../services/threads/words.ts';
import { replyLater } from './acknowledge.ts';
import { chosenJob, runningStates, suggestJobs } from './choices.ts';
import { actorOf, jobIdOf, type Command, type Services } from './command.ts';

const shownStates = [...runningStates, 'failed', 'ready'] as const;

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
    await replyLater(interaction);
    const chosen = interaction.options.getString('training');
    if (chosen === null) {
      const jobs = await services.desk.list(actorOf(interaction), runningStates);
      await interaction.editReply(overview(jobs));
      return;
    }
    const job = await chosenJob(interaction, chosen, services, shownStates);
    await interaction.editReply({ ...(await shown(job, services)), content: whereItIs(job) });
  },

  autocomplete: (interaction, services) => suggestJobs(interaction, services, shownStates),

  buttons: {
    details: async (interaction, { desk }, id) => {
      await replyLater(interaction);
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      await interaction.editReply(details(job));
    },
  },
};

/** Buttons that order belong into the thread; but a question can be answered and a model used here too: the thread may be gone. */
async function shown(job: Job, { reviewer }: Services): Promise<Partial<Body>> {
  if (isIn(job, 'asking')) return question(job);
  const card = cardOf(job, await reviewer.review(job));
  return isIn(job, 'ready') ? card : { embeds: card.embeds };
}

function overview(jobs: readonly Job[]): string {
  if (jobs.length === 0) return 'Nothing is running. Use /train to begin, or /models to see what is finished.';
  return fitLines(jobs.map(entry), (left) => `… and ${left} more: \`/status\` finds them by name.`);
}

function entry(job: Job): string {
  const since = ago(job.startedAt ?? job.createdAt);
  return `• ${title(job.order.name)}: ${plain(stateLabel(job))}, begun ${since}${placeOf(job)}`;
}

function whereItIs(job: Job): string {
  return job.told.threadId === undefined ? '' : `It is reported in <#${job.told.threadId}>.`;
}

function placeOf({ told }: Job): string {
  return told.threadId === undefined ? '' : `, in <#${told.threadId}>`;
}

function details(job: Job): string {
  if (!isIn(job, 'training'))
    return `${title(job.order.name)} is ${stateLabel(job)}, so there is no log to show. Details has one while a training runs.`;
  const { trainingId, log } = job.phase;
  const lines = log.length === 0 ? ['nothing yet'] : log;
  return `ModelsLab calls this training \`${trainingId}\`. Its log so far:\n${codeBlock(lines.join('\n'))}`;
}
