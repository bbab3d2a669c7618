import { refuse } from './errors.ts';
import type { Permission } from './permissions.ts';
import { allPermissions, bitsOf, includes, permissionBits } from './permissions.ts';
import type { Snowflake } from './snowflake.ts';
import type { Channel, GuildChannel, TextChannel } from './state/channel.ts';
import { isArchived } from './state/channel.ts';
import type { Guild, Member } from './state/guild.ts';
import type { World } from './world.ts';
import { getChannel, getGuild } from './world.ts';

/** What a member may do in a whole guild. */
export function guildPermissions(guild: Guild, member: Member): bigint {
  if (guild.ownerId === member.user.id) return allPermissions;
  const roles = [guild.id, ...member.roleIds].map((id) => guild.roles.get(id)?.permissions ?? 0n);
  const granted = roles.reduce((bits, role) => bits | role, 0n);
  return includes(granted, permissionBits.Administrator) ? allPermissions : granted;
}

/** What somebody may do in a channel; a thread takes its parent's rules. Nothing, for those who are not in the guild. */
export function permissionsIn(world: World, channel: GuildChannel, userId: Snowflake): bigint {
  const guild = getGuild(world, channel.guildId);
  const member = guild.members.get(userId);
  if (!member) return 0n;
  const granted = guildPermissions(guild, member);
  if (granted === allPermissions) return granted;
  return overwritten(granted, textChannelOf(world, channel), member);
}

function overwritten(granted: bigint, { guildId, overwrites }: TextChannel, member: Member): bigint {
  const everyone = overwrites.filter(({ id }) => id === guildId);
  const roles = overwrites.filter(({ id }) => member.roleIds.includes(id));
  const own = overwrites.filter(({ id }) => id === member.user.id);
  return [everyone, roles, own].reduce((bits, layer) => {
    const denied = layer.reduce((sum, { deny }) => sum | deny, 0n);
    const allowed = layer.reduce((sum, { allow }) => sum | allow, 0n);
    return (bits & ~denied) | allowed;
  }, granted);
}

function textChannelOf(world: World, channel: GuildChannel): TextChannel {
  if (channel.kind === 'text') return channel;
  const parent = getChannel(world, channel.parentId);
  return parent.kind === 'text' ? parent : refuse('unknownChannel', `thread ${channel.id} has no parent`);
}

export function may(world: World, channel: GuildChannel, who: { userId: Snowflake; permission: Permission }): boolean {
  return includes(permissionsIn(world, channel, who.userId), permissionBits[who.permission]);
}

/** Whether somebody sees a channel: for a private thread one has to be in it, or to manage threads. */
export function canView(world: World, channel: Channel, userId: Snowflake): boolean {
  if (channel.kind === 'direct') return channel.recipientId === userId || userId === world.bot.id;
  if (!may(world, channel, { userId, permission: 'ViewChannel' })) return false;
  if (channel.kind === 'text' || !channel.isPrivate || channel.memberIds.has(userId)) return true;
  return may(world, channel, { userId, permission: 'ManageThreads' });
}

/** Refuses what the bot may not do: 50001 where it cannot even see the channel, 50013 where a permission is missing. */
export function demand(world: World, channel: Channel, ...permissions: readonly Permission[]): void {
  if (!canView(world, channel, world.bot.id)) refuse('missingAccess', `the bot cannot see channel ${channel.id}`);
  if (channel.kind === 'direct') {
    demandMutualGuild(world, channel.recipientId);
    return;
  }
  const held = permissionsIn(world, channel, world.bot.id);
  const missing = permissions.filter((permission) => !includes(held, bitsOf([permission])));
  if (missing.length > 0) refuse('missingPermissions', `the bot lacks ${missing.join(', ')} in channel ${channel.id}`);
}

/** Somebody who is in no server with the bot gets no direct message of it (50278). */
function demandMutualGuild(world: World, userId: Snowflake): void {
  const isMutual = ({ members }: Guild) => members.has(userId) && members.has(world.bot.id);
  if (![...world.guilds.values()].some(isMutual)) refuse('noMutualGuild', `the bot shares no guild with ${userId}`);
}

/** A thread that is archived bears no edits (50083). */
export function demandOpen(world: World, channel: Channel): void {
  if (channel.kind !== 'thread') return;
  if (isArchived(channel, world.clock.now())) refuse('archived', `thread ${channel.id} "${channel.name}" is archived`);
}

/** A locked thread takes messages only from those who manage threads (160005). */
export function demandUnlocked(world: World, channel: Channel): void {
  if (channel.kind !== 'thread' || !channel.isLocked) return;
  if (may(world, channel, { userId: world.bot.id, permission: 'ManageThreads' })) return;
  refuse('locked', `thread ${channel.id} "${channel.name}" is locked`);
}

/** Whether Discord's client lets somebody write. */
export function isWritable(world: World, channel: GuildChannel, userId: Snowflake): boolean {
  if (channel.kind === 'text' && channel.form === 'forum') return false;
  const permission = channel.kind === 'thread' ? 'SendMessagesInThreads' : 'SendMessages';
  return !isLockedThread(channel) && canView(world, channel, userId) && may(world, channel, { userId, permission });
}

/** Throws where Discord's client would not let somebody write. */
export function demandWritable(world: World, channel: GuildChannel, userId: Snowflake): void {
  if (isWritable(world, channel, userId)) return;
  const reason = isLockedThread(channel) ? 'the thread is locked' : 'this member may not, or it is a forum';
  throw new Error(`Cannot write in #${channel.name}: ${reason}`);
}

function isLockedThread(channel: GuildChannel): boolean {
  return channel.kind === 'thread' && channel.isLocked;
}
