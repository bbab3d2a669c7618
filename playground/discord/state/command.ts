import type { CommandBody } from '../rules/command-body.ts';
import type { Snowflake } from '../snowflake.ts';

/** A registered command: in one guild, or everywhere when it has none. */
export interface Command {
  readonly id: Snowflake;
  readonly version: Snowflake;
  readonly guildId: Snowflake | undefined;
  readonly type: number;
  readonly body: CommandBody;
}

export const commandTypes = { slash: 1, user: 2, message: 3 } as const;
