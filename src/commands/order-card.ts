import {
  LabelBuilder,
  ModalBuilder,
  StringSelectMenuBuilder,
  type APISelectMenuOption,
  type ModalSubmitInteraction,
} from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { GuildSettings } from '../services/guilds/guilds.ts';
import type { Job, Order } from '../services/jobs/job.ts';
import type { OrderChange } from '../services/jobs/order.ts';
import type { StoredPhoto } from '../services/jobs/photo-store.ts';
import { isMethodId, methods } from '../services/modelslab/methods.ts';
import { findSetting } from '../services/modelslab/settings.ts';
import { cropStrategies } from '../services/photos/photo.ts';
import { customId } from '../services/threads/custom-id.ts';
import { updateLater } from './acknowledge.ts';
import { shorten } from '../services/threads/words.ts';
import { actorOf, jobIdOf, type Command } from './command.ts';
import { subjectChoices, subjectField, textField } from './modals.ts';

const optionsPerMenu = 25;

/**
 * The buttons of the order card. Each stores a wish and acknowledges; the poller alone redraws the card, so that two
 * writers never show different things.
 */
export const orderCard: Command = {
  buttons: {
    start: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      await desk.start(actorOf(interaction), jobIdOf(id), Number(id.more));
    },

    discard: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      await desk.discard(actorOf(interaction), jobIdOf(id));
    },

    retry: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      await desk.reopen(actorOf(interaction), jobIdOf(id));
      await interaction.editReply({ components: [] }); // The order stands below once more, with its own buttons.
    },

    remove: async (interaction, { desk, reviewer }, id) => {
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      const { photos } = await reviewer.review(job);
      if (photos.length === 0) throw new UserError('There are no photos to remove. Press Add photos to attach some.');
      await interaction.showModal(removeModal(job, photos));
    },

    settings: async (interaction, { desk, settings }, id) => {
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      await interaction.showModal(settingsModal(job, await settings.get(job.guildId)));
    },
  },

  selects: {
    method: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      const [method] = interaction.values;
      if (method !== undefined && isMethodId(method))
        await desk.changeOrder(actorOf(interaction), jobIdOf(id), methodChange(method));
    },

    crop: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      const crop = cropStrategies.find((strategy) => strategy === interaction.values[0]);
      if (crop) await desk.changeOrder(actorOf(interaction), jobIdOf(id), { crop });
    },
  },

  modals: {
    removed: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      const menus = [...interaction.fields.fields.keys()];
      const positions = menus.flatMap((menu) => interaction.fields.getStringSelectValues(menu)).map(Number);
      await desk.removePhotos(actorOf(interaction), jobIdOf(id), positions);
    },

    set: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      await desk.changeOrder(actorOf(interaction), jobIdOf(id), settingsFrom(interaction));
    },
  },
};

/** Steps mean something else with every method, so a number chosen for one is not kept for another. */
function methodChange(method: Order['method']): OrderChange {
  return { method, steps: undefined };
}

function removeModal(job: Job, photos: readonly StoredPhoto[]): ModalBuilder {
  const options = photos.map(({ position, name, verdict }, index) => ({
    label: `Photo ${index + 1}`,
    description: shorten(verdict.kind === 'good' ? name : `${verdict.reason} (${name})`, 100),
    value: String(position),
  }));
  const menus = Array.from({ length: Math.ceil(options.length / optionsPerMenu) }, (_, index) =>
    photosMenu(options.slice(index * optionsPerMenu, (index + 1) * optionsPerMenu), index),
  );
  return new ModalBuilder()
    .setCustomId(customId('removed', job.id))
    .setTitle('Remove photos')
    .addLabelComponents(menus);
}

function photosMenu(options: APISelectMenuOption[], index: number): LabelBuilder {
  const menu = new StringSelectMenuBuilder()
    .setCustomId(`photos${index}`)
    .addOptions(options)
    .setMinValues(0)
    .setMaxValues(options.length)
    .setRequired(false);
  const first = index * optionsPerMenu + 1;
  return new LabelBuilder()
    .setLabel(`Which of photos ${first} to ${first + options.length - 1}?`)
    .setDescription('The numbers are those on the contact sheet.')
    .setStringSelectMenuComponent(menu);
}

function settingsModal({ id, order }: Job, settings: GuildSettings): ModalBuilder {
  const steps = findSetting(methods[order.method], 'steps') ?? { min: 0, max: 0 };
  const baseModel = findSetting(methods[order.method], 'baseModel');
  const stepsField = textField({
    id: 'steps',
    label: 'Steps',
    description: `${steps.min} to ${steps.max}; empty: by the number of photos.`,
    value: order.steps?.toString(),
    maxLength: 4,
  });
  const seedField = textField({
    id: 'seed',
    label: 'Seed',
    description: 'A number; empty: random.',
    value: order.seed?.toString(),
    maxLength: 10,
  });
  const baseModelField = textField({
    id: 'base_model',
    label: 'Base model',
    value: order.baseModel ?? baseModel?.byDefault,
    maxLength: 100,
  });
  return new ModalBuilder()
    .setCustomId(customId('set', id))
    .setTitle('Settings')
    .addLabelComponents(
      textField({ id: 'name', label: 'Name', value: order.name, maxLength: 40, required: true }),
      subjectField(settings, order.subject),
      textField({ id: 'trigger', label: 'Trigger word', value: order.trigger, maxLength: 30, required: true }),
      stepsField,
      baseModel ? baseModelField : seedField,
    );
}

function settingsFrom({ fields }: ModalSubmitInteraction): OrderChange {
  const text = (id: string) => (fields.fields.has(id) ? fields.getTextInputValue(id).trim() : undefined);
  const [picked] = fields.getStringSelectValues('subject');
  const subject = subjectChoices.find(({ value }) => value === picked)?.value;
  const [seed, baseModel] = [text('seed'), text('base_model')];
  return {
    name: fields.getTextInputValue('name'),
    trigger: fields.getTextInputValue('trigger'),
    steps: numberIn(text('steps')),
    ...(subject && { subject }),
    ...(seed !== undefined && { seed: numberIn(seed) }),
    ...(baseModel !== undefined && baseModel !== '' && { baseModel }),
  };
}

/** Empty is "choose for me"; anything that is no number becomes NaN, which the desk refuses with the allowed range. */
function numberIn(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}
