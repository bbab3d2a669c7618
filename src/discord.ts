import { Client, GatewayIntentBits, Status } from 'discord.js';
import type { Config } from './config.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import type { Stop } from './lib/stop.ts';
import { createBorder } from './services/threads/rest/border.ts';
import { loginTrouble, tokenNotAccepted } from './services/threads/rest/login-trouble.ts';
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
      stop.because(tokenNotAccepted);
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
        stop.because(loginTrouble(error));
        return false;
      }
    },
  };
}
