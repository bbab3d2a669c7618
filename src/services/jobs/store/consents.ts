import type { Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { Tables } from '../../database/schema.ts';
import type { Job } from '../state/job.ts';

/**
 * Owners confirm once in a server that they may use their photos, by the Start of their first order there. When the owner of this
 * job did; undefined when they are still to be asked.
 */
export async function findConsent(
  db: Database,
  { guildId, ownerId }: Pick<Job, 'guildId' | 'ownerId'>,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('confirmations')
    .select('at')
    .where('guild_id', '=', guildId)
    .where('member_id', '=', ownerId)
    .executeTakeFirst();
  return row?.at;
}

/** In the transaction that starts the order: none is queued whose confirmation is not kept. The first one stays. */
export async function storeConsent(
  trx: Transaction<Tables>,
  { guildId, ownerId }: Job,
  confirmedAt: number,
): Promise<void> {
  await trx
    .insertInto('confirmations')
    .values({ guild_id: guildId, member_id: ownerId, at: confirmedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
