import { SlashCommandBuilder } from 'discord.js';
import { isIn, type Job } from '../services/jobs/state/job.ts';
import { cancelledText, discardedText } from '../services/threads/cards/progress-card.ts';
import { inThread, title } from '../services/threads/cards/words.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import { chosenJob, suggestJobs, unfinishedStates } from './choices.ts';
import { actorOf, guildOnly, jobIdOf, type Command } from './command.ts';

/** `/cancel` and the Cancel button. */
export const cancel: Command = {
  payload: guildOnly(new SlashCommandBuilder())
    .setName('cancel')
    .setDescription('Cancel a training')
    .addStringOption((option) =>
      option.setName('training').setDescription('Which one').setRequired(true).setAutocomplete(true),
    )
    .toJSON(),

  execute: async (interaction, services) => {
    await replyLater(interaction);
    const job = await chosenJob(
      interaction,
      interaction.options.getString('training', true),
      services,
      unfinishedStates,
    );
    await interaction.editReply(cancelText(await services.desk.cancel(actorOf(interaction), job.id)));
  },

  autocomplete: (interaction, services) => suggestJobs(interaction, services, unfinishedStates),

  buttons: {
    cancel: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      await desk.cancel(actorOf(interaction), jobIdOf(id));
    },
  },
};

function cancelText(job: Job): string {
  const name = title(job.order.name);
  if (isIn(job, 'cancelled')) return `${name} is cancelled. ${cancelledText(job)}`;
  if (isIn(job, 'discarded')) return `${name} had not been started: the order is discarded. ${discardedText(job)}`;
  const what = isIn(job, 'training')
    ? `ModelsLab is being asked to cancel ${name}.`
    : `${name} is on its way to ModelsLab, and is cancelled as soon as it is clear whether it arrived.`;
  return `${what} I report${inThread(job)} how it ended, and what that means for the bill.`;
}
