import { sql } from 'kysely';
import type { Clock } from '../../../lib/clock.ts';
import type { GuildId, JobId, MemberId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import { carryOver } from '../limits/carried.ts';
import { underWayStates } from '../job.ts';
import { isAt } from '../pictures/pictures.ts';
import { findJobIn, type Row } from './rows.ts';

/** What is kept about a member, in every server. */
export interface KeptOfMember {
  /** Orders that were not begun or are over. */
  readonly orders: number;
  /** The photos of these. */
  readonly photos: number;
  /** Orders of which something may still be charged or delivered: they must be known until they end. */
  readonly underWay: number;
  /** Servers in which they confirmed that they may use their photos. */
  readonly confirmations: number;
}

/** Whom something is kept about, across servers. */
export interface Kept {
  ofMember(memberId: MemberId): Promise<KeptOfMember>;
  /** Erases all of it but the orders under way. The ledger of what was billed stays; it names no person. */
  forgetMember(memberId: MemberId): Promise<void>;
  /** The servers that something is kept about, be it a single setting. */
  guilds(): Promise<readonly GuildId[]>;
  /** The jobs of a server that are still looked at. */
  active(guildId: GuildId): Promise<readonly JobId[]>;
  /** Those that could not be told in the server any more. */
  toldElsewhere(guildId: GuildId): Promise<readonly JobId[]>;
}

export function createKept(db: Database, clock: Pick<Clock, 'now'>): Kept {
  const ordersOf = (on: Pick<Database, 'selectFrom'>, memberId: MemberId) =>
    on.selectFrom('jobs').select(['id', 'document', 'state']).where('owner_id', '=', memberId).execute();
  const jobsIn = (guildId: GuildId) => db.selectFrom('jobs').select('id').where('guild_id', '=', guildId);

  return {
    ofMember: async (memberId) => {
      const orders = await ordersOf(db, memberId);
      const erasable = orders.filter((row) => !isUnderWay(row)).map(({ id }) => id);
      const photos = await db
        .selectFrom('photos')
        .where('job_id', 'in', oneOf(erasable))
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      const confirmations = await db
        .selectFrom('confirmations')
        .where('member_id', '=', memberId)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return {
        orders: erasable.length,
        photos: photos.count,
        underWay: orders.length - erasable.length,
        confirmations: confirmations.count,
      };
    },

    forgetMember: (memberId) =>
      db.transaction().execute(async (trx) => {
        const gone = (await ordersOf(trx, memberId)).filter((row) => !isUnderWay(row));
        await carryOver(trx, { ids: gone.map(({ id }) => id), memberId, at: clock.now() });
        for (const { id } of gone) await trx.deleteFrom('jobs').where('id', '=', id).execute();
        await trx.deleteFrom('confirmations').where('member_id', '=', memberId).execute();
        await trx.deleteFrom('forms').where('owner_id', '=', memberId).execute();
      }),

    guilds: async () => {
      // Every setting and key stands under "<what>:<server>".
      const ofKey = sql<string>`substr(key, instr(key, ':') + 1)`;
      const rows = await db
        .selectFrom('jobs')
        .select('guild_id as id')
        .union(db.selectFrom('confirmations').select('guild_id as id'))
        .union(db.selectFrom('absences').select('guild_id as id'))
        .union(db.selectFrom('settings').where('key', 'like', '%:%').select(ofKey.as('id')))
        .execute();
      return rows.map(({ id }) => id as GuildId);
    },

    active: async (guildId) => {
      const rows = await jobsIn(guildId).where('next_at', 'is not', null).execute();
      return rows.map(({ id }) => id as JobId);
    },

    toldElsewhere: async (guildId) => {
      const rows = await jobsIn(guildId)
        .where((is) => is.or(['dm', 'nowhere'].map((place) => is('document', 'like', `%"place":"${place}"%`))))
        .execute();
      return rows.map(({ id }) => id as JobId);
    },
  };
}

/** A row that cannot be read is judged by its column. */
function isUnderWay(row: Pick<Row, 'document' | 'state'>): boolean {
  if (underWayStates.some((state) => state === row.state)) return true;
  const pictures = findJobIn(row)?.pictures;
  return pictures !== undefined && !isAt(pictures, 'ended');
}
