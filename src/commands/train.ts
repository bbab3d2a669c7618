import { ModalBuilder, SlashCommandBuilder, type ChatInputCommandInteraction } from 'discord.js';
import type { JobId } from '../lib/ids.ts';
import type { GuildSettings } from '../services/guilds/guild-settings.ts';
import type { Order } from '../services/jobs/state/job.ts';
import { longestName } from '../services/jobs/state/model-name.ts';
import { longestTrigger } from '../services/jobs/state/order.ts';
import { isMethodId, methods } from '../services/modelslab/methods.ts';
import { findSetting } from '../services/modelslab/settings.ts';
import { customId } from '../services/threads/cards/custom-id.ts';
import { price } from '../services/threads/cards/words.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import { baseModelOption, suggestBaseModels } from './base-model-choices.ts';
import { actorOf, guildOnly, jobIdOf, type Command } from './command.ts';
import { photoFiles, photosField, sourceOf, subjectChoices, subjectIn } from './fields.ts';
import { completeOrder, openedText, threadOf } from './order-opening.ts';

const photoOptions = Array.from({ length: 10 }, (_, index) => `photo${index + 1}`);

const mostSteps = Math.max(...Object.values(methods).map((method) => findSetting(method, 'steps')?.max ?? 0));

const payload = guildOnly(new SlashCommandBuilder())
  .setName('train')
  .setDescription('Train a model on your photos')
  .addStringOption((option) =>
    option.setName('name').setDescription('What the model is to be called').setRequired(true).setMaxLength(longestName),
  )
  .addStringOption((option) =>
    option.setName('subject').setDescription('What the photos show').setRequired(true).addChoices(subjectChoices),
  );
for (const name of photoOptions) {
  payload.addAttachmentOption((option) =>
    option
      .setName(name)
      .setDescription('A photo (JPEG, PNG, WebP), or a .zip of photos')
      .setFileTypes(...photoFiles),
  );
}
payload
  .addStringOption((option) =>
    option
      .setName('method')
      .setDescription('How to train; each has its price')
      .addChoices(
        Object.values(methods).map((method) => ({ name: `${method.label}, ${price(method.price)}`, value: method.id })),
      ),
  )
  .addStringOption((option) =>
    option
      .setName('trigger')
      .setDescription('The made-up word that calls the subject in a prompt')
      .setMaxLength(longestTrigger),
  )
  .addStringOption(baseModelOption)
  .addIntegerOption((option) =>
    option
      .setName('steps')
      .setDescription('Training steps; the method’s own when left out')
      .setMinValue(1)
      .setMaxValue(mostSteps),
  )
  .addIntegerOption((option) =>
    option
      .setName('seed')
      .setDescription('A number that makes a training repeatable')
      .setMinValue(0)
      .setMaxValue(4_294_967_295),
  );

/** `/train`: opens a draft with the attached photos, or asks for photos with a file picker. */
export const train: Command = {
  payload: payload.toJSON(),

  execute: async (interaction, services) => {
    const actor = actorOf(interaction);
    const settings = await services.settings.get(actor.guildId);
    const channelId = services.threads.check(interaction, settings.threads);
    const order = orderFrom(interaction, settings);
    const sources = photoOptions.flatMap((name) => interaction.options.getAttachment(name) ?? []).map(sourceOf);
    const wanted = { channelId, order, sources, interactionId: interaction.id };
    if (sources.length === 0) {
      await interaction.showModal(photosModal(await services.desk.openForm(actor, wanted)));
      return;
    }
    await replyLater(interaction);
    const job = await services.desk.open(actor, wanted);
    const { channel } = interaction;
    const thread = await threadOf({ actor, job, channel }, services);
    await interaction.editReply(await openedText(job, thread, services));
  },

  autocomplete: (interaction, services) => suggestBaseModels(interaction, services),

  buttons: {
    add: async (interaction, services, id) => {
      const job = await services.desk.find(actorOf(interaction), jobIdOf(id));
      await interaction.showModal(photosModal(job.id));
    },
  },

  modals: {
    photos: async (interaction, services, id) => {
      const actor = actorOf(interaction);
      await updateLater(interaction);
      const sources = [...interaction.fields.getUploadedFiles('photos', true).values()].map(sourceOf);
      const job = await services.desk.fillForm(actor, jobIdOf(id), { sources });
      const { channel } = interaction;
      const thread = await threadOf({ actor, job, channel }, services);
      if (!interaction.isFromMessage()) await interaction.editReply(await openedText(job, thread, services));
    },
  },
};

function orderFrom({ options }: ChatInputCommandInteraction, settings: GuildSettings): Order {
  const subject = subjectIn(options.getString('subject', true)) ?? 'object';
  const method = options.getString('method');
  const trigger = options.getString('trigger');
  const baseModel = options.getString('base_model');
  const steps = options.getInteger('steps');
  const seed = options.getInteger('seed');
  const given = {
    name: options.getString('name', true),
    subject,
    ...(method !== null && isMethodId(method) && { method }),
    ...(trigger !== null && { trigger }),
    ...(baseModel !== null && { baseModel }),
    ...(steps !== null && { steps }),
    ...(seed !== null && { seed }),
  };
  return completeOrder(given, settings);
}

function photosModal(id: JobId): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('photos', id))
    .setTitle('Add photos')
    .addLabelComponents(photosField());
}
