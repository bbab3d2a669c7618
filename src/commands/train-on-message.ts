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
import { shorten } from '../lib/text.ts';
import type { GuildSettings } from '../services/guilds/guild-settings.ts';
import type { Actor } from '../services/jobs/desk/job-editor.ts';
import { fileName } from '../services/photos/file-name.ts';
import { isArchive } from '../services/photos/photo.ts';
import { customId } from '../services/threads/cards/custom-id.ts';
import { plain } from '../services/threads/cards/words.ts';
import { replyLater } from './acknowledge.ts';
import { actorOf, guildOnly, jobIdOf, type Command, type Services } from './command.ts';
import { nameField, sourceOf, subjectField, subjectIn } from './fields.ts';
import { completeOrder, openedText, threadOf } from './order-opening.ts';

/** Of files that are no pictures. */
const namesShown = 3;

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
    const files = filesOf(message);
    if (!files.some(mayHoldPhotos)) throw new UserError(noPictures(files));
    // All of them: what a file is, its bytes tell, and the sheet names each that cannot be used.
    const sources = files.map(sourceOf);
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
      const { channel } = interaction;
      const thread = await threadOf({ actor, job, channel }, services);
      await interaction.editReply(await openedText(job, thread, services));
    },
  },
};

/**
 * A forward is posted by the person who forwards, and may show another person's post. What Discord does not tell passes:
 * the member confirms at Start that they may use the photos.
 */
async function demandOwnOriginal({ reference }: Message, { memberId }: Actor, services: Services): Promise<void> {
  if (reference?.type !== MessageReferenceType.Forward || reference.messageId === undefined) return;
  const at = { channelId: reference.channelId as ChannelId, messageId: reference.messageId as MessageId };
  const author = await services.findAuthor(at, services.signal);
  if (author === undefined || author === memberId) return;
  throw new UserError(
    'The photos that you forwarded were posted by somebody else, and I only train on photos that you posted yourself. Ask them to order with their photos, or attach photos of your own to /train.',
  );
}

/** A forwarded message carries its files in snapshots. */
function filesOf(message: Message): readonly Attachment[] {
  const forwarded = [...message.messageSnapshots.values()].flatMap(({ attachments }) => [...attachments.values()]);
  return [...message.attachments.values(), ...forwarded];
}

const otherTypes = /^(?:text|audio|video)\/|^application\/(?:pdf|json|xml|msword|vnd\.)/i;

/** Type and name are claims: where they agree that a file is something else, the member is told before filling in a form. */
function mayHoldPhotos({ contentType, name }: Attachment): boolean {
  return isArchive({ name }) || !otherTypes.test(contentType ?? '') || /\.(?:jpe?g|png|webp|hei[cf])$/i.test(name);
}

function noPictures(files: readonly Attachment[]): string {
  const names = files.slice(0, namesShown).map(({ name }) => plain(shorten(fileName(name), 40)));
  const more = files.length - names.length;
  const listed = names.length === 0 ? '' : ` (only ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
  return `There are no pictures in this message${listed}. Choose one with pictures, or attach photos to /train.`;
}

function nameModal(jobId: string, settings: GuildSettings): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId('name', jobId))
    .setTitle('Train on these photos')
    .addLabelComponents(nameField(), subjectField(settings));
}
