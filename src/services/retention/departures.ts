import type { Clock } from '../../lib/clock.ts';
import type { GuildId } from '../../lib/ids.ts';
import type { Log } from '../../lib/logger.ts';
import type { Database } from '../database/database.ts';
import type { Job } from '../jobs/state/job.ts';
import type { JobStore } from '../jobs/store/job-store.ts';
import type { ForgetGuild } from './forget.ts';
import type { StoredData } from './stored-data.ts';

/*
 * Words
 *   absent   a server that something is kept about and that the bot is not in. An outage is no absence
 *   grace    how long an absent server is kept: who removed the bot by mistake invites it again and finds all as it was
 *   look     one comparison of what is kept with the servers that the bot is in
 */

const hour = 3_600_000;
const day = 24 * hour;
export const graceMs = 7 * day;
export const compareEveryMs = hour;
/** A look counts no longer than this since the one before: a clock that is set forward erases nothing at once. */
const longestCountedMs = day;

export interface Departures {
  /** The bot was removed: nothing is written there any more, and what runs is told to its owners directly. */
  leave(guildId: GuildId): Promise<void>;
  /** The bot is in a server again: what could not be told meanwhile is told there. */
  comeBack(guildId: GuildId): Promise<void>;
  /**
   * Notes which servers are absent and which came back unnoticed, and erases those whose grace is over. `list` gives the servers
   * that the bot is in; who comes back while it does is not taken for absent.
   */
  compare(list: () => Promise<ReadonlySet<GuildId>>): Promise<void>;
}

export interface DeparturesDeps {
  readonly db: Database;
  readonly jobs: Pick<JobStore, 'update'>;
  readonly storedData: Pick<StoredData, 'guilds' | 'active' | 'toldOutsideGuild'>;
  readonly forgetGuild: ForgetGuild;
  readonly clock: Pick<Clock, 'now'>;
  readonly wake: { now(): void };
  readonly log: Log;
}

export function createDepartures(deps: DeparturesDeps): Departures {
  const { db, jobs, storedData, forgetGuild, clock, wake, log } = deps;
  const rowOf = (guildId: GuildId) =>
    db.selectFrom('absences').selectAll().where('guild_id', '=', guildId).executeTakeFirst();
  const drop = (guildId: GuildId) => db.deleteFrom('absences').where('guild_id', '=', guildId).execute();
  const tell = async (ids: readonly Job['id'][], change: (job: Job) => Job) => {
    for (const id of ids) await jobs.update(id, (now) => ({ ...change(now), nextAt: clock.now() }));
    if (ids.length > 0) wake.now();
  };

  const cameBack = new Set<GuildId>();

  async function leave(guildId: GuildId): Promise<void> {
    cameBack.delete(guildId);
    const at = clock.now();
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('absences')
      .values({ guild_id: guildId, since: at, looked_at: at, absent_ms: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) return;
    log.info({ guild: guildId, graceMs }, 'the bot is not in a server any more: what is kept about it is erased later');
    await tell(await storedData.active(guildId), leftBehind);
  }

  async function comeBack(guildId: GuildId): Promise<void> {
    cameBack.add(guildId);
    if (!(await rowOf(guildId))) return;
    log.info({ guild: guildId }, 'the bot is in a server again: all is kept');
    await tell(await storedData.toldOutsideGuild(guildId), backInThread);
    await drop(guildId);
  }

  async function countAbsence(guildId: GuildId): Promise<void> {
    const row = await rowOf(guildId);
    if (cameBack.has(guildId)) return;
    if (!row) {
      await leave(guildId);
      return;
    }
    const at = clock.now();
    const passed = Math.min(Math.max(0, at - row.looked_at), longestCountedMs);
    const absent = { looked_at: at, absent_ms: row.absent_ms + passed };
    await db.updateTable('absences').set(absent).where('guild_id', '=', guildId).execute();
    if (absent.absent_ms < graceMs || cameBack.has(guildId)) return;
    await forgetGuild(guildId);
    await drop(guildId);
    log.info({ guild: guildId, since: new Date(row.since).toISOString() }, 'a server that the bot left is erased');
  }

  return {
    leave,
    comeBack,
    compare: async (list) => {
      cameBack.clear();
      const present = await list();
      for (const guildId of await storedData.guilds()) {
        if (present.has(guildId)) await comeBack(guildId);
        else await countAbsence(guildId);
      }
    },
  };
}

/** The crops are handed over directly where they cannot be posted. */
function leftBehind(job: Job): Job {
  return { ...job, mustUpload: true, told: { ...job.told, place: 'dm' } };
}

function backInThread({ told, ...job }: Job): Job {
  return { ...job, told: { ...told, place: told.threadId === undefined ? told.place : 'thread', failures: 0 } };
}
