import type { GuildId } from '../../lib/ids.ts';
import type { JobStore } from './job-store.ts';
import { longestName } from './order.ts';

/** The name, or the first of `name-2`, `name-3` … that no other model of the server has. */
export async function freeName(guildId: GuildId, name: string, jobs: Pick<JobStore, 'isNameTaken'>): Promise<string> {
  if (!(await jobs.isNameTaken(guildId, name))) return name;
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`;
    const other = `${name.slice(0, longestName - ending.length)}${ending}`;
    if (!(await jobs.isNameTaken(guildId, other))) return other;
  }
}

export function nameTaken(name: string): string {
  return `The name “${name}” is taken by another model in this server.`;
}
