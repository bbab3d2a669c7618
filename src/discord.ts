import { Client, GatewayIntentBits, Status } from 'discord.js';
import type { Config } from './config.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import type { Shutdown } from './lib/shutdown.ts';
import { patientGateway } from './events/patient-gateway.ts';
import { createTransport, restOptions } from './services/threads/rest/transport.ts';
import { loginErrorText, tokenNotAccepted } from './services/threads/rest/login-error.ts';
import { createReachability, type Reachability } from './services/threads/rest/reachability.ts';
import type { Metrics } from './services/web/metrics.ts';

/** The bot's connection to Discord. */
export interface Discord {
  readonly client: Client;
  isTokenAccepted(): boolean;
  isConnected(): boolean;
  readonly reach: Reachability;
  /** Resolves once Discord was asked whether it can be connected to, whatever it said, unless it refused the token. */
  readonly asked: Promise<void>;
  /** Waits for as long as Discord cannot be reached. False when the program is about to end instead. */
  login(): Promise<boolean>;
}

interface DiscordDeps {
  readonly config: Pick<Config, 'discordToken' | 'discordApiUrl'>;
  readonly clock: Pick<Clock, 'steady' | 'sleep'>;
  readonly random: () => number;
  readonly metrics: Pick<Metrics, 'discordAnswered'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>;
  readonly stop: Shutdown;
}

export function createDiscord({ config, clock, random, metrics, log, stop }: DiscordDeps): Discord {
  const token = { isAccepted: true };
  const reach = createReachability();
  const border = createTransport({
    clock,
    onReach: (isThere) => {
      reach.note(isThere);
    },
    onAnswer: (status) => {
      metrics.discordAnswered(status);
    },
    onTokenLost: () => {
      token.isAccepted = false;
      stop.because(tokenNotAccepted);
    },
  });
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<undefined>();
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    enforceNonce: true,
    rest: restOptions(config.discordApiUrl, border),
    ws: patientGateway({
      clock,
      random,
      log,
      signal: stop.signal,
      onAsked: () => {
        onAsked(undefined);
      },
    }),
  });
  return {
    client,
    reach,
    isTokenAccepted: () => token.isAccepted,
    // Of the client's own word, `isReady`, one learns only that it once was.
    isConnected: () => client.ws.shards.size > 0 && client.ws.shards.every(({ status }) => status === Status.Ready),
    asked,
    login: async () => {
      try {
        await client.login(config.discordToken);
        return !stop.signal.aborted;
      } catch (error) {
        log.debug({ err: error }, 'the login failed');
        stop.because(loginErrorText(error));
        return false;
      }
    },
  };
}
