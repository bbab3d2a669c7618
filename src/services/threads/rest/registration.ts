import { Routes, type REST, type RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';

export interface Registration {
  /** How many commands Discord knows of this bot; 0 when it does not say, since registering again does no harm. */
  count(): Promise<number>;
  /** Replaces all of them; resolves to how many there are now. */
  replace(payloads: readonly RESTPostAPIApplicationCommandsJSONBody[]): Promise<number>;
}

/** With a guild the commands show there at once; without one everywhere. */
export function createRegistration(rest: REST, applicationId: string, guildId: string | undefined): Registration {
  const route =
    guildId === undefined
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);
  const length = (answer: unknown) => (Array.isArray(answer) ? answer.length : 0);
  return {
    count: () => rest.get(route).then(length, () => 0),
    replace: async (payloads) => length(await rest.put(route, { body: payloads })),
  };
}
