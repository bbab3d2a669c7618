import { Events, type Client, type Interaction } from 'discord.js';
import type { Logger } from '../lib/logger.ts';
import { replyWithError } from './error-reply.ts';
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
