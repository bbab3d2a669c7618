import type { Guild, Member, Role, User } from '../state/guild.ts';
import type { Json } from './json.ts';

export function userWire(user: User): Json {
  return {
    id: user.id,
    username: user.name.toLowerCase().replaceAll(/[^a-z0-9_.]+/g, '_'),
    discriminator: '0',
    global_name: user.isBot ? null : user.name,
    avatar: null,
    bot: user.isBot,
    public_flags: 0,
  };
}

export function memberWire({ user, roleIds, joinedAt }: Member): Json {
  return {
    user: userWire(user),
    nick: null,
    avatar: null,
    roles: roleIds,
    joined_at: new Date(joinedAt).toISOString(),
    premium_since: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    communication_disabled_until: null,
  };
}

export function roleWire(role: Role, guild: Guild): Json {
  return {
    id: role.id,
    name: role.name,
    permissions: role.permissions.toString(),
    managed: role.isManaged,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    mentionable: false,
    position: role.id === guild.id ? 0 : 1,
    flags: 0,
  };
}
