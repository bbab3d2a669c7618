import { RESTJSONErrorCodes } from 'discord.js';
import { messageOf, UserError } from '../lib/errors.ts';
import type { GuildSettings, ThreadKind } from '../services/guilds/guild-settings.ts';
import type { Actor } from '../services/jobs/desk/job-editor.ts';
import { blockedText } from '../services/jobs/review/review.ts';
import type { Job, Order } from '../services/jobs/state/job.ts';
import { triggerFor } from '../services/jobs/state/order.ts';
import { methods } from '../services/modelslab/methods.ts';
import { findSetting } from '../services/modelslab/settings.ts';
import { plain, span, title } from '../services/threads/cards/words.ts';
import { RateLimitError } from '../services/threads/rest/discord-rest.ts';
import { isDiscordError, isRefusal } from '../services/threads/rest/messages.ts';
import type { OpenedThread, Place } from '../services/threads/threads.ts';
import type { Services } from './command.ts';

/** An order that is to be shown in a thread, who is opening it, and where. */
interface Opened extends Pick<Place, 'channel'> {
  readonly actor: Actor;
  readonly job: Job;
}

/** Opens the order's thread when it has none; the poller fetches the photos once it is there. */
export async function threadOf({ actor, job, channel }: Opened, services: Services): Promise<OpenedThread> {
  if (job.told.threadId !== undefined) return { threadId: job.told.threadId };
  const { threads: kind } = await services.settings.get(actor.guildId);
  const thread = await openThread({ actor, job, channel, kind }, services);
  await services.desk.placeIn(job.id, { threadId: thread.threadId, isPrivate: kind === 'private' });
  return thread;
}

/** An order that cannot be seen is no use: without a thread it is discarded, and its name is free again. */
async function openThread(
  { actor, job, channel, kind }: Opened & { readonly kind: ThreadKind },
  services: Services,
): Promise<OpenedThread> {
  try {
    return await services.threads.open({ channel, name: job.order.name, kind });
  } catch (error) {
    await services.desk.discard(actor, job.id);
    // What an admin has to change is said where all errors become replies.
    const isPermission = isDiscordError(error, RESTJSONErrorCodes.MissingPermissions, RESTJSONErrorCodes.MissingAccess);
    if (error instanceof UserError || isPermission) throw error;
    services.log.warn({ err: error, jobId: job.id }, 'a thread could not be opened, the order was discarded');
    throw new UserError(
      `Discord did not let me open a thread for this order, so I discarded it; nothing was billed. ${whatThen(error)}`,
    );
  }
}

/** What Discord has answered once it answers again; waiting is no advice for the rest. */
function whatThen(error: unknown): string {
  if (error instanceof RateLimitError && error.retryAfter > 90_000)
    return `It lets me open the next one in ${span(error.retryAfter)}: use the command again then with your photos${error.global ? '' : ', or in another channel'}.`;
  if (!isRefusal(error)) return 'Wait a minute, then use the command again with your photos.';
  return `It said: “${plain(messageOf(error)).slice(0, 200)}”. Use the command again in another channel, or show this to an admin.`;
}

/** What the member reads where they used the command; everything else happens in the thread. */
export async function openedText(
  { guildId, order, notes = [] }: Job,
  { threadId, otherName }: OpenedThread,
  { vault }: Pick<Services, 'vault'>,
): Promise<string> {
  const hasKey = (await vault.facts(guildId)) !== undefined;
  const taken = `I took what is possible instead and called it ${title(order.name)}. Press Settings there to change that.`;
  const renamed = `A filter of Discord or of this server does not allow ${title(order.name)} as the name of a thread, so the thread is called “${String(otherName)}”. The order keeps its name.`;
  return [
    `Your photos are being looked at in <#${threadId}>. Nothing is billed until you press Start there.`,
    ...(otherName === undefined ? [] : [renamed]),
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
