import type { Clock } from './clock.ts';

export type Snowflake = string;

const discordEpoch = 1_420_070_400_000;

/** Ids that grow with time, as Discord's do: clients read the moment of creation out of them. */
export function createSnowflakes(clock: Pick<Clock, 'now'>): () => Snowflake {
  let last = 0n;
  return () => {
    const earliest = BigInt(clock.now() - discordEpoch) << 22n;
    last = earliest > last ? earliest : last + 1n;
    return last.toString();
  };
}

export function createdAtOf(id: Snowflake): number {
  return Number(BigInt(id) >> 22n) + discordEpoch;
}
