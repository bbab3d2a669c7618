import { ChannelType, RESTJSONErrorCodes, Routes } from 'discord-api-types/v10';
import { UserError } from '../../lib/errors.ts';
import type { ChannelId } from '../../lib/ids.ts';
import type { ThreadKind } from '../guilds/guild-settings.ts';
import { missingInThread, missingPermissions, type Permissions } from './permissions.ts';
import { DiscordAPIError, type REST } from './rest/discord-rest.ts';
import { digestOf, isDiscordError } from './rest/messages.ts';
import { getSite, type PlaceChannel } from './site.ts';

/** Where a command was used, as the interaction tells. */
export interface Place {
  readonly channel: PlaceChannel | null;
  /** What the bot may do there. */
  readonly appPermissions: Permissions;
}

export interface NewThread {
  readonly channel: PlaceChannel | null;
  readonly name: string;
  readonly kind: ThreadKind;
}

export interface OpenedThread {
  readonly threadId: ChannelId;
  /** The name that it has where Discord refused the one that was wanted. */
  readonly otherName?: string;
}

export interface Threads {
  /** Rejects with `UserError` where no thread can be opened; otherwise gives the channel that it will hang from. */
  check(place: Place, kind: ThreadKind): ChannelId;
  /** In the post of a forum, that post. Rejects with `UserError` where Discord wants something of people first. */
  open(thread: NewThread): Promise<OpenedThread>;
}

/** Three days without a message: long enough for any training, and sending wakes it again. */
const archiveAfterMinutes = 4320;

export function createThreads(rest: Pick<REST, 'post'>): Threads {
  return {
    check: ({ channel, appPermissions }, kind) => {
      const site = getSite(channel, kind);
      const missing = site.kind === 'post' ? missingInThread(appPermissions) : missingPermissions(appPermissions, kind);
      if (missing.length > 0) throw new UserError(missingText(missing));
      return site.channelId;
    },

    open: async ({ channel, name, kind }) => {
      const site = getSite(channel, kind);
      if (site.kind === 'post') return { threadId: site.postId };
      const post = async (called: string) => {
        const body = {
          name: called,
          type: site.kind === 'announcement' ? ChannelType.AnnouncementThread : typeOf[kind],
          auto_archive_duration: archiveAfterMinutes,
          ...(kind === 'private' && { invitable: false }),
        };
        const { id } = (await rest.post(Routes.threads(site.channelId), { body })) as { id: string };
        return id as ChannelId;
      };
      try {
        return { threadId: await post(name) };
      } catch (error) {
        if (!isNameRefused(error)) return withAdvice(error);
        const otherName = neutralName(name);
        return { threadId: await post(otherName).catch(withAdvice), otherName };
      }
    },
  };
}

const typeOf = { public: ChannelType.PublicThread, private: ChannelType.PrivateThread } as const;

/** A word that Discord's filters or the server's own do not allow; what is wrong with a body is told by its fields. */
function isNameRefused(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError)) return false;
  const { errors } = error.rawError as { readonly errors?: unknown };
  const isAboutName = typeof errors === 'object' && errors !== null && 'name' in errors;
  return isDiscordError(error, ...nameFilters) || (isInvalid(error) && isAboutName);
}

const nameFilters = [
  RESTJSONErrorCodes.MessageWasBlockedByAutomaticModeration,
  RESTJSONErrorCodes.TitleWasBlockedByAutomaticModeration,
  RESTJSONErrorCodes.MessageBlockedByHarmfulLinksFilter,
];

function isInvalid(error: unknown): boolean {
  return isDiscordError(error, RESTJSONErrorCodes.InvalidFormBodyOrContentType);
}

/** Says nothing that could be refused, and the same each time. */
function neutralName(name: string): string {
  return `Training ${1000 + (Number.parseInt(digestOf(name).slice(0, 8), 16) % 9000)}`;
}

function withAdvice(error: unknown): never {
  if (
    isDiscordError(error, RESTJSONErrorCodes.MaximumActiveThreads, RESTJSONErrorCodes.MaximumActiveAnnouncementThreads)
  )
    throw new UserError(
      'I report in a thread, and this server has as many open threads as Discord allows. Ask an admin to close some, then use the command again.',
      { cause: error },
    );
  if (isNameRefused(error))
    throw new UserError(
      'I report in a thread, and a filter of Discord or of this server refuses every name that I tried for it. Ask an admin to look at AutoMod in the server settings, or use the command in another channel.',
      { cause: error },
    );
  throw error;
}

function missingText(missing: readonly string[]): string {
  const names = missing.map((name) => `**${name}**`).join(', ');
  return `I am not allowed to do all that is needed in this channel. Ask an admin to give me ${names} here, then use the command again.`;
}
