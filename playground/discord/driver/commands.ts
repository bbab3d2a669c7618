import { permissionsIn } from '../access.ts';
import { permissionBits, includes } from '../permissions.ts';
import type { CommandOption } from '../rules/command-body.ts';
import { optionTypes } from '../rules/command-body.ts';
import type { GuildChannel } from '../state/channel.ts';
import { isArchived } from '../state/channel.ts';
import type { Command } from '../state/command.ts';
import { commandTypes } from '../state/command.ts';
import type { World } from '../world.ts';

/** The commands that a guild's members may find: its own, and those registered everywhere. */
function commandsFor(world: World, guildId: string): Command[] {
  return world.commands.filter((command) => command.guildId === undefined || command.guildId === guildId);
}

export function getCommand(world: World, guildId: string, { name, type }: { name: string; type: number }): Command {
  const all = commandsFor(world, guildId).filter((command) => command.type === type);
  // A guild's own command hides the one of the same name that is registered everywhere.
  const found = all.find((one) => one.body.name === name && one.guildId) ?? all.find((one) => one.body.name === name);
  if (found) return found;
  const registered = all.map((one) => `"${one.body.name}"`).join(', ') || 'none';
  throw new Error(`Cannot use "${name}": it is not registered. Registered are: ${registered}`);
}

/** What a member finds in the menus of a channel: nothing where commands may not be used. */
export function commandsShown(world: World, channel: GuildChannel, userId: string): Command[] {
  if (whyUnusable(world, channel, userId) !== undefined) return [];
  const all = commandsFor(world, channel.guildId);
  return all
    .filter(({ type, body }) => type !== commandTypes.user && isForGuilds(body))
    .filter((one) => one === getCommand(world, channel.guildId, { name: one.body.name, type: one.type }))
    .filter((one) => isShown(world, one, { channel, userId }));
}

function isForGuilds({ contexts }: Command['body']): boolean {
  return contexts?.includes(0) ?? true;
}

/** Whether Discord shows the command to this member here; admins of a server may have decided otherwise. */
export function isShown(
  world: World,
  command: Command,
  { channel, userId }: { channel: GuildChannel; userId: string },
): boolean {
  const wanted = command.body.default_member_permissions;
  if (wanted === undefined || wanted === null) return true;
  return includes(permissionsIn(world, channel, userId), BigInt(wanted) || permissionBits.Administrator);
}

/** Refuses what Discord's client would not let a member do. */
export function demandUsable(world: World, channel: GuildChannel, userId: string): void {
  const why = whyUnusable(world, channel, userId);
  if (why !== undefined) throw new Error(`Cannot use commands in #${channel.name}: ${why}`);
}

function whyUnusable(world: World, channel: GuildChannel, userId: string): string | undefined {
  const held = permissionsIn(world, channel, userId);
  const needed = permissionBits.ViewChannel | permissionBits.UseApplicationCommands;
  if (!includes(held, needed)) return 'this member may not';
  if (channel.kind === 'text' && channel.form === 'forum') return 'a forum bears posts alone';
  const isAsleep = channel.kind === 'thread' && isArchived(channel, world.clock.now());
  return isAsleep ? 'the thread is archived' : undefined;
}

/** The path to a subcommand (`config key`), with the options that it declares. */
export interface Route {
  readonly declared: readonly CommandOption[];
  /** Wraps the filled options as Discord nests them. */
  readonly wrap: (filled: readonly unknown[]) => readonly unknown[];
}

export function routeTo(command: Command, path: readonly string[]): Route {
  const start: Route = { declared: command.body.options ?? [], wrap: (filled) => filled };
  const route = path.reduce((at, name) => descend(at, name), start);
  if (!route.declared.some(isBranch)) return route;
  throw new Error(`Cannot use "${command.body.name}" by itself: name one of its subcommands`);
}

function descend({ declared, wrap }: Route, name: string): Route {
  const branch = declared.find((option) => option.name === name && isBranch(option));
  if (!branch) throw new Error(`Cannot find the subcommand "${name}"`);
  return { declared: branch.options ?? [], wrap: (options) => wrap([{ name, type: branch.type, options }]) };
}

function isBranch({ type }: CommandOption): boolean {
  return type === optionTypes.subcommand || type === optionTypes.group;
}
