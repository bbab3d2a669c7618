import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { createBreather } from '../../../lib/breather.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { GuildId, JobId, MemberId, TrainingId } from '../../../lib/ids.ts';
import { emptyLog } from '../../database/checkpoint.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import type { Tables } from '../../database/schema.ts';
import { undecidedStates, type Job, type State } from '../state/job.ts';
import type { Usage } from '../state/limits.ts';
import { createLeases, type Leases } from './leases.ts';
import { forgottenLine } from './ledger.ts';
import { erasePhotosOf } from './photo-pieces.ts';
import { findQueueWait, type ProviderQueue, type QueueWait } from './provider-queue.ts';
import {
  changeRow,
  findJobIn,
  findRows,
  foldName,
  insertRow,
  jobOf,
  lost,
  readableIn,
  type Change,
  type JobStoreLog,
  type Move,
  type Row,
} from './rows.ts';
import { createTrainings, type Trainings } from './trainings.ts';
import { findUsage, type User } from './usage.ts';
import { calledLateLine, findAddress, isNews, withEarlierCall, type WebhookAddress } from './webhook-addresses.ts';

export interface JobsWhere {
  readonly guildId: GuildId;
  readonly ownerId?: MemberId;
  readonly states: readonly State[];
  /** In letters of any case. */
  readonly named?: string;
  /** The same, for a part of the name. */
  readonly nameWith?: string;
  readonly most?: number;
}

export interface JobStore extends Leases, Trainings {
  /** False when there is a job with this id. */
  insert(job: Job): Promise<boolean>;
  /**
   * As `insert`, but a member has `most` drafts in a server at the most, also when many are opened at once. `known`: there is
   * a job with this id. The form that it comes from is erased.
   */
  insertDraft(job: Job, most: number): Promise<'stored' | 'known' | 'too-many'>;
  find(id: JobId): Promise<Job | undefined>;
  /**
   * The only way to change a stored job. `change` is pure and meets the job as it is now; it may be called again when
   * another process was faster, and may throw: then nothing is changed. Durable when it resolves, together with the line it
   * adds to the ledger. Undefined when there is no such job (any more). `release` gives it back in the same write: a thousand
   * jobs wait for the disk above all.
   */
  update(id: JobId, change: (job: Job) => Job, then?: 'release'): Promise<Change | undefined>;
  /** Every job that something is still to be done about. */
  unfinished(): Promise<readonly Job[]>;
  /**
   * Changes all of these in one transaction: nothing comes between. `change` is pure; `atEnd` runs before anything else can
   * be stored. Gives those that were changed.
   */
  changeAll(change: (job: Job) => Job, atEnd?: () => void): Promise<readonly Job[]>;
  /**
   * As `update`, but `change` also meets what counts towards the limits, and nothing is added to that before its own
   * change is stored: of two presses at once, one finds the other counted.
   */
  updateCounted(id: JobId, change: (job: Job, usage: Usage) => Job): Promise<Change | undefined>;
  usage(user: User): Promise<Usage>;
  /** Why a queued order must wait for others that use this key; undefined when it may be sent. */
  findWait(id: JobId, line: ProviderQueue): Promise<QueueWait | undefined>;
  /** As `update`, but only when it is still the order's turn: no two processes ever fill one place. */
  updateInTurn(id: JobId, line: ProviderQueue, change: (job: Job) => Job): Promise<Change | QueueWait | undefined>;
  /** Where a call with this token is about; undefined when no attempt of the job had it. */
  findAddress(id: JobId, tokenHash: string): Promise<WebhookAddress | undefined>;
  /**
   * Notes, once for each attempt, that the provider called about one that was given up: in the ledger, and with its job when
   * there is still one. False when it was noted before, or is known to be no news.
   */
  noteEarlierCall(address: WebhookAddress, named: TrainingId | undefined): Promise<boolean>;
  /** The newest first. */
  list(where: JobsWhere): Promise<readonly Job[]>;
  /** How many `list` would give without `most`. */
  count(where: JobsWhere): Promise<number>;
  isNameTaken(guildId: GuildId, name: string, except?: JobId): Promise<boolean>;
  /** Those of these names that are taken, folded. */
  takenNames(guildId: GuildId, names: readonly string[], except?: JobId): Promise<ReadonlySet<string>>;
  /**
   * Erases every job of a guild with its photos, and what its members confirmed. The ledger stays, and is told what may have
   * been billed and will not be told any more.
   */
  forget(guildId: GuildId): Promise<void>;
}

export function createJobStore(db: Database, clock: Clock, log: JobStoreLog): JobStore {
  const breathe = createBreather();
  const readable = (rows: readonly Row[]) => readableIn(rows, log, breathe);
  const owner = randomUUID();

  const unfinished = async (from: Database | Transaction<Tables>) => {
    const asking = from.selectFrom('jobs').select('id').where('state', '=', 'asking');
    const all = from.selectFrom('jobs').select('id').where('next_at', 'is not', null).union(asking);
    return readable(await findRows(from, idsOf(await all.execute()), breathe));
  };

  /** Answered by an index alone. */
  const where = ({ guildId, ownerId, states, named, nameWith }: JobsWhere) => {
    let found = db.selectFrom('jobs').where('guild_id', '=', guildId).where('state', 'in', states);
    if (ownerId !== undefined) found = found.where('owner_id', '=', ownerId);
    if (named !== undefined) found = found.where('name', '=', foldName(named));
    if (nameWith !== undefined) found = found.where(sql<boolean>`instr(name, ${foldName(nameWith)})`);
    return found;
  };

  const takenNames = async (guildId: GuildId, names: readonly string[], except?: JobId) => {
    const rows = await db
      .selectFrom('jobs')
      .select('name')
      .distinct()
      .where('guild_id', '=', guildId)
      .where('name', 'in', oneOf(names.map(foldName)))
      .where('state', 'not in', ['failed', 'cancelled', 'discarded', 'deleted'] satisfies State[])
      .where('id', '!=', except ?? '')
      .execute();
    return new Set(rows.map(({ name }) => name));
  };

  /** In one transaction, once more whenever another process changed the row in between. */
  const write = async <T>(work: (trx: Transaction<Tables>, moves: Move[]) => Promise<T | typeof lost>): Promise<T> => {
    for (;;) {
      const moves: Move[] = [];
      await breathe(); // A document holds what the provider listed, and may be long.
      const result = await db.transaction().execute((trx) => work(trx, moves));
      for (const move of moves) log.info(move, 'a job changed state');
      if (result !== lost) return result;
    }
  };

  return {
    ...createLeases(db, { owner, clock, readable }),
    ...createTrainings(db, breathe),

    insert: (job) => insertRow(db, job),

    insertDraft: (job, most) =>
      db.transaction().execute(async (trx) => {
        const known = await trx.selectFrom('jobs').select('id').where('id', '=', job.id).executeTakeFirst();
        if (known) return 'known';
        const { drafts } = await trx
          .selectFrom('jobs')
          .select(({ fn }) => fn.countAll<number>().as('drafts'))
          .where('guild_id', '=', job.guildId)
          .where('owner_id', '=', job.ownerId)
          .where('state', '=', 'draft')
          .executeTakeFirstOrThrow();
        if (drafts >= most) return 'too-many';
        await insertRow(trx, job);
        await trx.deleteFrom('forms').where('id', '=', job.id).execute();
        return 'stored';
      }),

    find: async (id) => {
      const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
      return row && jobOf(row);
    },

    update: (id, change, then) =>
      write((trx, moves) => changeRow({ trx, moves, id, at: clock.now(), ...(then && { releasedBy: owner }) }, change)),

    unfinished: () => unfinished(db),

    changeAll: (apply, atEnd) =>
      write(async (trx, moves) => {
        const changed: Job[] = [];
        for (const before of await unfinished(trx)) {
          const after = apply(before);
          if (after === before) continue;
          await breathe();
          await changeRow({ trx, moves, id: before.id, at: clock.now() }, () => after);
          changed.push(after);
        }
        atEnd?.();
        return changed;
      }),

    updateCounted: (id, apply) =>
      write(async (trx, moves) => {
        const at = clock.now();
        const owned = await trx
          .selectFrom('jobs')
          .select(['guild_id', 'owner_id'])
          .where('id', '=', id)
          .executeTakeFirst();
        if (owned === undefined) return undefined;
        const usage = await findUsage(trx, userIn(owned), at);
        return changeRow({ trx, moves, id, at }, (job) => apply(job, usage));
      }),

    usage: (user) => findUsage(db, user, clock.now()),

    findWait: (id, line) => findQueueWait(db, line, { id, at: clock.now() }),

    updateInTurn: (id, line, apply) =>
      write(async (trx, moves) => {
        const at = clock.now();
        return (await findQueueWait(trx, line, { id, at })) ?? (await changeRow({ trx, moves, id, at }, apply));
      }),

    findAddress: (id, tokenHash) => findAddress(db, id, tokenHash),

    noteEarlierCall: (seen, named) =>
      write(async (trx, moves) => {
        const at = clock.now();
        const id = seen.job_id as JobId;
        const address = await findAddress(trx, id, seen.token_hash);
        if (!address || !isNews(address)) return false;
        await trx.updateTable('addresses').set({ called_at: at }).where('token_hash', '=', seen.token_hash).execute();
        await trx.insertInto('ledger').values(calledLateLine(address, at)).execute();
        if (address.who !== null) await trx.insertInto('carried').values({ who: address.who, at }).execute();
        const row = await trx.selectFrom('jobs').select('document').where('id', '=', id).executeTakeFirst();
        if (!row || !findJobIn(row)) return true;
        const changed = await changeRow({ trx, moves, id, at }, (job) => withEarlierCall(job, address, { at, named }));
        return changed === lost ? lost : true;
      }),

    list: async (wanted) => {
      const all = where(wanted).select('id').orderBy('created_at', 'desc');
      const some = wanted.most === undefined ? all : all.limit(wanted.most);
      const rows = await findRows(db, idsOf(await some.execute()), breathe);
      return readable(rows.toSorted((a, b) => b.created_at - a.created_at));
    },

    count: async (wanted) => {
      const counted = where(wanted).select(({ fn }) => fn.countAll<number>().as('count'));
      return (await counted.executeTakeFirstOrThrow()).count;
    },

    takenNames,
    isNameTaken: async (guildId, name, except) => (await takenNames(guildId, [name], except)).size > 0,

    forget: async (guildId) => {
      const keys = db.selectFrom('jobs').select('key_fingerprint').where('guild_id', '=', guildId);
      await db.deleteFrom('list_sightings').where('key_fingerprint', 'in', keys).execute();
      const all = db.selectFrom('jobs').select(['id', 'guild_id', 'method', 'state']).where('guild_id', '=', guildId);
      for (
        let some = await all.limit(erasedAtOnce).execute();
        some.length > 0;
        some = await all.limit(erasedAtOnce).execute()
      ) {
        await erasePhotosOf(db, idsOf(some), breathe);
        const lines = some.filter(isUndecided).map((row) => forgottenLine(row, clock.now()));
        await breathe();
        await db.transaction().execute(async (trx) => {
          if (lines.length > 0) await trx.insertInto('ledger').values(lines).execute();
          await trx
            .deleteFrom('jobs')
            .where('id', 'in', oneOf(idsOf(some)))
            .execute();
        });
      }
      await db.deleteFrom('confirmations').where('guild_id', '=', guildId).execute();
      await db.deleteFrom('forms').where('guild_id', '=', guildId).execute();
      await emptyLog(db);
    },
  };
}

/** What is erased is written over, which takes its time: others have their turn in between. */
const erasedAtOnce = 50;

function isUndecided({ state }: Pick<Row, 'state'>): boolean {
  return undecidedStates.includes(state);
}

function idsOf(rows: readonly Pick<Row, 'id'>[]): readonly string[] {
  return rows.map(({ id }) => id);
}

function userIn(row: Pick<Row, 'guild_id' | 'owner_id'>): User {
  return { guildId: row.guild_id as GuildId, ownerId: row.owner_id as MemberId };
}
