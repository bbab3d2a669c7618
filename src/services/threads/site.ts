import { ChannelType } from 'discord-api-types/v10';
import { UserError } from '../../lib/errors.ts';
import type { ChannelId } from '../../lib/ids.ts';
import type { ThreadKind } from '../guilds/guild-settings.ts';

/** The channel in which a command was used. */
export interface PlaceChannel {
  readonly id: string;
  readonly type: ChannelType;
  readonly parent?: { readonly id: string; readonly type: ChannelType } | null;
}

/** Where an order can be shown: in a thread that hangs from a channel, or in the post of a forum, which is one itself. */
export type Site =
  | { readonly kind: 'text' | 'announcement'; readonly channelId: ChannelId }
  | { readonly kind: 'post'; readonly channelId: ChannelId; readonly postId: ChannelId };

const kinds: Partial<Record<ChannelType, Site['kind']>> = {
  [ChannelType.GuildText]: 'text',
  [ChannelType.GuildAnnouncement]: 'announcement',
  [ChannelType.GuildForum]: 'post',
  [ChannelType.GuildMedia]: 'post',
};
const threadTypes: readonly ChannelType[] = [
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
];

/** The kinds of channels that orders can be in, for choosing among them. Discord's description knows of no choice of media channels. */
export const siteTypes = [ChannelType.GuildText, ChannelType.GuildAnnouncement, ChannelType.GuildForum] as const;

/** A thread cannot be opened inside a thread: it hangs from the same channel instead. */
function findSite(channel: PlaceChannel | null): Site | undefined {
  const parent = channel && threadTypes.includes(channel.type) ? channel.parent : undefined;
  const carrier = parent ?? channel;
  const kind = carrier ? kinds[carrier.type] : undefined;
  if (!channel || !carrier || kind === undefined) return undefined;
  const channelId = carrier.id as ChannelId;
  if (kind !== 'post') return { kind, channelId };
  return parent ? { kind, channelId, postId: channel.id as ChannelId } : undefined;
}

/** Throws `UserError` where no thread of this kind can be. */
export function getSite(channel: PlaceChannel | null, threads: ThreadKind): Site {
  const site = findSite(channel);
  if (!site) throw new UserError(`I report in a thread, and ${whyNone(channel)}. Use the command in a text channel.`);
  if (threads === 'private' && site.kind !== 'text') {
    const where = site.kind === 'post' ? 'a forum' : 'an announcement channel';
    throw new UserError(
      `This server keeps trainings in private threads, and ${where} cannot have those. Use the command in a text channel, or ask an admin to allow public threads with /config privacy.`,
    );
  }
  return site;
}

function whyNone(channel: PlaceChannel | null): string {
  switch (channel?.type) {
    case undefined:
      return 'I cannot see the channel that we are in';
    case ChannelType.GuildVoice:
      return 'the chat of a voice channel cannot have threads';
    case ChannelType.GuildStageVoice:
      return 'the chat of a stage cannot have threads';
    case ChannelType.PublicThread:
    case ChannelType.PrivateThread:
    case ChannelType.AnnouncementThread:
      return 'I cannot see the channel that this thread belongs to';
    default:
      return 'this channel cannot have threads';
  }
}
