import { canView, demandWritable } from '../access.ts';
import { createInteraction } from '../actions/interactions.ts';
import { forwardMessage, sendMessage } from '../actions/messages.ts';
import { createThread } from '../actions/threads.ts';
import type { GuildChannel, TextChannel, Thread } from '../state/channel.ts';
import { isGuildChannel } from '../state/channel.ts';
import type { Guild, Member as MemberRecord } from '../state/guild.ts';
import type { Choice, Interaction } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import type { Upload } from '../state/upload.ts';
import type { World } from '../world.ts';
import { getChannel } from '../world.ts';
import { messageCommandData, slashCommandData } from './command-data.ts';
import { demandUsable } from './commands.ts';
import type { UsedComponent } from './component-data.ts';
import { chosenValues, pressedButton } from './component-data.ts';
import type { Target } from './find-component.ts';
import type { OptionValues } from './options.ts';
import type { Use } from './use.ts';
import { createUse } from './use.ts';

export interface CommandSettings {
  /** Use it although Discord would not show it, as when an admin of the server has opened it to everyone. */
  readonly evenIfHidden?: boolean;
}

/** Somebody in a guild, and what they can do there. What Discord's client would not let them do throws. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly guild: Guild;
  readonly roleIds: readonly string[];
  /** Uses a slash command; a subcommand follows after a space. */
  command(channel: GuildChannel, path: string, options?: OptionValues, settings?: CommandSettings): Promise<Use>;
  /** The suggestions for `focused` while the options are filled in like this. */
  autocomplete(channel: GuildChannel, path: string, options: OptionValues, focused: string): Promise<readonly Choice[]>;
  /** Right-click on a message, Apps, and the name of the command. */
  useOnMessage(name: string, message: Message): Promise<Use>;
  press(message: Message, target: Target): Promise<Use>;
  select(message: Message, target: Target, values: readonly string[]): Promise<Use>;
  /** Writes in a channel. */
  post(
    channel: GuildChannel,
    message: { readonly content?: string; readonly files?: readonly Upload[] },
  ): Promise<Message>;
  /** Opens a post in a forum, with its first message. */
  openPost(forum: TextChannel, post: { readonly name: string; readonly content: string }): Promise<Thread>;
  /** Forwards a message that this member sees to a channel. */
  forward(message: Message, channel: GuildChannel): Promise<Message>;
}

export function createMember(world: World, guild: Guild, { user, roleIds }: MemberRecord): Member {
  const who = { userId: user.id, guildId: guild.id };
  const start: Start = (draft) => createUse(world, createInteraction(world, { source: undefined, ...draft, ...who }));
  const useComponent = (channel: GuildChannel, source: Message, used: UsedComponent) =>
    start({ ...used, kind: 'component', channelId: channel.id, source });

  return {
    id: user.id,
    name: user.name,
    guild,
    roleIds,
    async command(channel, path, given = {}, settings = {}) {
      const data = await slashCommandData(world, { channel, path, given, ...settings, userId: user.id });
      return start({ kind: 'command', title: `/${path}`, channelId: channel.id, data });
    },
    async autocomplete(channel, path, options, focused) {
      const given = { [focused]: '', ...options };
      const data = await slashCommandData(world, { channel, path, given, focused, userId: user.id });
      const title = `typing in "${focused}" of /${path}`;
      const answer = await start({ kind: 'autocomplete', title, channelId: channel.id, data }).answer();
      return answer.type === 'choices' ? answer.choices : [];
    },
    async useOnMessage(name, message) {
      const channel = await placeOf(world, message, user.id);
      demandUsable(world, channel, user.id);
      const data = messageCommandData(world, name, { channel, message });
      return start({ kind: 'command', title: name, channelId: channel.id, data });
    },
    async press(message, target) {
      const channel = await placeOf(world, message, user.id);
      return useComponent(channel, message, pressedButton(message, target));
    },
    async select(message, target, values) {
      const channel = await placeOf(world, message, user.id);
      return useComponent(channel, message, chosenValues(world, message, { target, values, guildId: guild.id }));
    },
    async post(channel, { content, files = [] }) {
      demandWritable(world, channel, user.id);
      const uploads = new Map(files.map((file, index) => [String(index), file]));
      return sendMessage(world, channel, { body: { content }, uploads, author: user });
    },
    async openPost(forum, { name, content }) {
      if (forum.form !== 'forum') throw new Error(`Cannot open a post in #${forum.name}: it is no forum`);
      const draft = { id: world.newId(), name, autoArchiveMinutes: 4320, isPrivate: false, ownerId: user.id };
      const thread = createThread(world, forum, draft);
      await sendMessage(world, thread, { body: { content }, uploads: new Map(), author: user });
      return thread;
    },
    async forward(original, to) {
      const from = await placeOf(world, original, user.id);
      demandWritable(world, to, user.id);
      return forwardMessage(world, { from, to }, { original, author: user });
    },
  };
}

type Start = (draft: Pick<Interaction, 'kind' | 'title' | 'channelId' | 'data'> & { readonly source?: Message }) => Use;

/** Where a message stands, for somebody who can see it. */
async function placeOf(world: World, message: Message, userId: string): Promise<GuildChannel> {
  const channel = getChannel(world, message.channelId);
  const isHidden = message.ephemeralFor !== undefined && message.ephemeralFor !== userId;
  if (message.isDeleted || isHidden || !isGuildChannel(channel) || !canView(world, channel, userId)) {
    throw new Error(`Cannot use message ${message.id}: this member does not see it`);
  }
  return Promise.resolve(channel);
}
