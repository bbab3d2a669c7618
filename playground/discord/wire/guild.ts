import { canView } from '../access.ts';
import type { TextChannel, Thread } from '../state/channel.ts';
import type { Guild } from '../state/guild.ts';
import type { World } from '../world.ts';
import { channelWire, threadWire } from './channel.ts';
import { memberWire, roleWire } from './user.ts';
import type { Json } from './json.ts';

export function guildWire(guild: Guild): Json {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    owner_id: guild.ownerId,
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 2,
    roles: [...guild.roles.values()].map((role) => roleWire(role, guild)),
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: guild.locale,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    nsfw_level: 0,
    nsfw: false,
    max_members: 500_000,
  };
}

/** The guild as the gateway introduces it: with its channels and those threads that the bot sees. */
export function guildCreateWire(world: World, guild: Guild): Json {
  const channels = [...world.channels.values()].filter((channel) => !channel.isDeleted);
  const texts = channels.filter((one): one is TextChannel => one.kind === 'text' && one.guildId === guild.id);
  const threads = channels
    .filter((one): one is Thread => one.kind === 'thread' && one.guildId === guild.id)
    .filter((thread) => canView(world, thread, world.bot.id));
  const self = guild.members.get(world.bot.id);
  return {
    ...guildWire(guild),
    joined_at: new Date(self?.joinedAt ?? 0).toISOString(),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: self ? [memberWire(self)] : [],
    channels: texts.map((channel) => channelWire(world, channel)),
    threads: threads.map((thread) => threadWire(world, thread)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
