import {
  LabelBuilder,
  ModalBuilder,
  StringSelectMenuBuilder,
  type APISelectMenuOption,
  type ModalSubmitInteraction,
} from 'discord.js';
import { UserError } from '../lib/errors.ts';
import { shorten } from '../lib/text.ts';
import type { GuildSettings } from '../services/guilds/guild-settings.ts';
import type { Job } from '../services/jobs/state/job.ts';
import { longestTrigger, type OrderChange } from '../services/jobs/state/order.ts';
import type { StoredPhoto } from '../services/jobs/store/photo-store.ts';
import { isMethodId, methods } from '../services/modelslab/methods.ts';
import { mainSettings, moreSettings } from '../services/modelslab/settings.ts';
import { cropStrategies } from '../services/photos/photo.ts';
import { inMenus, type MenuPart } from '../services/threads/cards/body.ts';
import { customId } from '../services/threads/cards/custom-id.ts';
import { updateLater } from './acknowledge.ts';
import { actorOf, jobIdOf, type Command } from './command.ts';
import { nameField, settingField, settingsFrom, subjectField, subjectIn, textField } from './fields.ts';

/**
 * The buttons of the order card. Each stores a change and acknowledges; the poller alone redraws the card, so that two
 * writers never show different things.
 */
export const orderButtons: Command = {
  buttons: {
    start: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      const { told } = await desk.start(actorOf(interaction), jobIdOf(id), Number(id.more));
      // A card that was posted but, because of a crash, not noted is never redrawn.
      if (told.cardId !== interaction.message.id) await interaction.editReply({ components: [] });
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
      const modal = id.more === undefined ? settingsModal(job, await settings.get(job.guildId)) : moreModal(job);
      await interaction.showModal(modal);
    },
  },

  selects: {
    method: async (interaction, { desk }, id) => {
      await updateLater(interaction);
      const [method] = interaction.values;
      if (method !== undefined && isMethodId(method))
        await desk.changeOrder(actorOf(interaction), jobIdOf(id), { method });
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
      const actor = actorOf(interaction);
      const { order } = await desk.find(actor, jobIdOf(id));
      const given = id.more === undefined ? descriptionFrom(interaction) : {};
      await desk.changeOrder(actor, jobIdOf(id), { ...given, ...settingsFrom(interaction, methods[order.method]) });
    },
  },
};

function removeModal(job: Job, photos: readonly StoredPhoto[]): ModalBuilder {
  const options = photos.map(({ position, name, verdict }, index) => ({
    label: `Photo ${index + 1}`,
    description: shorten(verdict.kind === 'good' ? name : `${verdict.reason} (${name})`, 100),
    value: String(position),
  }));
  return new ModalBuilder()
    .setCustomId(customId('removed', job.id))
    .setTitle('Remove photos')
    .addLabelComponents(inMenus(options).map(photosMenu));
}

function photosMenu({ first, options }: MenuPart<APISelectMenuOption>, index: number): LabelBuilder {
  const menu = new StringSelectMenuBuilder()
    .setCustomId(`photos${index}`)
    .addOptions(options)
    .setMinValues(0)
    .setMaxValues(options.length)
    .setRequired(false);
  return new LabelBuilder()
    .setLabel(`Which of photos ${first} to ${first + options.length - 1}?`)
    .setDescription('The numbers are those on the contact sheet.')
    .setStringSelectMenuComponent(menu);
}

function settingsModal({ id, order }: Job, settings: GuildSettings): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('set', id))
    .setTitle('Settings')
    .addLabelComponents(
      nameField(order.name),
      subjectField(settings, order.subject),
      textField({
        id: 'trigger',
        label: 'Trigger word',
        value: order.trigger,
        maxLength: longestTrigger,
        required: true,
      }),
      ...mainSettings(methods[order.method]).map((setting) => settingField(setting, order)),
    );
}

function moreModal({ id, order }: Job): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('set', id, 'more'))
    .setTitle('More settings')
    .addLabelComponents(moreSettings(methods[order.method]).map((setting) => settingField(setting, order)));
}

function descriptionFrom({ fields }: ModalSubmitInteraction): OrderChange {
  const [picked] = fields.getStringSelectValues('subject');
  const subject = subjectIn(picked);
  return {
    name: fields.getTextInputValue('name'),
    trigger: fields.getTextInputValue('trigger'),
    ...(subject && { subject }),
  };
}
