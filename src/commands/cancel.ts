import { ModalBuilder, SlashCommandBuilder } from 'discord.js';
import type { TrainingId } from '../lib/ids.ts';
import { isIn, type Job } from '../services/jobs/job.ts';
import { customId, type CustomId } from '../services/threads/cards/custom-id.ts';
import { cancelledText, discardedText } from '../services/threads/cards/progress-card.ts';
import { title } from '../services/threads/cards/words.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import { chosenJob, unfinishedStates, suggestJobs } from './choices.ts';
import { actorOf, jobIdOf, type Command } from './command.ts';
import { guildOnly } from './guild-only.ts';
import { textField } from './modals.ts';

/** `/cancel`, the Cancel button, and the answers to the question whether an order arrived. */
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

    'is-training': async (interaction, { desk }, id) => {
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      await interaction.showModal(trainingIdModal(job, attemptOf(id)));
    },

    resend: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      await desk.answer(actorOf(interaction), jobIdOf(id), { attempt: attemptOf(id), answer: { kind: 'send-again' } });
      await interaction.editReply(answered);
    },

    drop: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      await desk.answer(actorOf(interaction), jobIdOf(id), { attempt: attemptOf(id), answer: { kind: 'drop' } });
      await interaction.editReply(answered);
    },
  },

  modals: {
    adopt: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      const trainingId = interaction.fields.getTextInputValue('training_id').trim() as TrainingId;
      const answer = { kind: 'is-training', trainingId } as const;
      await desk.answer(actorOf(interaction), jobIdOf(id), { attempt: attemptOf(id), answer });
      await interaction.editReply(answered);
    },
  },
};

/** A question that is answered has no buttons any more. */
const answered = { components: [] };

function cancelText(job: Job): string {
  const name = title(job.order.name);
  if (isIn(job, 'cancelled')) return `${name} is cancelled. ${cancelledText(job)}`;
  if (isIn(job, 'discarded')) return `${name} had not been started: the order is discarded. ${discardedText(job)}`;
  const place = job.told.threadId === undefined ? '' : ` in <#${job.told.threadId}>`;
  const what = isIn(job, 'training')
    ? `ModelsLab is being asked to cancel ${name}.`
    : `${name} is on its way to ModelsLab, and is cancelled as soon as it is clear whether it arrived.`;
  return `${what} I report${place} how it ended, and what that means for the bill.`;
}

/** The attempt that the question was about. */
function attemptOf({ more }: CustomId): number {
  return Number(more);
}

function trainingIdModal(job: Job, attempt: number): ModalBuilder {
  const [candidate] = isIn(job, 'asking') ? job.phase.candidates : [];
  const field = {
    id: 'training_id',
    label: 'Training id',
    description: 'As modelslab.com shows it, such as F5jvdzGnYi.',
    maxLength: 60,
    required: true,
  };
  return new ModalBuilder()
    .setCustomId(customId('adopt', job.id, attempt))
    .setTitle('It is training')
    .addLabelComponents(textField({ ...field, value: candidate }));
}
