import { Events, type Client, type Interaction } from 'discord.js';
import type { Logger } from '../lib/logger.ts';
import { replyWithError } from './error-reply.ts';
import type { Route } from './route.ts';

/** Answers every interaction of the client; a handler that fails is answered for, and never ends the process. */
export function answerInteractions(client: Client, route: Route, log: Logger): void {
  const answer = async (interaction: Interaction) => {
    const child = log.child({ interaction: interaction.id, guild: interaction.guildId });
    try {
      await route(interaction);
    } catch (error) {
      await replyWithError(interaction, error, child);
    }
  };
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
}
