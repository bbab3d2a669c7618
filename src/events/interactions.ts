import { randomBytes } from 'node:crypto';
import {
  Events,
  MessageFlags,
  RESTJSONErrorCodes,
  type Client,
  type Interaction,
  type RepliableInteraction,
} from 'discord.js';
import { AlreadyDoneError, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { isUnwritable } from '../services/database/database-errors.ts';
import { TrainingApiError } from '../services/modelslab/training-api-error.ts';
import { refusalText } from '../services/threads/cards/failure-text.ts';
import { itsWords } from '../services/threads/cards/words.ts';
import { isDiscordError } from '../services/threads/rest/messages.ts';
import type { Route } from './route.ts';

export interface Answering {
  /** Resolves once no handler is at work. */
  settled(): Promise<void>;
}

/** Answers every interaction of the client; a handler that fails is answered for, and never ends the process. */
export function answerInteractions(client: Client, route: Route, log: Logger): Answering {
  const working = new Set<Promise<void>>();
  const answer = async (interaction: Interaction) => {
    const child = log.child({ interaction: interaction.id, guild: interaction.guildId });
    try {
      await route(interaction);
    } catch (error) {
      await replyWithError(interaction, error, child);
    }
  };
  client.on(Events.InteractionCreate, (interaction) => {
    const work = answer(interaction).finally(() => working.delete(work));
    working.add(work);
  });
  return {
    settled: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}

/** The interaction is over, or it was answered already and only the news of that was lost: there is nothing to tell. */
const isOver = [
  RESTJSONErrorCodes.UnknownInteraction,
  RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged,
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownWebhook,
];

/** The one place that turns errors into replies. Never rejects: what cannot be told is logged. */
export async function replyWithError(interaction: Interaction, error: unknown, log: Logger): Promise<void> {
  if (isDiscordError(error, ...isOver)) {
    log.warn({ err: error }, 'an interaction could not be answered any more');
    return;
  }
  if (error instanceof AlreadyDoneError) return;
  const text = textFor(error, log);
  try {
    if (interaction.isAutocomplete())
      await interaction.respond([]); // Instead of a list that never comes.
    else if (interaction.isRepliable()) await reply(interaction, text);
  } catch (failure) {
    log.warn({ err: failure }, 'an error could not be told');
  }
}

function textFor(error: unknown, log: Logger): string {
  if (error instanceof UserError) return error.message;
  if (error instanceof TrainingApiError && error.kind !== 'malformed') {
    log.warn({ err: error }, 'the provider could not do what a member asked');
    return providerText(error);
  }
  if (isUnwritable(error)) {
    log.warn({ err: error }, 'what a member asked for could not be stored');
    return 'I cannot store anything at the moment: the disk of the computer that I run on may be full. Nothing was changed or billed. Tell the person who runs this bot, and try again once that is mended; trainings that run go on.';
  }
  if (isDiscordError(error, RESTJSONErrorCodes.MissingPermissions, RESTJSONErrorCodes.MissingAccess)) {
    log.warn({ err: error }, 'a permission is missing');
    return 'Discord does not let me do that in this channel. Ask an admin to check my permissions here, then use the command again.';
  }
  if (isDiscordError(error, RESTJSONErrorCodes.InvalidActionOnArchivedThread, RESTJSONErrorCodes.ThreadLocked)) {
    log.warn({ err: error }, 'a thread is closed');
    return 'This thread is closed, so nothing can be done in it. Open it again by a message in it (only moderators can when it is locked), then do that once more.';
  }
  const reference = randomBytes(4).toString('hex');
  log.error({ err: error, reference }, 'a handler failed');
  return `Something went wrong on my side. /status shows how your trainings stand; then try again. If it happens again, give the person who runs this bot the reference \`${reference}\`.`;
}

function providerText({ kind, reason, said }: TrainingApiError): string {
  if (kind !== 'rejected')
    return 'ModelsLab does not answer at the moment. Try again in a few minutes; /status shows how your trainings stand.';
  return `${refusalText(reason)}${itsWords(said)}`;
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

/** A reply that was promised is filled; the message under a pressed button is left as it is. */
async function followUp(interaction: RepliableInteraction, content: string): Promise<void> {
  // Only a reply of one's own is seen by somebody: `ephemeral` stays null after `deferUpdate`.
  const isPromised = interaction.deferred && !interaction.replied && interaction.ephemeral !== null;
  if (isPromised) await interaction.editReply({ content });
  else await interaction.followUp({ content, flags: MessageFlags.Ephemeral });
}
