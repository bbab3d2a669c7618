import {
  addRole,
  createGuild,
  createTextChannel,
  inviteBot,
  joinGuild,
  overwrite,
  removeBot,
  setDown,
} from '../actions/guilds.ts';
import type { Permission } from '../permissions.ts';
import { bitsOf, usualBotPermissions, usualMemberPermissions } from '../permissions.ts';
import type { ChannelForm, TextChannel } from '../state/channel.ts';
import type { Guild as GuildRecord, Role, User } from '../state/guild.ts';
import type { World } from '../world.ts';
import { getUser } from '../world.ts';
import type { Member } from './member.ts';
import { createMember } from './member.ts';

export interface GuildSettings {
  readonly name: string;
  /** `en-US` when not given. */
  readonly locale?: string;
  /** What the bot's role may do: what a bot like this asks for in its invite link, when not given. */
  readonly botPermissions?: readonly Permission[];
}

export interface ChannelSettings {
  /** An ordinary text channel when not given. */
  readonly form?: ChannelForm;
  readonly botMissing?: readonly Permission[];
}

export interface MemberSettings {
  readonly name: string;
  readonly locale?: string;
  /** What this member may do beyond writing and using commands. */
  readonly permissions?: Permission | readonly Permission[];
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly record: GuildRecord;
  addTextChannel(name: string, settings?: ChannelSettings): TextChannel;
  addMember(settings: MemberSettings): Member;
  /** Somebody from another server comes here as well. */
  join(who: { readonly id: string }, permissions?: MemberSettings['permissions']): Member;
  addRole(name: string, permissions?: readonly Permission[]): Role;
  removeBot(): void;
  inviteBot(): void;
  /** An outage at Discord, and its end. */
  setDown(isDown: boolean): void;
}

export function addGuild(world: World, settings: GuildSettings): Guild {
  const { name, locale = 'en-US', botPermissions = usualBotPermissions } = settings;
  const guild = createGuild(world, { name, locale, botPermissions });
  const grant = (roleName: string, permissions: readonly Permission[]) =>
    addRole(world, guild, { name: roleName, isManaged: false, permissions: bitsOf(permissions) });
  const membersRole = grant('members', usualMemberPermissions);

  const welcome = (user: User, permissions: MemberSettings['permissions'] = []) => {
    const own = [permissions].flat();
    const roleIds = [membersRole.id, ...(own.length > 0 ? [grant(`${user.name}'s`, own).id] : [])];
    return createMember(world, guild, joinGuild(world, guild, { user, roleIds }));
  };

  return {
    id: guild.id,
    name,
    record: guild,
    addTextChannel(channelName, { form = 'text', botMissing = [] } = {}) {
      const channel = createTextChannel(world, guild, { name: channelName, form });
      if (botMissing.length > 0) overwrite(world, channel, { userId: world.bot.id, deny: botMissing });
      return channel;
    },
    addMember({ name: memberName, locale: language = 'en-US', permissions }) {
      const user: User = { id: world.newId(), name: memberName, isBot: false, locale: language };
      world.users.set(user.id, user);
      return welcome(user, permissions);
    },
    join: ({ id }, permissions) => welcome(getUser(world, id), permissions),
    addRole: (roleName, permissions = []) => grant(roleName, permissions),
    removeBot: () => {
      removeBot(world, guild);
    },
    inviteBot: () => {
      inviteBot(world, guild);
    },
    setDown: (isDown) => {
      setDown(world, guild, isDown);
    },
  };
}
