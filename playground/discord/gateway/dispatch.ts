import { canView } from '../access.ts';
import type { Change } from '../changes.ts';
import { isGuildChannel } from '../state/channel.ts';
import type { Channel } from '../state/channel.ts';
import type { Message } from '../state/message.ts';
import type { World } from '../world.ts';
import { channelWire, threadWire } from '../wire/channel.ts';
import { guildCreateWire } from '../wire/guild.ts';
import { interactionWire } from '../wire/interaction.ts';
import { messageForBot } from '../wire/message.ts';

export const intents = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  directMessages: 1 << 12,
  messageContent: 1 << 15,
} as const;

/** A gateway event: what it is called, whom it is for, what it says. */
export interface Dispatch {
  readonly name: string;
  /** Goes only to sessions with this intent; interactions need none. */
  readonly intent: number | undefined;
  readonly guildId: string | undefined;
  readonly data: unknown;
}

/** What a change means for the gateway. Nothing, for most changes and for places that the bot does not see. */
export function dispatchOf(world: World, change: Change): Dispatch | undefined {
  switch (change.type) {
    case 'guild-created':
      return {
        name: 'GUILD_CREATE',
        intent: intents.guilds,
        guildId: change.guild.id,
        data: guildCreateWire(world, change.guild),
      };
    case 'guild-left':
    case 'guild-down':
      return {
        name: 'GUILD_DELETE',
        intent: intents.guilds,
        guildId: change.guild.id,
        data: { id: change.guild.id, ...(change.type === 'guild-down' && { unavailable: true }) },
      };
    case 'channel-created':
    case 'channel-updated':
    case 'channel-deleted':
      return ofChannel(world, change.channel, `CHANNEL_${verbs[change.type]}`);
    case 'thread-created':
    case 'thread-updated':
    case 'thread-deleted':
      return ofChannel(world, change.thread, `THREAD_${verbs[change.type]}`);
    case 'message-created':
    case 'message-edited':
    case 'message-deleted':
      return ofMessage(world, change.message, change.type);
    case 'interaction-created': {
      const { interaction } = change;
      const data = interactionWire(world, interaction);
      return { name: 'INTERACTION_CREATE', intent: undefined, guildId: interaction.guildId, data };
    }
    default:
      return undefined;
  }
}

const verbs = {
  'channel-created': 'CREATE',
  'channel-updated': 'UPDATE',
  'channel-deleted': 'DELETE',
  'thread-created': 'CREATE',
  'thread-updated': 'UPDATE',
  'thread-deleted': 'DELETE',
  'message-created': 'CREATE',
  'message-edited': 'UPDATE',
  'message-deleted': 'DELETE',
} as const;

function ofChannel(world: World, channel: Channel, name: string): Dispatch | undefined {
  if (!isGuildChannel(channel)) return undefined;
  // A text channel that was hidden or deleted is still told about, or the bot would go on believing in it.
  if (channel.kind === 'thread' && !channel.isDeleted && !canView(world, channel, world.bot.id)) return undefined;
  const guildId = channel.guildId;
  if (channel.kind === 'text') return { name, intent: intents.guilds, guildId, data: channelWire(world, channel) };
  const { id, parent_id, type, ...rest } = threadWire(world, channel);
  const short = { id, guild_id: guildId, parent_id, type };
  const isNew = name === 'THREAD_CREATE' && { newly_created: true };
  const data = name === 'THREAD_DELETE' ? short : { ...short, ...rest, ...isNew };
  return { name, intent: intents.guilds, guildId, data };
}

type MessageChange = 'message-created' | 'message-edited' | 'message-deleted';

function ofMessage(world: World, message: Message, type: MessageChange): Dispatch | undefined {
  const channel = world.channels.get(message.channelId);
  if (!channel || message.ephemeralFor !== undefined || !canView(world, channel, world.bot.id)) return undefined;
  const guildId = isGuildChannel(channel) ? channel.guildId : undefined;
  const place = { channel_id: channel.id, ...(guildId !== undefined && { guild_id: guildId }) };
  const data =
    type === 'message-deleted' ? { id: message.id, ...place } : { ...messageForBot(world, message), ...place };
  const intent = guildId === undefined ? intents.directMessages : intents.guildMessages;
  return { name: `MESSAGE_${verbs[type]}`, intent, guildId, data };
}
