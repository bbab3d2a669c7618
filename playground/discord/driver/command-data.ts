import type { GuildChannel } from '../state/channel.ts';
import { commandTypes } from '../state/command.ts';
import type { Message } from '../state/message.ts';
import { messageWire } from '../wire/message.ts';
import type { Json } from '../wire/json.ts';
import type { World } from '../world.ts';
import { demandUsable, getCommand, isShown, routeTo } from './commands.ts';
import type { OptionValues } from './options.ts';
import { fillOptions } from './options.ts';
import type { Resolved } from './resolved.ts';

/** A slash command as a member fills it in. */
export interface AskedCommand {
  readonly channel: GuildChannel;
  readonly path: string;
  readonly given: OptionValues;
  readonly focused?: string;
  readonly evenIfHidden?: boolean;
  readonly userId: string;
}

/** The `data` of a slash command's interaction. Throws for what Discord's client would not send. */
export async function slashCommandData(world: World, asked: AskedCommand): Promise<Json> {
  const { channel, path, userId } = asked;
  const [name = '', ...rest] = path.split(' ');
  demandUsable(world, channel, userId);
  const command = getCommand(world, channel.guildId, { name, type: commandTypes.slash });
  if (!asked.evenIfHidden && !isShown(world, command, { channel, userId })) {
    throw new Error(`Cannot use /${name}: Discord does not show it to this member`);
  }
  const { declared, wrap } = routeTo(command, rest);
  const resolved: Resolved = {};
  const place = { guildId: channel.guildId, channelId: channel.id };
  const options = await fillOptions(world, resolved, { declared, given: asked.given, place, focused: asked.focused });
  return { ...headOf(command), options: wrap(options), ...(Object.keys(resolved).length > 0 && { resolved }) };
}

/** The `data` of a message command: its target comes along whole. */
export function messageCommandData(
  world: World,
  name: string,
  { channel, message }: { channel: GuildChannel; message: Message },
): Json {
  const command = getCommand(world, channel.guildId, { name, type: commandTypes.message });
  const resolved = { messages: { [message.id]: messageWire(world, message) } };
  return { ...headOf(command), target_id: message.id, resolved };
}

function headOf({ id, type, guildId, body }: ReturnType<typeof getCommand>) {
  return { id, name: body.name, type, ...(guildId !== undefined && { guild_id: guildId }) };
}
