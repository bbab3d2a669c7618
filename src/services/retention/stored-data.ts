import { sql } from 'kysely';
import { createBreather } from '../../lib/breather.ts';
import type { Clock } from '../../lib/clock.ts';
import type { GuildId, JobId, MemberId } from '../../lib/ids.ts';
import type { Database } from '../database/database.ts';
import { oneOf } from '../database/one-of.ts';
import { underWayStates } from '../jobs/state/job.ts';
import { isAt } from '../jobs/state/picture-round.ts';
import { erasePhotosOf } from '../jobs/store/photo-pieces.ts';
import { findJobIn, findRows, type Row } from '../jobs/store/rows.ts';
import { dropErasedUsage, keepErasedUsage } from '../jobs/store/usage.ts';

/** What is kept about a member, in every server. */
export interface MemberData {
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
export interface StoredData {
  ofMember(memberId: MemberId): Promise<MemberData>;
  /** Erases all of it but the orders under way. The ledger of what was billed stays; it names no person. */
  forgetMember(memberId: MemberId): Promise<void>;
  /** The servers that something is kept about, be it a single setting. */
  guilds(): Promise<readonly GuildId[]>;
  /** The jobs of a server that are still looked at. */
  active(guildId: GuildId): Promise<readonly JobId[]>;
  /** Those that could not be told in the server any more. */
  toldOutsideGuild(guildId: GuildId): Promise<readonly JobId[]>;
}

export function createStoredData(db: Database, clock: Pick<Clock, 'now'>): StoredData {
  const breathe = createBreather();

  /** Those whose photos and names can go, and how many must stay. Only what is still looked at is read. */
  const ordersOf = async (memberId: MemberId) => {
    const rows = await db
      .selectFrom('jobs')
      .select(['id', 'state', sql<boolean>`next_at is not null`.as('isActive')])
      .where('owner_id', '=', memberId)
      .execute();
    const drawing = new Set<string>();
    const active = rows.filter(({ isActive }) => isActive).map(({ id }) => id);
    for (let from = 0; from < active.length; from += readAtOnce) {
      for (const row of await findRows(db, active.slice(from, from + readAtOnce), breathe)) {
        await breathe();
        if (isUnderWay(row)) drawing.add(row.id);
      }
    }
    const erasable = rows.filter((row) => !isStarted(row) && !drawing.has(row.id)).map(({ id }) => id);
    return { erasable, underWay: rows.length - erasable.length };
  };
  const jobsIn = (guildId: GuildId) => db.selectFrom('jobs').select('id').where('guild_id', '=', guildId);

  return {
    ofMember: async (memberId) => {
      const { erasable, underWay } = await ordersOf(memberId);
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
      return { orders: erasable.length, photos: photos.count, underWay, confirmations: confirmations.count };
    },

    forgetMember: async (memberId) => {
      const { erasable } = await ordersOf(memberId);
      await dropErasedUsage(db, clock.now());
      for (let from = 0; from < erasable.length; from += erasedAtOnce) {
        const ids = erasable.slice(from, from + erasedAtOnce);
        await erasePhotosOf(db, ids, breathe);
        await breathe();
        await db.transaction().execute(async (trx) => {
          // One that was started or tried again meanwhile stays.
          const gone = (await findRows(trx, ids, breathe)).filter((row) => !isUnderWay(row)).map(({ id }) => id);
          await keepErasedUsage(trx, { ids: gone, memberId, at: clock.now() });
          await trx.deleteFrom('jobs').where('id', 'in', oneOf(gone)).execute();
        });
      }
      await db.deleteFrom('confirmations').where('member_id', '=', memberId).execute();
      await db.deleteFrom('forms').where('owner_id', '=', memberId).execute();
    },

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

    toldOutsideGuild: async (guildId) => {
      const all = (await jobsIn(guildId).execute()).map(({ id }) => id);
      const found: JobId[] = [];
      for (let from = 0; from < all.length; from += readAtOnce) {
        const some = oneOf(all.slice(from, from + readAtOnce));
        const isTold = (place: string) => sql<boolean>`instr(document, ${`"place":"${place}"`})`;
        await breathe();
        const rows = await db
          .selectFrom('jobs')
          .select('id')
          .where('id', 'in', some)
          .where((is) => is.or(['dm', 'nowhere'].map(isTold)))
          .execute();
        found.push(...rows.map(({ id }) => id as JobId));
      }
      return found;
    },
  };
}

/** What is erased is written over, which takes its time: others have their turn in between. */
const erasedAtOnce = 20;
const readAtOnce = 100;

/** A row that cannot be read is judged by its column. */
function isUnderWay(row: Pick<Row, 'state' | 'document'>): boolean {
  const pictures = findJobIn(row)?.pictures;
  return isStarted(row) || (pictures !== undefined && !isAt(pictures, 'ended'));
}

function isStarted({ state }: Pick<Row, 'state'>): boolean {
  return underWayStates.some((one) => one === state);
}
