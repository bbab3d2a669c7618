import type { CommandBody } from '../rules/command-body.ts';
import type { Snowflake } from '../snowflake.ts';
import type { Command } from '../state/command.ts';
import type { World } from '../world.ts';

/** Registers one command. As at Discord, one of the same name and type keeps its id. */
export function putCommand(world: World, body: CommandBody, guildId: Snowflake | undefined): Command {
  const type = body.type ?? 1;
  const before = world.commands.find((one) => isSame(one, { name: body.name, type, guildId }));
  const command: Command = { id: before?.id ?? world.newId(), version: world.newId(), guildId, type, body };
  world.commands = [...world.commands.filter((one) => one !== before), command];
  return command;
}

/** Registers exactly these: what is not among them is gone. */
export function replaceCommands(
  world: World,
  bodies: readonly CommandBody[],
  guildId: Snowflake | undefined,
): Command[] {
  const commands = bodies.map((body) => putCommand(world, body, guildId));
  world.commands = world.commands.filter((one) => one.guildId !== guildId || commands.includes(one));
  world.changes.record({ type: 'commands-registered', commands });
  return commands;
}

function isSame(command: Command, other: { name: string; type: number; guildId: Snowflake | undefined }): boolean {
  return command.body.name === other.name && command.type === other.type && command.guildId === other.guildId;
}
