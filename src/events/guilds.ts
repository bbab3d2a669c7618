import { Events, Routes, type Client } from 'discord.js';
import type { Clock } from '../lib/clock.ts';
import type { GuildId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { compareEveryMs, type Departures } from '../services/retention/departures.ts';
import type { REST } from '../services/threads/rest/discord-rest.ts';

export interface GuildsDeps {
  readonly client: Client;
  readonly departures: Departures;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Pick<Logger, 'error' | 'warn'>;
}

/** Hears when the bot is removed from a server or invited to one. An outage is neither: discord.js tells it apart. */
export function watchGuilds({ client, departures, log }: GuildsDeps): void {
  const noted = (work: Promise<void>) => {
    work.catch((error: unknown) => {
      log.error({ err: error }, 'it could not be noted that the bot left or joined a server: the next look finds it');
    });
  };
  client.on(Events.GuildDelete, ({ id }) => {
    noted(departures.leave(id as GuildId));
  });
  client.on(Events.GuildCreate, ({ id }) => {
    noted(departures.comeBack(id as GuildId));
  });
}

/** Looks, until the signal aborts, for servers that were joined or left while the bot was offline. */
export async function runComparisons(deps: GuildsDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await compare(deps).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'the servers that the bot is in could not be compared with what is kept');
    });
    await deps.clock.sleep(compareEveryMs, signal);
  }
}

function compare({ client, departures }: GuildsDeps): Promise<void> {
  return departures.compare(async () => {
    const listed = await listGuilds(client.rest);
    const down = client.guilds.cache.filter(({ available }) => !available).map(({ id }) => id as GuildId);
    return new Set([...listed, ...down]);
  });
}

/** As many as Discord gives at once. */
const perPage = 200;

/**
 * Every server that the bot is in. Asked of Discord: what the gateway's client remembers may be from before a connection
 * that was lost and could not be resumed.
 */
async function listGuilds(rest: REST): Promise<ReadonlySet<GuildId>> {
  const ids: string[] = [];
  for (;;) {
    const query = new URLSearchParams({ limit: String(perPage), ...(ids.length > 0 && { after: ids.at(-1) ?? '' }) });
    const page = (await rest.get(Routes.userGuilds(), { query })) as readonly { readonly id: string }[];
    ids.push(...page.map(({ id }) => id));
    if (page.length < perPage) return new Set(ids as GuildId[]);
  }
}
