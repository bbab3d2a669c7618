import { createHash, randomInt } from 'node:crypto';
import { createBreather } from '../../../lib/breather.ts';
import type { ChannelId, GuildId, JobId } from '../../../lib/ids.ts';
import type { PhotoSource } from '../../photos/photo.ts';
import { advance } from '../state/advance.ts';
import type { Job, Order } from '../state/job.ts';
import { withEnding } from '../state/model-name.ts';
import { draftSilenceMs } from '../state/schedule.ts';
import type { JobStore } from '../store/job-store.ts';
import { foldName } from '../store/rows.ts';
import type { Actor } from './job-editor.ts';

/** An order as a command asks for it. */
export interface OrderRequest {
  readonly channelId: ChannelId;
  readonly order: Order;
  readonly sources?: readonly PhotoSource[];
  readonly interactionId?: string;
}

/** An order as it is when it is opened. */
export function draftOf(
  actor: Actor,
  { channelId, order, sources = [], interactionId }: OrderRequest,
  at: number,
): Job {
  const draft: Job = {
    id: interactionId === undefined ? newId() : idOf(interactionId),
    guildId: actor.guildId,
    channelId,
    ownerId: actor.memberId,
    order,
    orderRev: 1,
    pending: [],
    lastPosition: 0,
    phase: { state: 'draft' },
    told: { place: 'thread', cropIds: [], news: [], failures: 0 },
    attempts: 0,
    trouble: 0,
    createdAt: at,
    touchedAt: at,
    nextAt: at + draftSilenceMs,
  };
  return sources.length === 0 ? draft : advance(draft, { type: 'photos-attached', sources }, at);
}

/** Without letters that look alike, so that it can be read out. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const idLength = 10;

function newId(): JobId {
  return Array.from({ length: idLength }, () => letters[randomInt(letters.length)]).join('') as JobId;
}

/** Always the same for one interaction: the database takes it once. */
function idOf(interactionId: string): JobId {
  const digest = createHash('sha256').update(interactionId).digest();
  return Array.from({ length: idLength }, (_, place) => letters[digest.readUInt16BE(2 * place) % letters.length]).join(
    '',
  ) as JobId;
}

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
