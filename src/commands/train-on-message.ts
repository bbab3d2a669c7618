import {
  ApplicationCommandType,
  ContextMenuCommandBuilder,
  MessageReferenceType,
  ModalBuilder,
  type Attachment,
  type Message,
} from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { ChannelId, MessageId } from '../lib/ids.ts';
import type { GuildSettings } from '../services/guilds/settings.ts';
import type { Actor } from '../services/jobs/wishes.ts';
import { isArchive, type PhotoSource } from '../services/photos/photo.ts';
import { customId } from '../services/threads/cards/custom-id.ts';
import { replyLater } from './acknowledge.ts';
import { sourceOf } from './attachments.ts';
import { actorOf, jobIdOf, type Command, type Services } from './command.ts';
import { guildOnly } from './guild-only.ts';
import { nameField, subjectField, subjectIn } from './fields.ts';
import { completeOrder, openedText, threadOf } from './opening.ts';

const payload = guildOnly(new ContextMenuCommandBuilder())
  .setName('Train on these photos')
  .setType(ApplicationCommandType.Message);

/** Right-click on one's own message with pictures: asks for name and subject, then goes on as `/train` does. */
export const trainOnMessage: Command = {
  payload: payload.toJSON(),

  executeOnMessage: async (interaction, services) => {
    const actor = actorOf(interaction);
    const settings = await services.settings.get(actor.guildId);
    const channelId = services.threads.check(interaction, settings.threads);
    const message = interaction.targetMessage;
    if (message.author.id !== actor.memberId) {
      throw new UserError(
        'I only train on photos that you posted yourself. Post them in a message of your own, or attach them to /train.',
      );
    }
    const sources = picturesIn(message);
    if (sources.length === 0)
      throw new UserError(
        'There are no pictures in this message. Choose one with pictures, or attach photos to /train.',
      );
    await demandOwnOriginal(message, actor, services);
    // Fetching the message again would give no attachments without a privileged intent: they are noted now.
    const order = completeOrder({ name: `photos of ${message.id.slice(-6)}`, subject: 'object' }, settings);
    const id = await services.desk.openForm(actor, { channelId, order, sources, interactionId: interaction.id });
    await interaction.showModal(nameModal(id, settings));
  },

  modals: {
    name: async (interaction, services, id) => {
      const actor = actorOf(interaction);
      await replyLater(interaction);
      const settings = await services.settings.get(actor.guildId);
      const [picked] = interaction.fields.getStringSelectValues('subject');
      const subject = subjectIn(picked) ?? 'object';
      const { name, trigger } = completeOrder(
        { name: interaction.fields.getTextInputValue('name'), subject },
        settings,
      );
      const job = await services.desk.fillForm(actor, jobIdOf(id), { change: { name, subject, trigger } });
      const threadId = await threadOf({ actor, job }, services);
      await interaction.editReply(await openedText(job, threadId, services));
    },
  },
};

/**
 * A forward is posted by whoever forwards, and may show what somebody else posted. What Discord does not tell passes:
 * the member confirms at Start that they may use the photos.
 */
async function demandOwnOriginal({ reference }: Message, { memberId }: Actor, services: Services): Promise<void> {
  if (reference?.type !== MessageReferenceType.Forward || reference.messageId === undefined) return;
  const at = { channelId: reference.channelId as ChannelId, messageId: reference.messageId as MessageId };
  const author = await services.originals.findAuthor(at, services.signal);
  if (author === undefined || author === memberId) return;
  throw new UserError(
    'The photos that you forwarded were posted by somebody else, and I only train on photos that you posted yourself. Ask them to order with their photos, or attach photos of your own to /train.',
  );
}

/** A forwarded message carries its files in snapshots. */
function picturesIn(message: Message): readonly PhotoSource[] {
  const forwarded = [...message.messageSnapshots.values()].flatMap(({ attachments }) => [...attachments.values()]);
  return [...message.attachments.values(), ...forwarded].filter(mayHoldPhotos).map(sourceOf);
}

function mayHoldPhotos({ contentType, name }: Attachment): boolean {
  return isArchive({ name }) || (contentType?.startsWith('image/') ?? /\.(jpe?g|png|webp|heic)$/i.test(name));
}

function nameModal(jobId: string, settings: GuildSettings): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('name', jobId))
    .setTitle('Train on these photos')
    .addLabelComponents(nameField(), subjectField(settings));
}
