import { createHash, randomInt } from 'node:crypto';
import type { ChannelId, JobId } from '../../../lib/ids.ts';
import type { Job, Order } from '../job.ts';
import { draftSilenceMs } from '../schedule.ts';
import type { Actor } from '../wishes.ts';

interface NewDraft {
  readonly id: JobId;
  readonly actor: Actor;
  readonly channelId: ChannelId;
  readonly order: Order;
  readonly at: number;
}

/** An order as it is before anybody attached a photo. */
export function draftOf({ id, actor, channelId, order, at }: NewDraft): Job {
  return {
    id,
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
}

/** Without letters that look alike, so that it can be read out. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const idLength = 10;

export function newId(): JobId {
  return Array.from({ length: idLength }, () => letters[randomInt(letters.length)]).join('') as JobId;
}

/** Always the same for one interaction: the database takes it once. */
export function idOf(interactionId: string): JobId {
  const digest = createHash('sha256').update(interactionId).digest();
  return Array.from({ length: idLength }, (_, place) => letters[digest.readUInt16BE(2 * place) % letters.length]).join(
    '',
  ) as JobId;
}
