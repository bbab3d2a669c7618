import { canView } from '../access.ts';
import { createInteraction } from '../actions/interactions.ts';
import { sendMessage } from '../actions/messages.ts';
import { componentTypes } from '../rules/component.ts';
import { isSelect } from '../rules/component-rules.ts';
import type { GuildChannel } from '../state/channel.ts';
import { isGuildChannel } from '../state/channel.ts';
import { commandTypes } from '../state/command.ts';
import type { Guild, Member as MemberRecord } from '../state/guild.ts';
import type { Choice, Interaction } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';
import type { Upload } from '../state/upload.ts';
import { messageWire } from '../wire/message.ts';
import type { World } from '../world.ts';
import { getChannel } from '../world.ts';
import { demandUsable, getCommand, isShown, routeTo } from './commands.ts';
import type { Target } from './find-component.ts';
import { getComponent } from './find-component.ts';
import type { OptionValues } from './options.ts';
import { fillOptions } from './options.ts';
import type { Resolved } from './resolved.ts';
import { resolveId } from './resolved.ts';
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
}

export function createMember(world: World, guild: Guild, { user, roleIds }: MemberRecord): Member {
  const start = (draft: Pick<Interaction, 'kind' | 'title' | 'channelId' | 'data'> & { source?: Message }): Use =>
    createUse(world, createInteraction(world, { source: undefined, ...draft, userId: user.id, guildId: guild.id }));

  const fill = async (asked: Asked) => fillCommand(world, { ...asked, guildId: guild.id, userId: user.id });

  return {
    id: user.id,
    name: user.name,
    guild,
    roleIds,
    async command(channel, path, given = {}, settings = {}) {
      const data = await fill({ channel, path, given, ...settings });
      return start({ kind: 'command', title: `/${path}`, channelId: channel.id, data });
    },
    async autocomplete(channel, path, given, focused) {
      const data = await fill({ channel, path, given: { [focused]: '', ...given }, focused });
      const title = `typing in "${focused}" of /${path}`;
      const answer = await start({ kind: 'autocomplete', title, channelId: channel.id, data }).answer();
      return answer.type === 'choices' ? answer.choices : [];
    },
    async useOnMessage(name, message) {
      const channel = placeOf(world, message, user.id);
      demandUsable(world, channel, user.id);
      const command = getCommand(world, guild.id, { name, type: commandTypes.message });
      const resolved = { messages: { [message.id]: messageWire(world, message) } };
      const data = { ...headOf(command), target_id: message.id, resolved };
      return Promise.resolve(start({ kind: 'command', title: name, channelId: channel.id, data }));
    },
    async press(message, target) {
      const channel = placeOf(world, message, user.id);
      const button = getComponent(message, target, (type) => type === componentTypes.button);
      const data = { custom_id: button.custom_id, component_type: button.type, id: button.id ?? 1 };
      const title = `button "${button.label ?? button.custom_id ?? ''}"`;
      return Promise.resolve(start({ kind: 'component', title, channelId: channel.id, data, source: message }));
    },
    async select(message, target, values) {
      const channel = placeOf(world, message, user.id);
      const { custom_id, type, options, ...menu } = getComponent(message, target, isSelect);
      const isOffered = values.every((value) => options?.some((option) => option.value === value) ?? true);
      const isCounted = values.length >= (menu.min_values ?? 1) && values.length <= (menu.max_values ?? 1);
      if (!isOffered || !isCounted) throw new Error(`Cannot choose "${values.join('", "')}" in ${custom_id ?? ''}`);
      const resolved: Resolved = {};
      if (!options) for (const id of values) resolveId(world, resolved, { id, guildId: guild.id });
      const data = { custom_id, component_type: type, id: menu.id ?? 1, values, resolved };
      return Promise.resolve(
        start({ kind: 'component', title: `select ${custom_id ?? ''}`, channelId: channel.id, data, source: message }),
      );
    },
    post: (channel, { content, files = [] }) => {
      const uploads = new Map(files.map((file, index) => [String(index), file]));
      return sendMessage(world, channel, { body: { content }, uploads, author: user });
    },
  };
}

interface Asked extends CommandSettings {
  readonly channel: GuildChannel;
  readonly path: string;
  readonly given: OptionValues;
  readonly focused?: string;
}

async function fillCommand(world: World, asked: Asked & { guildId: string; userId: string }) {
  const { channel, path, guildId, userId } = asked;
  const [name = '', ...rest] = path.split(' ');
  demandUsable(world, channel, userId);
  const command = getCommand(world, guildId, { name, type: commandTypes.slash });
  if (!asked.evenIfHidden && !isShown(world, command, { channel, userId })) {
    throw new Error(`Cannot use /${name}: Discord does not show it to this member`);
  }
  const { declared, wrap } = routeTo(command, rest);
  const resolved: Resolved = {};
  const place = { guildId, channelId: channel.id };
  const options = await fillOptions(world, resolved, { declared, given: asked.given, place, focused: asked.focused });
  return { ...headOf(command), options: wrap(options), ...(Object.keys(resolved).length > 0 && { resolved }) };
}

function headOf({ id, type, guildId, body }: ReturnType<typeof getCommand>) {
  return { id, name: body.name, type, ...(guildId !== undefined && { guild_id: guildId }) };
}

/** Where a message stands, for somebody who can see it. */
function placeOf(world: World, message: Message, userId: string): GuildChannel {
  const channel = getChannel(world, message.channelId);
  const isHidden = message.ephemeralFor !== undefined && message.ephemeralFor !== userId;
  if (message.isDeleted || isHidden || !isGuildChannel(channel) || !canView(world, channel, userId)) {
    throw new Error(`Cannot use message ${message.id}: this member does not see it`);
  }
  return channel;
}
