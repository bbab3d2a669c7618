import { LabelBuilder, ModalBuilder, StringSelectMenuBuilder, type ModalSubmitInteraction } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { Job, Order } from '../services/jobs/job.ts';
import type { OrderChange } from '../services/jobs/order.ts';
import type { StoredPhoto } from '../services/jobs/photo-store.ts';
import { isMethodId, methods } from '../services/modelslab/methods.ts';
import { customId } from '../services/threads/custom-id.ts';
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
      await interaction.deferUpdate();
      await desk.start(actorOf(interaction), jobIdOf(id), Number(id.more));
    },

    discard: async (interaction, { desk }, id) => {
      await interaction.deferUpdate();
      await desk.discard(actorOf(interaction), jobIdOf(id));
    },

    retry: async (interaction, { desk }, id) => {
      await interaction.deferUpdate();
      await desk.reopen(actorOf(interaction), jobIdOf(id));
    },

    remove: async (interaction, { desk, reviewer }, id) => {
      const job = await desk.find(actorOf(interaction), jobIdOf(id));
      const { photos } = await reviewer.review(job);
      if (photos.length === 0) throw new UserError('There are no photos to remove. Press Add photos to attach some.');
      await interaction.showModal(removeModal(job, photos));
    },

    settings: async (interaction, { desk }, id) => {
      await interaction.showModal(settingsModal(await desk.find(actorOf(interaction), jobIdOf(id))));
    },
  },

  selects: {
    method: async (interaction, { desk }, id) => {
      await interaction.deferUpdate();
      const [method] = interaction.values;
      if (method !== undefined && isMethodId(method))
        await desk.changeOrder(actorOf(interaction), jobIdOf(id), methodChange(method));
    },

    crop: async (interaction, { desk }, id) => {
      await interaction.deferUpdate();
      const crop = (['attention', 'centre', 'entropy'] as const).find((strategy) => strategy === interaction.values[0]);
      if (crop) await desk.changeOrder(actorOf(interaction), jobIdOf(id), { crop });
    },
  },

  modals: {
    removed: async (interaction, { desk }, id) => {
      await interaction.deferUpdate();
      const menus = [...interaction.fields.fields.keys()];
      const positions = menus.flatMap((menu) => interaction.fields.getStringSelectValues(menu)).map(Number);
      await desk.removePhotos(actorOf(interaction), jobIdOf(id), positions);
    },

    set: async (interaction, { desk }, id) => {
      await interaction.deferUpdate();
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
    description: (verdict.kind === 'good' ? name : `${verdict.reason} (${name})`).slice(0, 100),
    value: String(position),
  }));
  const modal = new ModalBuilder().setCustomId(customId('removed', job.id)).setTitle('Remove photos');
  for (let from = 0; from < options.length; from += optionsPerMenu) {
    const some = options.slice(from, from + optionsPerMenu);
    const menu = new StringSelectMenuBuilder()
      .setCustomId(`photos${from}`)
      .addOptions(some)
      .setMinValues(0)
      .setMaxValues(some.length)
      .setRequired(false);
    modal.addLabelComponents(new LabelBuilder().setLabel('Photos to remove').setStringSelectMenuComponent(menu));
  }
  return modal;
}

function settingsModal({ id, order }: Job): ModalBuilder {
  const { steps, baseModel } = methods[order.method];
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
      subjectField(order.subject),
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
