import { MessageFlags, SlashCommandBuilder } from 'discord.js';
import { demandDeletable } from '../services/jobs/desk/started-orders.ts';
import type { Job } from '../services/jobs/state/job.ts';
import { buttons } from '../services/threads/cards/body.ts';
import { customId } from '../services/threads/cards/custom-id.ts';
import { title } from '../services/threads/cards/words.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import { chosenJob, suggestJobs } from './choices.ts';
import { actorOf, guildOnly, jobIdOf, type Command } from './command.ts';

/** `/delete` and the Delete button of a finished model; both ask first. */
export const deleteModel: Command = {
  payload: guildOnly(new SlashCommandBuilder())
    .setName('delete')
    .setDescription('Delete a finished model at ModelsLab')
    .addStringOption((option) =>
      option.setName('model').setDescription('Which one').setRequired(true).setAutocomplete(true),
    )
    .toJSON(),

  execute: async (interaction, services) => {
    await replyLater(interaction);
    const job = await chosenJob(interaction, interaction.options.getString('model', true), services, ['ready']);
    await interaction.editReply(confirmation(job));
  },

  autocomplete: (interaction, services) => suggestJobs(interaction, services, ['ready']),

  buttons: {
    delete: async (interaction, { desk }, id) => {
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      await interaction.reply({ ...confirmation(job), flags: MessageFlags.Ephemeral });
    },

    erase: async (interaction, { desk, signal }, id) => {
      await updateLater(interaction);
      const job = await desk.remove(actorOf(interaction), jobIdOf(id), signal);
      await interaction.editReply({ content: `${title(job.order.name)} is deleted at ModelsLab.`, components: [] });
    },
  },
};

function confirmation(job: Job) {
  demandDeletable(job);
  return {
    content: `Delete ${title(job.order.name)} (\`${job.phase.trainingId}\`) at ModelsLab? It cannot be used or brought back afterwards, and its price is not given back.`,
    components: [buttons({ label: 'Delete for good', customId: customId('erase', job.id), style: 'danger' })],
  };
}
