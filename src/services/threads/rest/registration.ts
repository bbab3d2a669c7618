import { Routes, type RESTPostAPIApplicationCommandsJSONBody } from 'discord-api-types/v10';
import { formOf } from './command-form.ts';
import type { REST } from './discord-rest.ts';

type Payloads = readonly RESTPostAPIApplicationCommandsJSONBody[];

export interface Registration {
  /** Whether Discord has exactly these commands. */
  has(payloads: Payloads): Promise<boolean>;
  /** Replaces all of them; resolves to how many there are then. */
  replace(payloads: Payloads): Promise<number>;
}

/** With a guild the commands show there at once; without one everywhere. */
export function createRegistration(rest: REST, applicationId: string, guildId: string | undefined): Registration {
  const scope = { isGlobal: guildId === undefined };
  const route =
    guildId === undefined
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId);
  // Without this Discord gives none of the names and descriptions in other languages.
  const query = new URLSearchParams({ with_localizations: 'true' });
  return {
    has: async (payloads) => {
      const registered = await rest.get(route, { query });
      return Array.isArray(registered) && formOf(registered, scope) === formOf(payloads, scope);
    },
    replace: async (payloads) => {
      const registered = await rest.put(route, { body: payloads });
      return Array.isArray(registered) ? registered.length : 0;
    },
  };
}
