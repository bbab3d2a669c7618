import { directChannelWith, overwrite } from '../actions/guilds.ts';
import { deleteMessage } from '../actions/messages.ts';
import { changeThread, deleteChannel } from '../actions/threads.ts';
import type { Permission } from '../permissions.ts';
import type { Channel, DirectChannel, TextChannel, Thread } from '../state/channel.ts';
import type { Command } from '../state/command.ts';
import type { Attachment, Message } from '../state/message.ts';
import type { World } from '../world.ts';
import { messagesIn, threadsOf } from '../world.ts';
import type { Guild, GuildSettings } from './guild.ts';
import { addGuild } from './guild.ts';
import type { Sight } from './sight.ts';
import { createSight } from './sight.ts';
import type { Patience } from './until.ts';
import { until } from './until.ts';

/** What can be seen here, and done by those who run a server, without being a bot. */
export interface People {
  addGuild(settings: GuildSettings): Guild;
  /** The registered commands. */
  commands(): readonly Command[];
  /** What stands in a channel, oldest first. Ephemeral messages are among it only for the member who sees them. */
  messages(channel: Pick<Channel, 'id'>, seenBy?: { readonly id: string }): readonly Message[];
  /** The threads that were not deleted, oldest first. */
  threads(channel: Pick<TextChannel, 'id'>): readonly Thread[];
  /** What this member sees. */
  sightOf(member: { readonly id: string }): Sight;
  /** A link to a file, which works for as long as such links do. */
  linkTo(attachment: Attachment): string;
  directChannel(member: { readonly id: string }): DirectChannel;
  /** Asks `probe` at once and after every change, and resolves with the first thing it finds. */
  until<T>(probe: () => T | undefined | null | false, patience?: Patience): Promise<T>;

  /** A member takes no direct messages from the bot. */
  refuseDirectMessages(member: { readonly id: string }): void;
  archive(thread: Thread): void;
  lock(thread: Thread): void;
  deleteChannel(channel: Channel): void;
  deleteMessage(message: Message): void;
  /** Takes permissions from the bot in one channel. */
  deny(channel: TextChannel, ...permissions: readonly Permission[]): void;
  allow(channel: TextChannel, ...permissions: readonly Permission[]): void;
}

export function createPeople(world: World): People {
  return {
    addGuild: (settings) => addGuild(world, settings),
    commands: () => world.commands,
    messages: ({ id }, seenBy) => messagesIn(world, id, seenBy?.id),
    threads: ({ id }) => threadsOf(world, id),
    sightOf: ({ id }) => createSight(world, id),
    linkTo: (attachment) => world.linkTo(attachment),
    directChannel: ({ id }) => directChannelWith(world, id),
    until: (probe, patience) => until(world, probe, patience),
    refuseDirectMessages: ({ id }) => {
      directChannelWith(world, id).isRefused = true;
    },
    archive: (thread) => {
      changeThread(world, thread, { wasArchived: true });
    },
    lock: (thread) => {
      changeThread(world, thread, { isLocked: true });
    },
    deleteChannel: (channel) => {
      deleteChannel(world, channel);
    },
    deleteMessage: (message) => {
      deleteMessage(world, message);
    },
    deny: (channel, ...permissions) => {
      overwrite(world, channel, { userId: world.bot.id, deny: permissions });
    },
    allow: (channel, ...permissions) => {
      overwrite(world, channel, { userId: world.bot.id, allow: permissions });
    },
  };
}
