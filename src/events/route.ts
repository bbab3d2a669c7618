import type { Interaction } from 'discord.js';
import type { Command, Services } from '../commands/command.ts';
import { UserError } from '../lib/errors.ts';
import { parseCustomId, type CustomId } from '../services/threads/custom-id.ts';

/** Runs whatever an interaction asks for. Rejects with what the handler rejects with. */
export type Route = (interaction: Interaction) => Promise<void>;

type HandlerKind = 'buttons' | 'selects' | 'modals';

/** Components and commands outlive the program that made them: one that is not known any more gets a clear answer. */
export function createRoute(commands: readonly Command[], services: Services): Route {
  const named = new Map(
    commands.flatMap((command) => (command.payload ? [[command.payload.name, command] as const] : [])),
  );
  const find = (name: string): Command => {
    const command = named.get(name);
    if (!command) throw new UserError('This command does not exist any more. Type / to see those that do.');
    return command;
  };

  return async (interaction) => {
    if (interaction.isChatInputCommand()) await find(interaction.commandName).execute?.(interaction, services);
    else if (interaction.isMessageContextMenuCommand())
      await find(interaction.commandName).executeOnMessage?.(interaction, services);
    else if (interaction.isAutocomplete()) await find(interaction.commandName).autocomplete?.(interaction, services);
    else if (interaction.isButton()) await handlerOf(commands, 'buttons', interaction)(interaction, services);
    else if (interaction.isStringSelectMenu()) await handlerOf(commands, 'selects', interaction)(interaction, services);
    else if (interaction.isModalSubmit()) await handlerOf(commands, 'modals', interaction)(interaction, services);
  };
}

type HandlerIn<Kind extends HandlerKind> = NonNullable<NonNullable<Command[Kind]>['start']>;

function handlerOf<Kind extends HandlerKind>(
  commands: readonly Command[],
  kind: Kind,
  { customId }: { customId: string },
) {
  const id = parseCustomId(customId);
  const handlers = commands.flatMap((command) => Object.entries(command[kind] ?? {}));
  const handler = handlers.find(([verb]) => verb === id.verb)?.[1] as HandlerIn<Kind> | undefined; // The kind ties handler and interaction.
  if (!handler)
    throw new UserError('This button is from an older version and does nothing any more. Use /status to go on.');
  return (interaction: Parameters<HandlerIn<Kind>>[0], services: Services): Promise<void> =>
    (handler as (interaction: unknown, services: Services, id: CustomId) => Promise<void>)(interaction, services, id);
}
