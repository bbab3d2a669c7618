import type { Selectable, Transaction } from 'kysely';
import type { JobId, TrainingId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import type { AddressesTable, LedgerTable, Tables } from '../../database/schema.ts';
import { isFree, methods, usdOf, type MethodId } from '../../modelslab/methods.ts';
import { isIn, trainingIdOf, type Job } from '../state/job.ts';
import type { LedgerEvent } from './ledger.ts';

export type WebhookAddress = Selectable<AddressesTable>;

/** In the transaction that changes a job: what its change says about where the provider may call about each attempt. */
export async function noteAddress(
  db: Database | Transaction<Tables>,
  before: Job | undefined,
  after: Job,
): Promise<void> {
  const { webhook } = after;
  if (webhook && webhook.tokenHash !== before?.webhook?.tokenHash) await insertAddress(db, after, webhook);
  const change = {
    ...(trainingIdOf(after) !== (before && trainingIdOf(before)) && { training_id: trainingIdOf(after) ?? null }),
    ...(before && isIn(before, 'asking') && isIn(after, 'queued', 'cancelled') && { is_counted: 1 }),
    ...(after.lateCallAt !== undefined && before?.lateCallAt === undefined && { called_at: after.lateCallAt }),
  };
  // Tried again, an order has no training any more: that of the attempt before stays known.
  if (change.training_id === null) delete change.training_id;
  if (Object.keys(change).length === 0) return;
  const of = db.updateTable('addresses').set(change).where('job_id', '=', after.id);
  await of.where('attempt', '=', after.attempts).execute();
}

async function insertAddress(
  db: Database | Transaction<Tables>,
  { id, guildId, order, sentAt, createdAt }: Job,
  { tokenHash, intent }: NonNullable<Job['webhook']>,
): Promise<void> {
  await db
    .insertInto('addresses')
    .values({
      token_hash: tokenHash,
      job_id: id,
      guild_id: guildId,
      attempt: intent.attempt,
      method: order.method,
      key_fingerprint: intent.keyFingerprint,
      sent_at: sentAt ?? createdAt,
      training_id: null,
      called_at: null,
      who: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Whether a call about it tells something new: an attempt runs that was given up, and is paid for. */
export function isNews({ method, training_id: trainingId, called_at: calledAt }: WebhookAddress): boolean {
  const known = Object.values(methods).find(({ id }) => id === method);
  return trainingId === null && calledAt === null && !(known && isFree(known));
}

/** What the ledger says of it, and limits count. */
export function calledLateLine(address: WebhookAddress, at: number): Omit<Selectable<LedgerTable>, 'id'> {
  const event: LedgerEvent = 'called-late';
  const { job_id, guild_id, attempt, method } = address;
  const usd = address.is_counted === 1 ? 0 : usdOf(method);
  return { at, job_id, guild_id, event, detail: `attempt ${attempt}`, usd };
}

export function findAddress(
  db: Database | Transaction<Tables>,
  id: JobId,
  tokenHash: string,
): Promise<WebhookAddress | undefined> {
  const all = db.selectFrom('addresses').selectAll().where('token_hash', '=', tokenHash);
  return all.where('job_id', '=', id).executeTakeFirst();
}

/** Its owner has to hear of it. */
export function withEarlierCall(
  job: Job,
  { attempt, method, key_fingerprint: keyFingerprint }: WebhookAddress,
  { at, named }: { readonly at: number; readonly named: TrainingId | undefined },
): Job {
  const known = { attempt, calledAt: at, method: method as MethodId, keyFingerprint };
  const call = { ...known, ...(named !== undefined && { named }) };
  return { ...job, earlierCalls: [...(job.earlierCalls ?? []), call], nextAt: at };
}
