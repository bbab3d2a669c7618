import type { Client } from 'discord.js';
import { commands } from '../commands/index.ts';
import type { Logger } from '../lib/logger.ts';
import { inviteLink } from '../services/threads/permissions.ts';
import { createRegistration } from '../services/threads/rest/registration.ts';

interface Deploying {
  /** The only server in which the commands show; everywhere when absent. */
  readonly guildId: string | undefined;
  /** Whether or not there are any. */
  readonly isAsked: boolean;
}

/** Says how to invite the bot, and registers its commands where none are, or when asked to. Never rejects. */
export async function announceStart(client: Client<true>, deploying: Deploying, log: Logger): Promise<void> {
  const invite = inviteLink(client.application.id);
  log.info({ bot: client.user.tag, guilds: client.guilds.cache.size, invite }, 'ready; invite the bot with this link');
  try {
    const registration = createRegistration(client.rest, client.application.id, deploying.guildId);
    if (!deploying.isAsked && (await registration.count()) > 0) return;
    const registered = await registration.replace(commands.flatMap(({ payload }) => payload ?? []));
    log.info({ registered }, 'commands registered');
  } catch (error) {
    log.error({ err: error }, 'the commands could not be registered: run "npm run deploy"');
  }
}
