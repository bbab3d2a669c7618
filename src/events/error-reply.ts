import { randomBytes } from 'node:crypto';
import { MessageFlags, RESTJSONErrorCodes, type Interaction, type RepliableInteraction } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { TrainingApiError } from '../services/modelslab/errors.ts';
import { refusalText } from '../services/threads/failure-text.ts';
import { isDiscordError } from '../services/threads/messages.ts';
import { quote } from '../services/threads/words.ts';

/** The interaction is over, or somebody was faster: there is nobody to answer any more. */
const isOver = [
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownWebhook,
];

/** The one place that turns errors into replies. Never rejects: what cannot be told is logged. */
export async function replyWithError(interaction: Interaction, error: unknown, log: Logger): Promise<void> {
  if (isDiscordError(error, ...isOver)) {
    log.warn({ err: error }, 'an interaction was over before it could be answered');
    return;
  }
  const text = textFor(error, log);
  if (!interaction.isRepliable()) return; // Autocomplete: an empty list says it.
  await reply(interaction, text).catch((failure: unknown) => {
    log.warn({ err: failure }, 'an error could not be told');
  });
}

function textFor(error: unknown, log: Logger): string {
  if (error instanceof UserError) return error.message;
  if (error instanceof TrainingApiError && error.kind !== 'malformed') {
    log.warn({ err: error }, 'the provider could not do what a member asked');
    return providerText(error);
  }
  if (isDiscordError(error, RESTJSONErrorCodes.MissingPermissions, RESTJSONErrorCodes.MissingAccess)) {
    log.warn({ err: error }, 'a permission is missing');
    return 'Discord does not let me do that in this channel. Ask an admin to check my permissions here, then use the command again.';
  }
  const reference = randomBytes(4).toString('hex');
  log.error({ err: error, reference }, 'a handler failed');
  return `Something went wrong on my side, and nothing was billed for it. Try again; if it stays, give the person who runs this bot the reference \`${reference}\`.`;
}

function providerText({ kind, reason, said }: TrainingApiError): string {
  if (kind !== 'rejected')
    return 'ModelsLab does not answer at the moment. Nothing was changed: try again in a few minutes.';
  return said === undefined ? refusalText(reason) : `${refusalText(reason)}\nIts words:\n${quote(said)}`;
}

/** Discord may have taken an acknowledgement whose answer was lost: then the interaction knows nothing of it. */
async function reply(interaction: RepliableInteraction, content: string): Promise<void> {
  const message = { content, flags: MessageFlags.Ephemeral } as const;
  if (interaction.replied || interaction.deferred) {
    await followUp(interaction, content);
    return;
  }
  try {
    await interaction.reply(message);
  } catch (error) {
    if (!isDiscordError(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)) throw error;
    interaction.deferred = true;
    await interaction.followUp(message);
  }
}

/** A deferred reply of its own is filled; the message under a pressed button is left as it is. */
async function followUp(interaction: RepliableInteraction, content: string): Promise<void> {
  const isOwnReply = interaction.isCommand() || (interaction.isModalSubmit() && !interaction.isFromMessage());
  if (isOwnReply && !interaction.replied) await interaction.editReply({ content, embeds: [], components: [] });
  else await interaction.followUp({ content, flags: MessageFlags.Ephemeral });
}
