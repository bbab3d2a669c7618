import { canView, guildPermissions, isWritable, may } from '../access.ts';
import type { Permission } from '../permissions.ts';
import { includes, permissionBits } from '../permissions.ts';
import type { Channel, DirectChannel, GuildChannel } from '../state/channel.ts';
import { isGuildChannel } from '../state/channel.ts';
import type { Command } from '../state/command.ts';
import type { Guild, User } from '../state/guild.ts';
import type { Interaction } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import type { World } from '../world.ts';
import { messagesIn } from '../world.ts';
import { commandsShown } from './commands.ts';

/** All that somebody sees in their client, by the rules of access that the bot meets as well. */
export interface Sight {
  guilds(): readonly Guild[];
  /** Text channels and threads, oldest first. */
  channels(): readonly GuildChannel[];
  /** Their direct messages with the bot, once it opened them. */
  directs(): readonly DirectChannel[];
  /** Oldest first, with the ephemeral ones for this member. */
  messages(channel: Pick<Channel, 'id'>): readonly Message[];
  /** The commands in the menus of a channel. */
  commands(channel: GuildChannel): readonly Command[];
  mayManage(guild: Guild): boolean;
  mayWrite(channel: GuildChannel): boolean;
  may(channel: GuildChannel, permission: Permission): boolean;
  /** What they used and has no answer, whether it may still come or not. A failure is over once its message answered again. */
  unanswered(): readonly Interaction[];
  /** What a message answers. */
  interactionOf(message: Message): Interaction | undefined;
  userOf(userId: string): User | undefined;
}

export function createSight(world: World, userId: string): Sight {
  // With a channel go the threads below it, and with them the rules by which one could see them.
  const isGone = (channel: GuildChannel): boolean =>
    channel.isDeleted || (channel.kind === 'thread' && (world.channels.get(channel.parentId)?.isDeleted ?? true));
  const isThere = (channel: Channel): channel is GuildChannel =>
    isGuildChannel(channel) && !isGone(channel) && canView(world, channel, userId);
  return {
    guilds: () => [...world.guilds.values()].filter(({ members }) => members.has(userId)),
    channels: () => [...world.channels.values()].filter(isThere),
    directs: () => [...world.channels.values()].filter((one): one is DirectChannel => isDirectWith(one, userId)),
    messages: ({ id }) => messagesIn(world, id, userId),
    commands: (channel) => commandsShown(world, channel, userId),
    mayManage(guild) {
      const member = guild.members.get(userId);
      return member !== undefined && includes(guildPermissions(guild, member), permissionBits.ManageGuild);
    },
    mayWrite: (channel) => isWritable(world, channel, userId),
    may: (channel, permission) => may(world, channel, { userId, permission }),
    unanswered() {
      const own = [...world.interactions.values()].filter((one) => one.userId === userId);
      const isOver = ({ source, hasFailed }: Interaction, index: number) =>
        hasFailed && source !== undefined && own.slice(index).some((one) => one.source === source && one.answer);
      return own.filter((one, index) => !one.answer && !isOver(one, index));
    },
    interactionOf: ({ interactionId }) => (interactionId ? world.interactions.get(interactionId) : undefined),
    userOf: (id) => world.users.get(id),
  };
}

function isDirectWith(channel: Channel, userId: string): boolean {
  return channel.kind === 'direct' && channel.recipientId === userId;
}
