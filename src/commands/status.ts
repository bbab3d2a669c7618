import { SlashCommandBuilder } from 'discord.js';
import { isIn, trainingIdOf, type Job } from '../services/jobs/state/job.ts';
import { buttons, type Body } from '../services/threads/cards/body.ts';
import { cardOf } from '../services/threads/cards/card.ts';
import { question } from '../services/threads/cards/news.ts';
import { detailsButton } from '../services/threads/cards/progress-card.ts';
import { stateLabel } from '../services/threads/cards/state-label.ts';
import { ago, codeBlock, fitLines, inThread, mostLines, plain, title } from '../services/threads/cards/words.ts';
import { replyLater } from './acknowledge.ts';
import { chosenJob, suggestJobs, unfinishedStates } from './choices.ts';
import { actorOf, guildOnly, jobIdOf, type Command, type Services } from './command.ts';

const shownStates = [...unfinishedStates, 'failed', 'ready'] as const;

/** `/status`: how one training is going, or what is running. */
export const status: Command = {
  payload: guildOnly(new SlashCommandBuilder())
    .setName('status')
    .setDescription('How your trainings are going')
    .addStringOption((option) =>
      option.setName('training').setDescription('Which one; all that run when left out').setAutocomplete(true),
    )
    .toJSON(),

  execute: async (interaction, services) => {
    await replyLater(interaction);
    const chosen = interaction.options.getString('training');
    if (chosen === null) {
      const actor = actorOf(interaction);
      const jobs = await services.desk.list(actor, unfinishedStates, { most: mostLines });
      const left = (await services.desk.count(actor, unfinishedStates)) - jobs.length;
      await interaction.editReply(overview(jobs, left, actor.isAdmin));
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

/**
 * Buttons that order belong into the thread; but the log can be read, a question answered and a model used here too: the
 * thread may be gone.
 */
async function shown(job: Job, { reviewer }: Services): Promise<Partial<Body>> {
  if (isIn(job, 'asking')) return question(job);
  const card = cardOf(job, await reviewer.review(job));
  if (isIn(job, 'ready')) return card;
  return { embeds: card.embeds, ...(logOf(job) && { components: [buttons(detailsButton(job))] }) };
}

/** What the provider has logged; undefined for a job that has no training, or of which nothing was kept. */
function logOf(job: Job): readonly string[] | undefined {
  return isIn(job, 'training', 'failed') ? job.phase.log : undefined;
}

function overview(jobs: readonly Job[], left: number, isAdmin: boolean): string {
  if (jobs.length === 0) return 'Nothing is running. Use /train to begin, or /models to see what is finished.';
  return fitLines(
    jobs.map((job) => entry(job, isAdmin)),
    { rest: (more) => `… and ${left + more} more: \`/status\` finds them by name.`, left },
  );
}

function entry(job: Job, isAdmin: boolean): string {
  const owner = isAdmin ? `, by <@${job.ownerId}>` : '';
  const since = ago(job.startedAt ?? job.createdAt);
  return `• ${title(job.order.name)}: ${plain(stateLabel(job))}, begun ${since}${owner}${inThread(job)}`;
}

function whereItIs(job: Job): string {
  return job.told.threadId === undefined ? '' : `It is reported${inThread(job)}.`;
}

function details(job: Job): string {
  const log = logOf(job);
  if (log === undefined)
    return `${title(job.order.name)} is ${stateLabel(job)}, so there is no log to show. Details has one while a training runs, and when it failed.`;
  const lines = log.length === 0 ? ['nothing yet'] : log;
  const [id, until] = [trainingIdOf(job) ?? 'unknown', isIn(job, 'failed') ? '' : ' so far'];
  return `ModelsLab calls this training \`${id}\`. Its log${until}:\n${codeBlock(lines.join('\n'))}`;
}
