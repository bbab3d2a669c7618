import type { Selectable, Transaction } from 'kysely';
import type { JobId, MemberId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import type { JobsTable, Tables } from '../../database/schema.ts';
import { isFree, methods } from '../../modelslab/methods.ts';
import type { PlaceInQueue, State } from '../state/job.ts';
import { queueOrder, type QueuedOrder } from '../state/queue.ts';
import { giveUpFindingMs, longestInQueueMs } from '../state/schedule.ts';
import { findJobIn } from './rows.ts';

/** The line in front of the provider's queue: one for each key, whichever servers share it. */
export interface ProviderQueue {
  readonly keyFingerprint: string;
  /** How many requests the provider queues for the key. */
  readonly slots: number;
}

/** Why a queued order is not sent although nothing is wrong with it. */
export type QueueWait =
  { readonly hold: 'in-line'; readonly line: PlaceInQueue } | { readonly hold: 'another-first'; readonly line?: never };

/** The order whose turn is looked for, and when. */
export interface Candidate {
  readonly id: JobId;
  readonly at: number;
}

/**
 * What takes room in the provider's queue. `asking` does not: an answer may never come, and some unanswered questions
 * would stop a server for good. Should that order run there after all, the next one meets a 429, which loses nothing.
 */
const inFlight: readonly State[] = ['sending', 'unknown', 'training'];

const columns = [
  'id',
  'owner_id',
  'state',
  'method',
  'started_at',
  'sent_at',
  'created_at',
  'next_at',
  'quiet_until',
] as const;
type Row = Pick<Selectable<JobsTable>, (typeof columns)[number]>;

/** Undefined when the order may be sent now. From columns alone, so that a long line is looked at cheaply. */
export async function findQueueWait(
  db: Database | Transaction<Tables>,
  line: ProviderQueue,
  { id, at }: Candidate,
): Promise<QueueWait | undefined> {
  const own = await db.selectFrom('jobs').select(columns).where('id', '=', id).executeTakeFirst();
  if (own === undefined) return undefined;
  const others = await db
    .selectFrom('jobs')
    .select(columns)
    .where('key_fingerprint', '=', line.keyFingerprint)
    .where('state', 'in', [...inFlight, 'queued'])
    .where('id', '!=', id)
    .execute();
  const sent = await withoutLost(
    db,
    others.filter(({ state }) => state !== 'queued'),
    at,
  );
  const queued = others.filter(({ state }) => state === 'queued');
  const free = queued.some((row) => isQuiet(row, at)) ? 0 : Math.max(0, line.slots - sent.length);
  const waiting = [own, ...queued.filter((row) => standsInQueue(row, at))].map(waitingIn);
  const ahead = queueOrder(waiting, sent.map(ownerIn)).indexOf(id);
  if (ahead >= free) return { hold: 'in-line', line: { place: ahead - free + 1, slots: line.slots } };
  return sent.some(isUndecided) ? { hold: 'another-first' } : undefined;
}

/**
 * One that cannot be read never moves on. When it left longer ago than any is looked for, the others pass: a new training
 * that may be its own is then a question for a person.
 */
async function withoutLost(
  db: Database | Transaction<Tables>,
  sent: readonly Row[],
  at: number,
): Promise<readonly Row[]> {
  const old = sent.filter((row) => (row.sent_at ?? row.created_at) < at - giveUpFindingMs).map(({ id }) => id);
  if (old.length === 0) return sent;
  const documents = await db.selectFrom('jobs').select(['id', 'document']).where('id', 'in', oneOf(old)).execute();
  const lost = documents.filter((row) => findJobIn(row) === undefined).map(({ id }) => id);
  return sent.filter(({ id }) => !lost.includes(id));
}

/** The provider turned this one away for a while: it would turn away the others of the key as well. */
function isQuiet({ quiet_until: until }: Row, at: number): boolean {
  return until !== null && until > at;
}

/** One that is put off for longer than anybody is in the line has trouble of its own, and lets the others pass. */
function standsInQueue(row: Row, at: number): boolean {
  return isQuiet(row, at) || (row.next_at !== null && row.next_at <= at + 2 * longestInQueueMs);
}

/** While a paid request has no verdict its training cannot be told from one that is sent after it. */
function isUndecided(row: Row): boolean {
  return row.state !== 'training' && isPaid(row);
}

function isPaid({ method }: Pick<JobsTable, 'method'>): boolean {
  return !freeMethods.includes(method);
}

const freeMethods: readonly string[] = Object.values(methods)
  .filter(isFree)
  .map(({ id }) => id);

function ownerIn(row: Row): MemberId {
  return row.owner_id as MemberId;
}

function waitingIn(row: Row): QueuedOrder {
  return { id: row.id as JobId, ownerId: ownerIn(row), startedAt: row.started_at ?? row.created_at };
}
