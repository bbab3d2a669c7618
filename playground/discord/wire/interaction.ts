import { permissionsIn } from '../access.ts';
import type { Interaction } from '../state/interaction.ts';
import { isGuildChannel } from '../state/channel.ts';
import type { World } from '../world.ts';
import { getChannel, getGuild, getUser } from '../world.ts';
import { channelWire } from './channel.ts';
import { memberWire } from './user.ts';
import { messageWire } from './message.ts';
import type { Json } from './json.ts';

const interactionTypes = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** INTERACTION_CREATE, complete: a client fails on one that lacks `entitlements`, `member` or the owners. */
export function interactionWire(world: World, interaction: Interaction): Json {
  const guild = getGuild(world, interaction.guildId);
  const channel = getChannel(world, interaction.channelId);
  if (!isGuildChannel(channel)) throw new Error('Cannot use a command outside a guild');
  const member = guild.members.get(interaction.userId);
  if (!member) throw new Error(`Cannot find member ${interaction.userId} in guild ${guild.id}`);
  const permissions = permissionsIn(world, channel, interaction.userId).toString();
  return {
    id: interaction.id,
    application_id: world.bot.id,
    type: interactionTypes[interaction.kind],
    token: interaction.token,
    version: 1,
    data: interaction.data,
    guild_id: guild.id,
    guild: { id: guild.id, locale: guild.locale, features: [] },
    guild_locale: guild.locale,
    channel_id: channel.id,
    channel: { ...channelWire(world, channel), permissions },
    member: { ...memberWire(member), permissions },
    locale: getUser(world, interaction.userId).locale,
    app_permissions: permissionsIn(world, channel, world.bot.id).toString(),
    entitlements: [],
    authorizing_integration_owners: { 0: guild.id },
    context: 0,
    attachment_size_limit: world.limits.attachmentBytes,
    ...(interaction.source && { message: messageWire(world, interaction.source) }),
  };
}
