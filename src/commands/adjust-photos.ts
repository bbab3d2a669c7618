import { AttachmentBuilder, type ButtonInteraction, type StringSelectMenuInteraction } from 'discord.js';
import { photoEdits } from '../services/jobs/state/adjustment.ts';
import type { CustomId } from '../services/threads/cards/custom-id.ts';
import { panelPicture, photoPanel } from '../services/threads/cards/photo-panel.ts';
import { replyLater, updateLater } from './acknowledge.ts';
import { actorOf, jobIdOf, type Command, type Services } from './command.ts';

/**
 * Adjust photos: a message that only the owner sees, with one photo at a time. A press stores an edit; the poller crops, and
 * sheet and card follow. What is shown is read from what is stored, so it is what will be sent.
 */
export const adjustPhotos: Command = {
  buttons: {
    adjust: async (interaction, services, id) => {
      await replyLater(interaction);
      await show(interaction, services, { id });
    },

    photo: async (interaction, services, id) => {
      await updateLater(interaction);
      await show(interaction, services, { id, position: Number(id.more) });
    },

    frame: async (interaction, services, id) => {
      await updateLater(interaction);
      const [at, asked] = id.more?.split(':') ?? [];
      const position = Number(at);
      const edit = photoEdits.find((one) => one === asked);
      if (edit) await services.desk.adjustPhoto(actorOf(interaction), jobIdOf(id), { position, edit });
      await show(interaction, services, { id, position });
    },
  },

  selects: {
    photo: async (interaction, services, id) => {
      await updateLater(interaction);
      await show(interaction, services, { id, position: Number(interaction.values[0]) });
    },
  },
};

interface Shown {
  readonly id: CustomId;
  readonly position?: number;
}

async function show(
  interaction: ButtonInteraction | StringSelectMenuInteraction,
  { desk, signal }: Services,
  { id, position }: Shown,
): Promise<void> {
  const view = await desk.viewPhoto(actorOf(interaction), jobIdOf(id), position, signal);
  const picture = panelPicture(view);
  const files = picture
    ? [new AttachmentBuilder(picture.data, { name: picture.name, description: picture.altText })]
    : [];
  // Only these: the picture from before goes.
  await interaction.editReply({ ...photoPanel(view), files, attachments: [] });
}
