import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { utcMonth } from '../../../lib/calendar.ts';
import type { GuildId, MemberId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import type { Tables } from '../../database/schema.ts';
import { began } from './ledger.ts';

/*
 * Whoever has their orders erased would begin their limits of this month anew. So when their trainings began is carried
 * over, under a hash of server and member, until the month is over.
 */

interface Erased {
  readonly ids: readonly string[];
  readonly memberId: MemberId;
  readonly at: number;
}

/** Those of months that are over. */
export async function dropErasedUsage(db: Database, at: number): Promise<void> {
  const { from } = utcMonth(at);
  await db.deleteFrom('carried').where('at', '<', from).execute();
  const over = db.updateTable('addresses').set({ who: null }).where('who', 'is not', null);
  await over.where('sent_at', '<', from).execute();
}

/** In the transaction that erases the orders. */
export async function keepErasedUsage(trx: Transaction<Tables>, { ids, memberId, at }: Erased): Promise<void> {
  const { from } = utcMonth(at);
  const sent = await trx
    .selectFrom('addresses')
    .select(['token_hash', 'guild_id'])
    .where('job_id', 'in', oneOf(ids))
    .where('sent_at', '>=', from)
    .execute();
  for (const { token_hash: hash, guild_id: guildId } of sent) {
    const who = whoOf(guildId as GuildId, memberId);
    await trx.updateTable('addresses').set({ who }).where('token_hash', '=', hash).execute();
  }
  const lines = await trx
    .selectFrom('ledger')
    .innerJoin('jobs', 'jobs.id', 'ledger.job_id')
    .select(['jobs.guild_id', 'ledger.at'])
    .where('ledger.job_id', 'in', oneOf(ids))
    .where('ledger.event', 'in', began)
    .where('ledger.at', '>=', from)
    .execute();
  for (const line of lines) {
    const who = whoOf(line.guild_id as GuildId, memberId);
    await trx.insertInto('carried').values({ who, at: line.at }).execute();
  }
}

/** When trainings of this member began whose orders were erased. */
export async function findErasedUsage(
  db: Database | Transaction<Tables>,
  { guildId, ownerId, from }: { readonly guildId: GuildId; readonly ownerId: MemberId; readonly from: number },
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('carried')
    .select('at')
    .where('who', '=', whoOf(guildId, ownerId))
    .where('at', '>=', from)
    .execute();
  return rows.map(({ at }) => at);
}

function whoOf(guildId: GuildId, memberId: MemberId): string {
  return createHash('sha256').update(`darkroom|carried|${guildId}|${memberId}`).digest('hex');
}
