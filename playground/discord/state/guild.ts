import type { Snowflake } from '../snowflake.ts';

export interface User {
  readonly id: Snowflake;
  readonly name: string;
  readonly isBot: boolean;
  /** The language of the member's client, for example `en-US`. */
  readonly locale: string;
}

export interface Role {
  readonly id: Snowflake;
  readonly name: string;
  readonly isManaged: boolean;
  permissions: bigint;
}

export interface Member {
  readonly user: User;
  readonly roleIds: Snowflake[];
  readonly joinedAt: number;
}

export interface Guild {
  readonly id: Snowflake;
  readonly name: string;
  readonly ownerId: Snowflake;
  readonly locale: string;
  readonly roles: Map<Snowflake, Role>;
  readonly members: Map<Snowflake, Member>;
  /** During an outage. */
  isDown: boolean;
}
