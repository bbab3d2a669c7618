import { createBreather } from '../../../lib/breather.ts';
import type { GuildId, JobId } from '../../../lib/ids.ts';
import type { JobStore } from '../store/job-store.ts';
import { withEnding } from '../state/model-name.ts';
import { foldName } from '../store/rows.ts';

export interface WantedName {
  readonly guildId: GuildId;
  readonly name: string;
  /** The job that is named: what it has already is not taken. */
  readonly of?: JobId;
}

/** The name, or the first of `name-2`, `name-3` … that no other model of the server has. */
export async function freeName(
  { guildId, name, of }: WantedName,
  jobs: Pick<JobStore, 'isNameTaken' | 'takenNames'>,
): Promise<string> {
  if (!(await jobs.isNameTaken(guildId, name, of))) return name;
  const breathe = createBreather();
  for (let number = 2; ; number += askedAtOnce) {
    const others = Array.from({ length: askedAtOnce }, (_, index) => withEnding(name, `-${number + index}`));
    const taken = await jobs.takenNames(guildId, others, of);
    await breathe();
    const free = others.find((other) => !taken.has(foldName(other)));
    if (free !== undefined) return free;
  }
}

/** Somebody may have thousands of models of one name. */
const askedAtOnce = 200;

export function nameTaken(name: string): string {
  return `The name “${name}” is taken by another model in this server.`;
}
