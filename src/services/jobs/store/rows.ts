import type { Selectable, Transaction, Updateable } from 'kysely';
import type { Breather } from '../../../lib/breather.ts';
import type { JobId, TrainingId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import type { JobsTable, Tables } from '../../database/schema.ts';
import { hasEnded, jobSchema, trainingIdOf, undecidedStates, type Job, type State } from '../state/job.ts';
import { storeConsent } from './consents.ts';
import { ledgerLine } from './ledger.ts';
import { claimIds, keepIds } from './provider-ids.ts';
import { noteAddress } from './webhook-addresses.ts';

export type Row = Selectable<JobsTable>;
type Stored = Pick<Row, 'document'>;

/** Throws for what no version of this program that is known here wrote. */
export function jobOf({ document }: Stored): Job {
  return jobSchema.parse(JSON.parse(document));
}

/** Undefined for a row that cannot be read: damaged, or from a newer version. */
export function findJobIn(row: Stored): Job | undefined {
  try {
    return jobOf(row);
  } catch {
    return undefined;
  }
}

/** Where a row that cannot be read is reported, and what becomes of a job. */
export interface JobStoreLog {
  info(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Of many jobs, those that can be read: one damaged row never stops the others. */
export async function readableIn(rows: readonly Row[], log: JobStoreLog, breathe: Breather): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const [index, row] of rows.entries()) {
    if (index % readInOneGo === readInOneGo - 1) await breathe();
    try {
      jobs.push(jobOf(row));
    } catch (error) {
      log.error({ err: error, ...whereabouts(row) }, unreadableText(row));
    }
  }
  return jobs;
}

/** What the poller claims at once is no reason to wait for anything. */
const readInOneGo = 20;
const rowsAtOnce = 100;

/** The rows of these jobs, some at a time; those that are gone meanwhile are left out. */
export async function findRows(
  db: Pick<Database, 'selectFrom'>,
  ids: readonly string[],
  breathe: Breather,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < ids.length; from += rowsAtOnce) {
    if (from > 0) await breathe();
    const some = oneOf(ids.slice(from, from + rowsAtOnce));
    rows.push(...(await db.selectFrom('jobs').selectAll().where('id', 'in', some).execute()));
  }
  return rows;
}

/** By which a name is found and told apart, whatever letters it has. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** What the operator needs to find it at the provider and in the file. */
function whereabouts({ id, guild_id: guildId, state, training_id: trainingId }: Row): object {
  return { jobId: id, guildId, state, trainingId };
}

function unreadableText({ state }: Row): string {
  const text = 'a stored job cannot be read, leaving it out: restore a backup, or start the version that wrote it';
  return undecidedStates.includes(state)
    ? `${text}; nobody knows whether it was paid for, so look for it at the provider; the others of its key wait for an hour`
    : text;
}

/** False when there is a job with this id. */
export async function insertRow(db: Database | Transaction<Tables>, job: Job): Promise<boolean> {
  const row = {
    ...rowOf(job),
    id: job.id,
    guild_id: job.guildId,
    owner_id: job.ownerId,
    rev: 0,
    created_at: job.createdAt,
  };
  const { numInsertedOrUpdatedRows: rows } = await db
    .insertInto('jobs')
    .values({ ...row, lease_until: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (rows === 1n) {
    await keepIds(db, job);
    await noteAddress(db, undefined, job);
  }
  return rows === 1n;
}

/** A change of state, for the log. */
export interface Move {
  readonly jobId: JobId;
  readonly from: State;
  readonly to: State;
  readonly trainingId: TrainingId | undefined;
}

interface ChangeTarget {
  readonly trx: Transaction<Tables>;
  /** Told once the transaction is over. */
  readonly moves: Move[];
  readonly id: JobId;
  readonly at: number;
  /** Who gives it back in the same write. */
  readonly releasedBy?: string;
}

/** What a change met and what it made of it: the same where it changed nothing. */
export interface Change {
  readonly before: Job;
  readonly after: Job;
}

export const lost = Symbol('another process wrote first');

/**
 * As the job is in this transaction; with the line that the change adds to the ledger. Undefined when there is no such job.
 * Throws a `TakenIdError` for an id of the provider's that an order had before.
 */
export async function changeRow(
  { trx, moves, id, at, releasedBy }: ChangeTarget,
  apply: (job: Job) => Job,
): Promise<Change | typeof lost | undefined> {
  const row = await trx.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const before = jobOf(row);
  const after = apply(before);
  if (after === before) return { before, after };
  const written = await trx
    .updateTable('jobs')
    .set({ ...rowOf(after), rev: row.rev + 1, ...(releasedBy === row.lease_owner && { lease_until: null }) })
    .where('id', '=', id)
    .where('rev', '=', row.rev)
    .executeTakeFirst();
  if (written.numUpdatedRows === 0n) return lost;
  await claimIds(trx, before, after);
  await noteAddress(trx, before, after);
  const line = ledgerLine(before, after, at);
  if (line) await trx.insertInto('ledger').values(line).execute();
  if (after.confirmedAt !== undefined && before.confirmedAt === undefined)
    await storeConsent(trx, after, after.confirmedAt);
  const [from, to] = [before.phase.state, after.phase.state];
  if (from !== to) moves.push({ jobId: id, from, to, trainingId: trainingIdOf(after) });
  return { before, after };
}

function rowOf(job: Job) {
  return {
    state: job.phase.state,
    name: foldName(job.order.name),
    method: job.order.method,
    training_id: trainingIdOf(job) ?? null,
    key_fingerprint: job.keyFingerprint ?? null,
    next_at: job.nextAt,
    quiet_until: job.quietUntil ?? null,
    document: JSON.stringify(job),
    started_at: job.startedAt ?? null,
    sent_at: job.sentAt ?? null,
    ended_at: hasEnded(job) ? (job.endedAt ?? null) : null,
  } satisfies Updateable<JobsTable>;
}
