import {
  MessageFlags,
  RESTJSONErrorCodes,
  type ButtonInteraction,
  type ModalSubmitInteraction,
  type RepliableInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js';
import { isDiscordError } from '../services/threads/rest/messages.ts';

/** Discord waits 3 seconds for a first answer: this is one. A reply that only the member sees follows by `editReply`. */
export async function replyLater(interaction: RepliableInteraction): Promise<void> {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral }).catch((error: unknown) => {
    markAcknowledged(interaction, error);
    interaction.ephemeral = true;
  });
}

/** A first answer that leaves the message with the button as it is; to a modal that a command opened, `replyLater`. */
export async function updateLater(
  interaction: ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction,
): Promise<void> {
  if (interaction.isModalSubmit() && !interaction.isFromMessage()) {
    await replyLater(interaction);
    return;
  }
  await interaction.deferUpdate().catch((error: unknown) => {
    markAcknowledged(interaction, error);
  });
}

/** When the answer to an acknowledgement was lost, the client sends it again, and Discord says that it has it already. */
function markAcknowledged(interaction: RepliableInteraction, error: unknown): void {
  if (!isDiscordError(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)) throw error;
  interaction.deferred = true;
}
