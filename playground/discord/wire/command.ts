import type { Command } from '../state/command.ts';
import type { World } from '../world.ts';
import type { Json } from './json.ts';

interface Shown {
  /** A list of commands has none unless it is asked for them. */
  readonly withLocalizations: boolean;
}

/** As Discord gives it back: defaults are added, and what is false or empty is not repeated. */
export function commandWire(
  world: World,
  { id, version, type, guildId, body }: Command,
  { withLocalizations }: Shown = { withLocalizations: true },
): Json {
  const { options, ...rest } = given(body, withLocalizations);
  return {
    default_member_permissions: null,
    ...rest,
    nsfw: body['nsfw'] === true,
    description: body.description ?? '',
    ...(Array.isArray(options) &&
      options.length > 0 && { options: options.map((one) => entry(one, withLocalizations)) }),
    id,
    application_id: world.bot.id,
    version,
    type,
    // Where a command shows is only kept for those that show everywhere.
    integration_types: guildId === undefined ? (body['integration_types'] ?? [0]) : [0],
    contexts: guildId === undefined ? (body.contexts ?? null) : null,
    ...(guildId !== undefined && { guild_id: guildId }),
  };
}

/** An option or a choice. */
function entry(value: unknown, withLocalizations: boolean): Json {
  const { options, choices, ...rest } = given(value, withLocalizations);
  const told = Object.entries(rest).filter(([, one]) => one !== false && !(Array.isArray(one) && one.length === 0));
  const inside = (key: string, all: unknown) =>
    Array.isArray(all) && all.length > 0 ? { [key]: all.map((one) => entry(one, withLocalizations)) } : {};
  return { ...Object.fromEntries(told), ...inside('options', options), ...inside('choices', choices) };
}

function given(value: unknown, withLocalizations: boolean): Record<string, unknown> {
  const all = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(all.filter(([key]) => withLocalizations || !key.endsWith('_localizations')));
}
