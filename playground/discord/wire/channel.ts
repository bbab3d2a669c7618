import type { Channel, DirectChannel, Overwrite, TextChannel, Thread } from '../state/channel.ts';
import { isArchived } from '../state/channel.ts';
import type { World } from '../world.ts';
import { getUser, messagesIn } from '../world.ts';
import { userWire } from './user.ts';
import type { Json } from './json.ts';

export const channelTypes = {
  text: 0,
  direct: 1,
  announcement: 5,
  announcementThread: 10,
  publicThread: 11,
  privateThread: 12,
  forum: 15,
} as const;

export function channelWire(world: World, channel: Channel): Json {
  if (channel.kind === 'text') return textWire(channel);
  return channel.kind === 'thread' ? threadWire(world, channel) : directWire(world, channel);
}

function textWire({ id, form, guildId, name, overwrites, lastMessageId }: TextChannel) {
  return {
    id,
    type: channelTypes[form],
    guild_id: guildId,
    name,
    position: 0,
    permission_overwrites: overwrites.map(overwriteWire),
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    last_message_id: lastMessageId ?? null,
    flags: 0,
    ...(form === 'forum' && forumWire),
  };
}

const forumWire = {
  available_tags: [],
  default_reaction_emoji: null,
  default_sort_order: null,
  default_forum_layout: 0,
  default_thread_rate_limit_per_user: 0,
};

function overwriteWire({ id, kind, allow, deny }: Overwrite) {
  return { id, type: kind === 'role' ? 0 : 1, allow: allow.toString(), deny: deny.toString() };
}

export function threadWire(world: World, thread: Thread): Json {
  const count = messagesIn(world, thread.id).length;
  return {
    id: thread.id,
    type: threadType(world, thread),
    guild_id: thread.guildId,
    parent_id: thread.parentId,
    owner_id: thread.ownerId,
    name: thread.name,
    last_message_id: thread.lastMessageId ?? null,
    message_count: count,
    total_message_sent: count,
    member_count: thread.memberIds.size,
    rate_limit_per_user: 0,
    flags: 0,
    thread_metadata: {
      archived: isArchived(thread, world.clock.now()),
      auto_archive_duration: thread.autoArchiveMinutes,
      archive_timestamp: new Date(thread.archiveChangedAt).toISOString(),
      create_timestamp: new Date(thread.createdAt).toISOString(),
      locked: thread.isLocked,
      ...(thread.isPrivate && { invitable: true }),
    },
    ...(thread.memberIds.has(world.bot.id) && { member: threadMemberWire(thread, world.bot.id) }),
  };
}

function threadType(world: World, { isPrivate, parentId }: Thread): number {
  if (isPrivate) return channelTypes.privateThread;
  const parent = world.channels.get(parentId);
  const isAnnouncement = parent?.kind === 'text' && parent.form === 'announcement';
  return isAnnouncement ? channelTypes.announcementThread : channelTypes.publicThread;
}

export function threadMemberWire(thread: Thread, userId: string): Json {
  return { id: thread.id, user_id: userId, join_timestamp: new Date(thread.createdAt).toISOString(), flags: 0 };
}

function directWire(world: World, { id, recipientId, lastMessageId }: DirectChannel) {
  const recipients = [userWire(getUser(world, recipientId))];
  return { id, type: channelTypes.direct, last_message_id: lastMessageId ?? null, recipients, flags: 0 };
}
