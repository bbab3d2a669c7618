import type { GuildId, JobId } from '../../../lib/ids.ts';
import type { JobStore } from '../store/job-store.ts';
import { withEnding } from '../model-name.ts';

export interface WantedName {
  readonly guildId: GuildId;
  readonly name: string;
  /** The job that is named: what it has already is not taken. */
  readonly of?: JobId;
}

/** The name, or the first of `name-2`, `name-3` … that no other model of the server has. */
export async function freeName(
  { guildId, name, of }: WantedName,
  jobs: Pick<JobStore, 'isNameTaken'>,
): Promise<string> {
  if (!(await jobs.isNameTaken(guildId, name, of))) return name;
  for (let number = 2; ; number += 1) {
    const other = withEnding(name, `-${number}`);
    if (!(await jobs.isNameTaken(guildId, other, of))) return other;
  }
}

export function nameTaken(name: string): string {
  return `The name “${name}” is taken by another model in this server.`;
}
