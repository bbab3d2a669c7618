import type { REST } from './discord-rest.ts';
import { Routes } from 'discord.js';
import type { GuildId } from '../../../lib/ids.ts';

/** As many as Discord gives at once. */
const perPage = 200;

/**
 * Every server that the bot is in. Asked of Discord: what the gateway's client remembers may be from before a connection
 * that was lost and could not be resumed.
 */
export async function listGuilds(rest: REST): Promise<ReadonlySet<GuildId>> {
  const ids: string[] = [];
  for (;;) {
    const query = new URLSearchParams({ limit: String(perPage), ...(ids.length > 0 && { after: ids.at(-1) ?? '' }) });
    const page = (await rest.get(Routes.userGuilds(), { query })) as readonly { readonly id: string }[];
    ids.push(...page.map(({ id }) => id));
    if (page.length < perPage) return new Set(ids as GuildId[]);
  }
}
