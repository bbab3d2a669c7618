import type { Permission } from '../permissions.ts';
import { bitsOf } from '../permissions.ts';
import type { Snowflake } from '../snowflake.ts';
import type { DirectChannel, TextChannel } from '../state/channel.ts';
import type { Guild, Member, Role, User } from '../state/guild.ts';
import type { World } from '../world.ts';

export interface GuildDraft {
  readonly name: string;
  readonly locale: string;
  readonly botPermissions: readonly Permission[];
}

/**
 * `@everyone` may do nothing here: what the bot may do is exactly what its own role says, so that a permission missing from the
 * invite link shows.
 */
export function createGuild(world: World, { name, locale, botPermissions }: GuildDraft): Guild {
  const id = world.newId();
  const owner: User = { id: world.newId(), name: `${name}-owner`, isBot: false, locale };
  world.users.set(owner.id, owner);
  const guild: Guild = { id, name, ownerId: owner.id, locale, roles: new Map(), members: new Map(), isDown: false };
  guild.roles.set(id, { id, name: '@everyone', isManaged: false, permissions: 0n });
  const botRole = addRole(world, guild, { name: world.bot.name, isManaged: true, permissions: bitsOf(botPermissions) });
  joinGuild(world, guild, { user: owner, roleIds: [] });
  joinGuild(world, guild, { user: world.bot, roleIds: [botRole.id] });
  world.guilds.set(id, guild);
  world.changes.record({ type: 'guild-created', guild });
  return guild;
}

/** An admin removes the bot: its own role goes with it. */
export function removeBot(world: World, guild: Guild): void {
  guild.members.delete(world.bot.id);
  world.changes.record({ type: 'guild-left', guild });
}

/** An admin invites the bot again, by the same link. */
export function inviteBot(world: World, guild: Guild): void {
  const roleIds = [...guild.roles.values()].filter(({ isManaged }) => isManaged).map(({ id }) => id);
  joinGuild(world, guild, { user: world.bot, roleIds });
  world.changes.record({ type: 'guild-created', guild });
}

/** Discord itself cannot serve a guild for a while. */
export function setDown(world: World, guild: Guild, isDown: boolean): void {
  guild.isDown = isDown;
  world.changes.record({ type: isDown ? 'guild-down' : 'guild-created', guild });
}

export function addRole(world: World, guild: Guild, draft: Omit<Role, 'id'>): Role {
  const role = { id: world.newId(), ...draft };
  guild.roles.set(role.id, role);
  return role;
}

export function joinGuild(world: World, guild: Guild, { user, roleIds }: Pick<Member, 'user' | 'roleIds'>): Member {
  const member: Member = { user, roleIds, joinedAt: world.clock.now() };
  guild.members.set(user.id, member);
  return member;
}

export function createTextChannel(
  world: World,
  guild: Guild,
  { name, form }: Pick<TextChannel, 'name' | 'form'>,
): TextChannel {
  const channel: TextChannel = {
    kind: 'text',
    form,
    id: world.newId(),
    guildId: guild.id,
    name,
    overwrites: [],
    lastMessageId: undefined,
    isDeleted: false,
  };
  world.channels.set(channel.id, channel);
  world.changes.record({ type: 'channel-created', channel });
  return channel;
}

/** Takes or gives permissions to one member in one channel. */
export function overwrite(
  world: World,
  channel: TextChannel,
  { userId, ...change }: { userId: Snowflake; allow?: readonly Permission[]; deny?: readonly Permission[] },
): void {
  const allow = bitsOf(change.allow ?? []);
  const deny = bitsOf(change.deny ?? []);
  const existing = channel.overwrites.find(({ id }) => id === userId);
  if (existing) {
    existing.allow = (existing.allow & ~deny) | allow;
    existing.deny = (existing.deny & ~allow) | deny;
  } else channel.overwrites.push({ id: userId, kind: 'member', allow, deny });
  world.changes.record({ type: 'channel-updated', channel });
}

export function directChannelWith(world: World, userId: Snowflake): DirectChannel {
  const existing = [...world.channels.values()].find(
    (channel): channel is DirectChannel => channel.kind === 'direct' && channel.recipientId === userId,
  );
  if (existing) return existing;
  const channel: DirectChannel = {
    kind: 'direct',
    id: world.newId(),
    recipientId: userId,
    isRefused: false,
    lastMessageId: undefined,
    isDeleted: false,
  };
  world.channels.set(channel.id, channel);
  world.changes.record({ type: 'channel-created', channel });
  return channel;
}
