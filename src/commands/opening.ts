import { RESTJSONErrorCodes } from 'discord.js';
import { UserError } from '../lib/errors.ts';
import type { ChannelId } from '../lib/ids.ts';
import type { GuildSettings, ThreadKind } from '../services/guilds/settings.ts';
import type { Job, Order } from '../services/jobs/job.ts';
import { triggerFor } from '../services/jobs/order.ts';
import { blockedText } from '../services/jobs/drafts/review.ts';
import type { Actor } from '../services/jobs/wishes.ts';
import { methods } from '../services/modelslab/methods.ts';
import { findSetting } from '../services/modelslab/settings.ts';
import { isDiscordError } from '../services/threads/rest/messages.ts';
import { plain, title } from '../services/threads/cards/words.ts';
import type { Services } from './command.ts';

/** An order that is to be shown in a thread, and who is opening it. */
interface Opened {
  readonly actor: Actor;
  readonly job: Job;
}

/** Opens the order's thread when it has none; the poller fetches the photos once it is there. */
export async function threadOf({ actor, job }: Opened, services: Services): Promise<ChannelId> {
  if (job.told.threadId !== undefined) return job.told.threadId;
  const { threads: kind } = await services.settings.get(actor.guildId);
  const threadId = await openThread({ actor, job, kind }, services);
  await services.desk.placeIn(job.id, { threadId, isPrivate: kind === 'private' });
  return threadId;
}

/** An order that nobody can see is no use: without a thread it is discarded, and its name is free again. */
async function openThread(
  { actor, job, kind }: Opened & { readonly kind: ThreadKind },
  services: Services,
): Promise<ChannelId> {
  try {
    return await services.threads.open({ channelId: job.channelId, name: job.order.name, kind });
  } catch (error) {
    await services.desk.discard(actor, job.id);
    // What an admin has to change is said where all errors become replies.
    const isPermission = isDiscordError(error, RESTJSONErrorCodes.MissingPermissions, RESTJSONErrorCodes.MissingAccess);
    if (error instanceof UserError || isPermission) throw error;
    services.log.warn({ err: error, jobId: job.id }, 'a thread could not be opened, the order was discarded');
    throw new UserError(
      'Discord did not let me open a thread for this order, so I discarded it; nothing was billed. Wait a minute, then use the command again with your photos.',
    );
  }
}

/** What the member reads where they used the command; everything else happens in the thread. */
export async function openedText(
  { guildId, order, notes = [] }: Job,
  threadId: ChannelId,
  { vault }: Pick<Services, 'vault'>,
): Promise<string> {
  const hasKey = (await vault.facts(guildId)) !== undefined;
  const taken = `I took what is possible instead and called it ${title(order.name)}. Press Settings there to change that.`;
  return [
    `Your photos are being looked at in <#${threadId}>. Nothing is billed until you press Start there.`,
    ...notes.map(plain),
    ...(notes.length === 0 ? [] : [taken]),
    ...(hasKey ? [] : [blockedText({ kind: 'no-key' })]),
  ].join('\n');
}

/** What was left out comes from the server's defaults; a base model only where the method builds on one. */
export function completeOrder(given: Pick<Order, 'name' | 'subject'> & Partial<Order>, settings: GuildSettings): Order {
  const { crop, baseModel } = settings;
  const method = given.method ?? settings.method;
  const base = findSetting(methods[method], 'baseModel') && baseModel !== undefined ? { baseModel } : {};
  return { method, crop, trigger: triggerFor(given.name), ...base, ...given };
}
