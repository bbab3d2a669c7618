import {
  ApplicationIntegrationType,
  InteractionContextType,
  type ContextMenuCommandBuilder,
  type SlashCommandBuilder,
} from 'discord.js';

/** A command that is offered in servers alone: elsewhere there is no key that could pay, and no admin. */
export function guildOnly<Builder extends SlashCommandBuilder | ContextMenuCommandBuilder>(builder: Builder): Builder {
  builder.setContexts(InteractionContextType.Guild);
  builder.setIntegrationTypes(ApplicationIntegrationType.GuildInstall);
  return builder;
}
