import type { Sight } from '../../discord/driver/sight.ts';
import {
  isArchived,
  type Channel,
  type DirectChannel,
  type GuildChannel,
  type TextChannel,
  type Thread,
} from '../../discord/state/channel.ts';
import type { Guild } from '../../discord/state/guild.ts';
import type { Interaction } from '../../discord/state/interaction.ts';
import type { Message } from '../../discord/state/message.ts';
import type { ChannelView, DirectView, GuildView, PersonView, ThreadView, UseView, View } from '../protocol.ts';
import { commandViews, entryIds } from './command-view.ts';
import { messageView, type Viewing } from './message-view.ts';

/** Like a client that was just opened: the newest messages of each channel. */
const messagesPerChannel = 200;
/** A use that failed is told for this long. */
const failureShownMs = 15 * 60_000;

/** All that one member sees. */
export function viewOf(viewing: Viewing): View {
  const { sight } = viewing;
  const guilds = sight.guilds();
  const channels = sight.channels();
  const directs = sight.directs();
  return {
    guilds: guilds.map((guild) => guildView(guild, sight)),
    people: peopleOf(guilds),
    channels: channels.filter((one): one is TextChannel => one.kind === 'text').map((one) => channelView(one, sight)),
    threads: channels.filter((one): one is Thread => one.kind === 'thread').map((one) => threadView(one, viewing)),
    directs: directs.flatMap((one) => directView(one, viewing)),
    messages: [...channels, ...directs].flatMap((channel) => messagesOf(channel, viewing)),
    commands: commandViews(channels.flatMap((channel) => sight.commands(channel))),
    uses: sight.unanswered().flatMap((interaction) => useView(interaction, viewing)),
  };
}

function guildView(guild: Guild, sight: Sight): GuildView {
  const roles = [...guild.roles.values()].filter(({ id }) => id !== guild.id).map(({ id, name }) => ({ id, name }));
  return { id: guild.id, name: guild.name, isAdmin: sight.mayManage(guild), roles };
}

function peopleOf(guilds: readonly Guild[]): PersonView[] {
  const users = new Map(guilds.flatMap(({ members }) => [...members.values()].map(({ user }) => [user.id, user])));
  return [...users.values()].map(({ id, name, isBot }) => ({
    id,
    name,
    isBot,
    guildIds: guilds.filter(({ members }) => members.has(id)).map((guild) => guild.id),
  }));
}

function channelView(channel: GuildChannel, sight: Sight): ChannelView {
  const mayWrite = sight.mayWrite(channel);
  return {
    id: channel.id,
    guildId: channel.guildId,
    name: channel.name,
    mayWrite,
    mayAttach: mayWrite && sight.may(channel, 'AttachFiles'),
    commandIds: entryIds(sight.commands(channel)),
  };
}

function threadView(thread: Thread, { sight, viewerId, now }: Viewing): ThreadView {
  const isStarter = ({ id }: Message) => id === thread.id;
  return {
    ...channelView(thread, sight),
    parentId: thread.parentId,
    isPrivate: thread.isPrivate,
    isArchived: isArchived(thread, now),
    isLocked: thread.isLocked,
    isMember: thread.memberIds.has(viewerId),
    starterId: sight.messages({ id: thread.parentId }).find(isStarter)?.id ?? null,
    createdAt: thread.createdAt,
    lastActivityAt: thread.lastActivityAt,
  };
}

/** Nothing, for as long as nothing was said. */
function directView({ id }: DirectChannel, { sight, viewerId }: Viewing): DirectView[] {
  const other = sight.messages({ id }).find(({ author }) => author.id !== viewerId)?.author;
  if (!other) return [];
  return [{ id, personId: other.id, name: other.name, mayWrite: false, mayAttach: false, commandIds: [] }];
}

function messagesOf(channel: Pick<Channel, 'id'>, viewing: Viewing) {
  const messages = viewing.sight.messages(channel);
  return messages.slice(-messagesPerChannel).map((message) => messageView(message, viewing));
}

function useView(interaction: Interaction, { now }: Viewing): UseView[] {
  const { id, channelId, title, kind, hasFailed, createdAt, source, data } = interaction;
  if (kind === 'autocomplete' || (hasFailed && now - createdAt > failureShownMs)) return [];
  const customId = kind === 'component' && typeof data['custom_id'] === 'string' ? data['custom_id'] : null;
  const place = source ? { messageId: source.id, customId } : null;
  return [{ id, channelId, title, state: hasFailed ? 'failed' : 'waiting', createdAt, source: place }];
}
