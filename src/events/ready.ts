import type { Client } from 'discord.js';
import { commands } from '../commands/index.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { inviteLink } from '../services/threads/permissions.ts';
import { createRegistration, type Registration } from '../services/threads/rest/registration.ts';

/** Says how to invite the bot. */
export function announceStart(client: Client<true>, log: Pick<Logger, 'info'>): void {
  const invite = inviteLink(client.application.id);
  log.info({ bot: client.user.tag, guilds: client.guilds.cache.size, invite }, 'ready; invite the bot with this link');
}

export interface Deploying {
  /** The only server in which the commands show; everywhere when absent. */
  readonly guildId: string | undefined;
  /** Registers them also where Discord has the same. */
  readonly isAsked: boolean;
}

export interface DeployDeps {
  readonly client: Pick<Client<true>, 'rest' | 'application'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** A server of which the bot is no member yet, or a Discord with troubles, is asked again for as long as it takes. */
const rhythm = { baseMs: 60_000, maxMs: 3_600_000 };

const payloads = commands.flatMap(({ payload }) => payload ?? []);

/** Registers the commands where Discord has others, or when asked to; tries until that is done or the signal aborts. Never rejects. */
export async function deployCommands(
  { guildId, isAsked }: Deploying,
  { client, clock, random, log }: DeployDeps,
  signal: AbortSignal,
): Promise<void> {
  const registration = createRegistration(client.rest, client.application.id, guildId);
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await deployOnce(registration, { isAsked, log });
      return;
    } catch (error) {
      log.warn(
        { err: error },
        'the commands could not be compared or registered, trying again; "npm run deploy" says why',
      );
      await clock.sleep(backoffMs(rhythm, failures, random), signal);
    }
  }
}

async function deployOnce(
  registration: Registration,
  { isAsked, log }: Pick<Deploying, 'isAsked'> & Pick<DeployDeps, 'log'>,
): Promise<void> {
  if (!isAsked && (await registration.has(payloads))) return;
  log.info({ registered: await registration.replace(payloads) }, 'commands registered');
}
