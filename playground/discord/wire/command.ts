import type { Command } from '../state/command.ts';
import type { World } from '../world.ts';
import type { Json } from './json.ts';

export function commandWire(world: World, { id, version, type, guildId, body }: Command): Json {
  return {
    default_member_permissions: null,
    nsfw: false,
    contexts: null,
    integration_types: [0],
    ...body,
    description: body.description ?? '',
    id,
    application_id: world.bot.id,
    version,
    type,
    ...(guildId !== undefined && { guild_id: guildId }),
  };
}
