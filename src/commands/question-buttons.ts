import { ModalBuilder } from 'discord.js';
import type { TrainingId } from '../lib/ids.ts';
import { isIn, type Job } from '../services/jobs/state/job.ts';
import { customId, type CustomId } from '../services/threads/cards/custom-id.ts';
import { updateLater } from './acknowledge.ts';
import { actorOf, jobIdOf, type Command } from './command.ts';
import { textField } from './fields.ts';

/** The answers to the question whether an order arrived. */
export const questionButtons: Command = {
  buttons: {
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

/** The attempt that the question was about. */
function attemptOf({ more }: CustomId): number {
  return Number(more);
}

function trainingIdModal(job: Job, attempt: number): ModalBuilder {
  // Among several nothing is suggested: the first one is no likelier than the others.
  const [candidate, ...others] = isIn(job, 'asking') ? job.phase.candidates : [];
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
    .addLabelComponents(textField({ ...field, value: others.length === 0 ? candidate : undefined }));
}
