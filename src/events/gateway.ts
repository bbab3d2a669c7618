import { Events, type Client } from 'discord.js';
import type { Logger } from '../lib/logger.ts';

/** Discord's close code for a token that it does not accept. */
const invalidToken = 4004;

/** Writes down what the gateway does; what ends the program for good is handed to `onFatal`. */
export function watchGateway(client: Client, log: Logger, onFatal: (reason: string) => void): void {
  client.on(Events.Error, (error) => {
    log.error({ err: error }, 'the Discord client reported an error');
  });
  client.on(Events.Warn, (text) => {
    log.warn({ text }, 'the Discord client warned');
  });
  client.on(Events.ShardReconnecting, (shard) => {
    log.warn({ shard }, 'the connection to Discord was lost, connecting again');
  });
  client.on(Events.ShardResume, (shard, replayed) => {
    log.info({ shard, replayed }, 'the connection to Discord is back');
  });
  client.on(Events.ShardDisconnect, ({ code }) => {
    onFatal(`Discord closed the connection for good (code ${code}): ${adviceOn(code)}`);
  });
  client.on(Events.Invalidated, () => {
    onFatal('Discord ended the session for good: start the program again');
  });
}

function adviceOn(code: number): string {
  return code === invalidToken
    ? 'DISCORD_TOKEN is not valid any more, copy it again from discord.com/developers/applications'
    : 'start the program again, and if that does not help look the code up in Discord’s documentation of the gateway';
}
