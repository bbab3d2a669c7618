import type { Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { ProviderIdsTable, Tables } from '../../database/schema.ts';
import { trainingIdOf, type Job } from '../state/job.ts';
import { isAt } from '../state/picture-round.ts';

/** The provider repeated an id: what it names belongs to the order that had it first, and nothing was changed. */
export class TakenIdError extends Error {
  override readonly name = 'TakenIdError';
}

type ProviderId = Pick<ProviderIdsTable, 'kind' | 'id'>;

/**
 * In the transaction that gives a job an id of the provider's. Throws a `TakenIdError` when any order ever had it: of which
 * server, with which key and in which state does not matter, nor whether it is this order's own from before it was tried again.
 */
export async function claimIds(trx: Transaction<Tables>, before: Job, after: Job): Promise<void> {
  const had = idsIn(before).map(({ id }) => id);
  for (const one of idsIn(after).filter(({ id }) => !had.includes(id))) {
    if (await keepId(trx, one, after)) continue;
    throw new TakenIdError(`Cannot give job ${after.id} the ${one.kind} "${one.id}": an order had that id before`);
  }
}

/** Of a job that has them already. */
export async function keepIds(db: Database | Transaction<Tables>, job: Job): Promise<void> {
  for (const one of idsIn(job)) await keepId(db, one, job);
}

/** False when it was kept before. */
async function keepId(db: Database | Transaction<Tables>, one: ProviderId, { id: jobId }: Job): Promise<boolean> {
  const { numInsertedOrUpdatedRows: rows } = await db
    .insertInto('provider_ids')
    .values({ ...one, job_id: jobId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return rows === 1n;
}

function idsIn(job: Job): readonly ProviderId[] {
  const trainingId = trainingIdOf(job);
  const { pictures } = job;
  return [
    ...(trainingId === undefined ? [] : [{ kind: 'training', id: trainingId } as const]),
    ...(pictures && isAt(pictures, 'making') ? [{ kind: 'pictures', id: pictures.progress.requestId } as const] : []),
  ];
}
