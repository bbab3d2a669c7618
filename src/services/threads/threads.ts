import type { REST } from '@discordjs/rest';
import { ChannelType, RESTJSONErrorCodes, Routes, type PermissionsBitField } from 'discord.js';
import { UserError } from '../../lib/errors.ts';
import type { ChannelId } from '../../lib/ids.ts';
import { isDiscordError } from './rest/messages.ts';
import type { ThreadKind } from '../guilds/settings.ts';
import { missingPermissions } from './permissions.ts';

/** Where a command was used, as the interaction tells. */
export interface Place {
  readonly channel: PlaceChannel | null;
  /** What the bot may do there. */
  readonly appPermissions: Readonly<PermissionsBitField>;
}

interface PlaceChannel {
  readonly id: string;
  readonly type: ChannelType;
  readonly parent?: { readonly id: string; readonly type: ChannelType } | null;
}

export interface NewThread {
  readonly channelId: ChannelId;
  readonly name: string;
  readonly kind: ThreadKind;
}

export interface Threads {
  /** Rejects with `UserError` where no thread can be opened; otherwise gives the channel that it will hang from. */
  check(place: Place, kind: ThreadKind): ChannelId;
  /** Rejects with `UserError` where the server has as many threads as Discord allows. */
  open(thread: NewThread): Promise<ChannelId>;
}

/** Three days without a message: long enough for any training, and sending wakes it again. */
const archiveAfterMinutes = 4320;

export function createThreads(rest: REST): Threads {
  return {
    check: ({ channel, appPermissions }, kind) => {
      const channelId = channelFor(channel);
      if (channelId === undefined)
        throw new UserError(
          'I report in a thread, and this channel cannot have threads. Use the command in a text channel.',
        );
      const missing = missingPermissions(appPermissions, kind);
      if (missing.length > 0) throw new UserError(missingText(missing));
      return channelId;
    },

    open: async ({ channelId, name, kind }) => {
      const type = kind === 'public' ? ChannelType.PublicThread : ChannelType.PrivateThread;
      const body = {
        name,
        type,
        auto_archive_duration: archiveAfterMinutes,
        ...(kind === 'private' && { invitable: false }),
      };
      const { id } = (await rest.post(Routes.threads(channelId), { body }).catch(withAdvice)) as { id: string };
      return id as ChannelId;
    },
  };
}

/** A thread cannot be opened inside a thread: it hangs from the same channel instead. */
function channelFor(channel: PlaceChannel | null): ChannelId | undefined {
  const carrier = channel?.parent && isThread(channel) ? channel.parent : channel;
  return carrier?.type === ChannelType.GuildText ? (carrier.id as ChannelId) : undefined;
}

function isThread({ type }: PlaceChannel): boolean {
  return type === ChannelType.PublicThread || type === ChannelType.PrivateThread;
}

function withAdvice(error: unknown): never {
  if (!isDiscordError(error, RESTJSONErrorCodes.MaximumActiveThreads)) throw error;
  throw new UserError(
    'I report in a thread, and this server has as many open threads as Discord allows. Ask an admin to close some, then use the command again.',
    { cause: error },
  );
}

function missingText(missing: readonly string[]): string {
  const names = missing.map((name) => `**${name}**`).join(', ');
  return `I am not allowed to do all that is needed in this channel. Ask an admin to give me ${names} here, then use the command again.`;
}
