import { ChannelType, Routes, type PermissionsBitField, type REST } from 'discord.js';
import { UserError } from '../../lib/errors.ts';
import type { ChannelId } from '../../lib/ids.ts';
import { missingPermissions } from './permissions.ts';

/** Where a command was used, as the interaction tells. */
export interface Place {
  readonly channel: { readonly id: string; readonly type: ChannelType; readonly parentId?: string | null } | null;
  /** What the bot may do there. */
  readonly appPermissions: Readonly<PermissionsBitField>;
}

export interface NewThread {
  readonly channelId: ChannelId;
  readonly name: string;
  readonly kind: 'public' | 'private';
}

export interface Threads {
  /** Rejects with `UserError` where no thread can be opened; otherwise gives the channel that it will hang from. */
  check(place: Place, kind: 'public' | 'private'): ChannelId;
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
      const { id } = (await rest.post(Routes.threads(channelId), { body })) as { id: string };
      return id as ChannelId;
    },
  };
}

/** A thread cannot be opened inside a thread: it hangs from the same channel instead. */
function channelFor(channel: Place['channel']): ChannelId | undefined {
  switch (channel?.type) {
    case ChannelType.GuildText:
      return channel.id as ChannelId;
    case ChannelType.PublicThread:
    case ChannelType.PrivateThread:
      return (channel.parentId ?? undefined) as ChannelId | undefined;
    default:
      return undefined;
  }
}

function missingText(missing: readonly string[]): string {
  const names = missing.map((name) => `**${name}**`).join(', ');
  return `I am not allowed to do all that is needed in this channel. Ask an admin to give me ${names} here, then use the command again.`;
}
