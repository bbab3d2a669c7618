import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { utcDay, utcMonth } from '../../../lib/calendar.ts';
import type { GuildId, MemberId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import type { Tables } from '../../database/schema.ts';
import { usdOf } from '../../modelslab/methods.ts';
import { underWayStates, type State } from '../state/job.ts';
import type { Usage } from '../state/limits.ts';
import { began } from './ledger.ts';

/** A member of a server. */
export interface User {
  readonly guildId: GuildId;
  readonly ownerId: MemberId;
}

type Connection = Database | Transaction<Tables>;

export async function findUsage(db: Connection, user: User, at: number): Promise<Usage> {
  const jobs = await findUnderWay(db, user);
  const begun = await findBegun(db, user, at);
  const billed = await findBilled(db, user, at);
  const own = jobs.filter(({ ownerId }) => ownerId === user.ownerId);
  const onTheirWay = jobs.filter(({ state }) => state !== 'training'); // What is training is in the ledger.
  const coming = own.filter((job) => onTheirWay.includes(job)).length;
  const prices = onTheirWay.map(({ method }) => usdOf(method));
  return {
    at,
    member: {
      atOnce: own.length,
      today: begun.today + coming,
      thisMonth: begun.thisMonth + coming,
    },
    server: {
      atOnce: jobs.length,
      usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), billed.usd),
      hourly: billed.hourly + prices.filter((usd) => usd === null).length,
      rounds: await countRounds(db, user),
    },
  };
}

interface UnderWay {
  readonly ownerId: string;
  readonly state: string;
  readonly method: string;
}

async function findUnderWay(db: Connection, { guildId }: User): Promise<readonly UnderWay[]> {
  const rows = await db
    .selectFrom('jobs')
    .select(['owner_id', 'state', 'method'])
    .where('guild_id', '=', guildId)
    .where('state', 'in', underWayStates)
    .execute();
  return rows.map((row) => ({ ownerId: row.owner_id, state: row.state, method: row.method }));
}

async function countRounds(db: Connection, { guildId }: User): Promise<number> {
  const { rounds } = await db
    .selectFrom('jobs')
    .select(({ fn }) => fn.countAll<number>().as('rounds'))
    .where('guild_id', '=', guildId)
    .where('state', 'in', ['ready', 'deleted'] satisfies State[])
    .where('next_at', 'is not', null) // As long as something is done about it.
    .where(sql`document ->> '$.pictures.progress.step'`, '<>', 'ended')
    .executeTakeFirstOrThrow();
  return rounds;
}

/** How many trainings of the member began. The ledger names no person: the orders do. */
async function findBegun(db: Connection, { guildId, ownerId }: User, at: number): Promise<Begun> {
  const [today, month] = [utcDay(at).from, utcMonth(at).from];
  const own = db.selectFrom('jobs').select('id').where('guild_id', '=', guildId).where('owner_id', '=', ownerId);
  const lines = await db
    .selectFrom('ledger')
    .select(({ fn }) => [
      fn.countAll<number>().as('thisMonth'),
      sql<number>`count(*) filter (where at >= ${today})`.as('today'),
    ])
    .where('guild_id', '=', guildId)
    .where('at', '>=', month)
    .where('event', 'in', began)
    .where('job_id', 'in', own)
    .executeTakeFirstOrThrow();
  const carried = await findErasedUsage(db, { guildId, ownerId, from: month });
  return {
    today: lines.today + carried.filter((time) => time >= today).length,
    thisMonth: lines.thisMonth + carried.length,
  };
}

interface Begun {
  readonly today: number;
  readonly thisMonth: number;
}

async function findBilled(db: Connection, { guildId }: User, at: number): Promise<{ usd: number; hourly: number }> {
  const { usd, lines, priced } = await db
    .selectFrom('ledger')
    .select(({ fn }) => [
      fn.sum<number | null>('usd').as('usd'),
      fn.countAll<number>().as('lines'),
      fn.count<number>('usd').as('priced'),
    ])
    .where('guild_id', '=', guildId)
    .where('at', '>=', utcMonth(at).from)
    .executeTakeFirstOrThrow();
  return { usd: usd ?? 0, hourly: lines - priced };
}

/*
 * A member whose orders are erased would begin this month's limits anew. So when their trainings began is carried
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
export async function keepErasedUsage(trx: Connection, { ids, memberId, at }: Erased): Promise<void> {
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
  // By the orders alone: by its events as well, SQLite would go through the whole month of everybody.
  const lines = await trx
    .selectFrom('ledger')
    .select(['guild_id', 'at', 'event'])
    .where('job_id', 'in', oneOf(ids))
    .execute();
  for (const line of lines.filter((line) => line.at >= from && began.some((event) => event === line.event))) {
    const who = whoOf(line.guild_id as GuildId, memberId);
    await trx.insertInto('carried').values({ who, at: line.at }).execute();
  }
}

/** When trainings of this member began whose orders were erased. */
async function findErasedUsage(
  db: Connection,
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
