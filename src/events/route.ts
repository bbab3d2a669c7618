import type { Interaction } from 'discord.js';
import type { Command, Handler, Handlers, Services } from '../commands/command.ts';
import { UserError } from '../lib/errors.ts';
import { parseCustomId } from '../services/threads/cards/custom-id.ts';

/** Runs whatever an interaction asks for. Rejects with what the handler rejects with. */
export type Route = (interaction: Interaction) => Promise<void>;

/** Components and commands outlive the program that made them: one that is not known any more gets a clear answer. */
export function createRoute(commands: readonly Command[], services: Services): Route {
  const named = new Map(commands.map((command) => [command.payload?.name, command]));
  const buttons = handlersIn(commands.map((command) => command.buttons));
  const selects = handlersIn(commands.map((command) => command.selects));
  const modals = handlersIn(commands.map((command) => command.modals));

  const find = (name: string): Command => {
    const command = named.get(name);
    if (!command) throw new UserError('This command does not exist any more. Type / to see those that do.');
    return command;
  };

  return async (interaction) => {
    services.signal.throwIfAborted(); // Its reason is for the member: nothing is begun that might be cut off.
    if (interaction.isChatInputCommand()) await find(interaction.commandName).execute?.(interaction, services);
    else if (interaction.isMessageContextMenuCommand())
      await find(interaction.commandName).executeOnMessage?.(interaction, services);
    else if (interaction.isAutocomplete()) await find(interaction.commandName).autocomplete?.(interaction, services);
    else if (interaction.isButton()) await handle(buttons, interaction, services);
    else if (interaction.isStringSelectMenu()) await handle(selects, interaction, services);
    else if (interaction.isModalSubmit()) await handle(modals, interaction, services);
  };
}

/** By verb. */
function handlersIn<Asked>(all: readonly (Handlers<Asked> | undefined)[]): ReadonlyMap<string, Handler<Asked>> {
  return new Map(all.flatMap((handlers) => Object.entries<Handler<Asked>>(handlers ?? {})));
}

async function handle<Asked extends { readonly customId: string }>(
  handlers: ReadonlyMap<string, Handler<Asked>>,
  interaction: Asked,
  services: Services,
): Promise<void> {
  const id = parseCustomId(interaction.customId);
  const handler = handlers.get(id.verb);
  if (!handler)
    throw new UserError('This button is from an older version and does nothing any more. Use /status to go on.');
  await handler(interaction, services, id);
}
