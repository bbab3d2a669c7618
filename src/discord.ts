import { Client, GatewayIntentBits, Status } from 'discord.js';
import type { Config } from './config.ts';
import type { Clock } from './lib/clock.ts';
import { messageOf } from './lib/errors.ts';
import type { Logger } from './lib/logger.ts';
import type { Stop } from './lib/stop.ts';
import { createBorder } from './services/threads/rest/border.ts';
import { restOptions } from './services/threads/rest/rest-options.ts';
import type { Metrics } from './services/web/metrics.ts';

/** The bot's connection to Discord. */
export interface Discord {
  readonly client: Client;
  isTokenAccepted(): boolean;
  isConnected(): boolean;
  /** True when the bot is in; otherwise the program is about to end. */
  login(): Promise<boolean>;
}

interface DiscordDeps {
  readonly config: Pick<Config, 'discordToken' | 'discordApiUrl'>;
  readonly clock: Pick<Clock, 'steady'>;
  readonly metrics: Pick<Metrics, 'discordAnswered'>;
  readonly log: Pick<Logger, 'debug'>;
  readonly stop: Stop;
}

export function createDiscord({ config, clock, metrics, log, stop }: DiscordDeps): Discord {
  const token = { isAccepted: true };
  const border = createBorder({
    clock,
    onAnswer: (status) => {
      metrics.discordAnswered(status);
    },
    onTokenLost: () => {
      token.isAccepted = false;
      stop.because(tokenText);
    },
  });
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    enforceNonce: true,
    rest: restOptions(config.discordApiUrl, border),
  });
  return {
    client,
    isTokenAccepted: () => token.isAccepted,
    // Of the client's own word, `isReady`, one learns only that it once was.
    isConnected: () => client.ws.shards.size > 0 && client.ws.shards.every(({ status }) => status === Status.Ready),
    login: async () => {
      try {
        await client.login(config.discordToken);
        return !stop.signal.aborted;
      } catch (error) {
        log.debug({ err: error }, 'the login failed');
        stop.because(loginText(error));
        return false;
      }
    },
  };
}

const tokenText =
  'Discord does not accept DISCORD_TOKEN: copy it again from discord.com/developers/applications → your application → Bot → Reset Token, and start again.';

function loginText(error: unknown): string {
  const isToken = error instanceof Error && 'code' in error && error.code === 'TokenInvalid';
  if (isToken || (error instanceof Error && 'status' in error && error.status === 401)) return tokenText;
  return `Cannot start: Discord cannot be reached (${messageOf(error)}). Check the network and DISCORD_API_URL, then start again.`;
}
