import { Events, type Client } from 'discord.js';
import type { Logger } from '../lib/logger.ts';

/** What to do about the close codes after which Discord takes no more from this program. */
const advice: Readonly<Record<number, string>> = {
  4004: 'DISCORD_TOKEN is not valid any more, copy it again from discord.com/developers/applications',
  4010: 'it was told of a shard that does not exist, start the program again',
  4011: 'the bot is in more servers than one process may serve, and this version runs in one',
  4012: 'it no longer takes the version of its API that this program speaks, update the program',
  4013: 'it does not know what this program asks to be told of, update the program',
  4014: 'it does not let this bot be told of what this program asks for, update the program',
};

/** Writes down what the gateway does, the same trouble once until it is over; what ends the program for good is handed to `onFatal`. */
export function watchGateway(client: Client, log: Logger, onFatal: (reason: string) => void): void {
  const lost = new Set<number>();
  const trouble = (shard: number, fields: object, text: string) => {
    if (lost.has(shard)) log.debug({ shard, ...fields }, text);
    else log.warn({ shard, ...fields }, text);
  };
  client.on(Events.Error, (error) => {
    log.error({ err: error }, 'the Discord client reported an error');
  });
  client.on(Events.Warn, (text) => {
    log.warn({ text }, 'the Discord client warned');
  });
  client.on(Events.ShardReconnecting, (shard) => {
    trouble(shard, {}, 'there is no connection to Discord, connecting again');
    lost.add(shard);
  });
  client.on(Events.ShardReady, (shard) => {
    if (lost.delete(shard)) log.info({ shard }, 'the connection to Discord is there');
  });
  client.on(Events.ShardResume, (shard, replayed) => {
    lost.delete(shard);
    log.info({ shard, replayed }, 'the connection to Discord is back');
  });
  client.on(Events.ShardDisconnect, ({ code }) => {
    const what = advice[code] ?? 'start the program again';
    onFatal(`Discord closed the connection for good (code ${code}): ${what}`);
  });
  client.on(Events.ShardError, (error, shard) => {
    trouble(shard, { err: error }, 'the connection to Discord has trouble');
  });
  client.on(Events.Invalidated, () => {
    onFatal('Discord ended the session for good: start the program again');
  });
}
