import type { Selectable, Transaction, Updateable } from 'kysely';
import type { Clock } from '../../../lib/clock.ts';
import type { GuildId, JobId, MemberId, TrainingId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { emptyLog } from '../../database/empty-log.ts';
import type { JobsTable, Tables } from '../../database/schema.ts';
import { keepConfirmation } from '../drafts/confirmations.ts';
import { findJobIn, jobOf } from './document.ts';
import { hasEnded, isIn, trainingIdOf, type Job, type State } from '../job.ts';
import { forgottenLine, ledgerLine, trainingDetail } from './ledger.ts';
import { findWait, isPaid, type Line, type Wait } from '../sending/turns.ts';
import { findUsage, type Usage, type User } from '../limits/usage.ts';
import type { MethodId } from '../../modelslab/methods.ts';

/** A training that was started with one key, as far as our own rows tell. */
export interface OwnedTraining {
  readonly jobId: JobId;
  readonly trainingId: TrainingId;
  readonly method: MethodId;
  readonly state: State;
  readonly startedAt: number;
}

export interface JobStore {
  /** False when there is a job with this id. */
  insert(job: Job): Promise<boolean>;
  /**
   * As `insert`, but a member has `most` drafts in a server at the most, also when many are opened at once. `known`: there is
   * a job with this id.
   */
  insertDraft(job: Job, most: number): Promise<'stored' | 'known' | 'too-many'>;
  find(id: JobId): Promise<Job | undefined>;
  /**
   * The only way to change a stored job. `change` is pure and meets the job as it is now; it may be called again when
   * another process was faster, and may throw: then nothing is changed. Durable when it resolves, together with the line it
   * adds to the ledger. Undefined when there is no such job (any more). `release` gives it back in the same write: a thousand
   * jobs wait for the disk above all.
   */
  update(id: JobId, change: (job: Job) => Job, then?: 'release'): Promise<Job | undefined>;
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
  updateCounted(id: JobId, change: (job: Job, usage: Usage) => Job): Promise<Job | undefined>;
  usage(user: User): Promise<Usage>;
  /** Why a queued order must wait for others that use this key; undefined when it may be sent. */
  findWait(id: JobId, line: Line): Promise<Wait | undefined>;
  /** As `update`, but only when it is still the order's turn: no two processes ever fill one place. */
  updateInTurn(id: JobId, line: Line, change: (job: Job) => Job): Promise<Job | Wait | undefined>;
  /**
   * Takes due jobs for `leaseMs`: nobody else gets them until then. Those due longest come first. A row that cannot be
   * read is reported and left out; it stays taken as well, so that it is not met again at once.
   */
  claimDue(leaseMs: number, limit: number): Promise<readonly Job[]>;
  renewLease(ids: readonly JobId[], leaseMs: number): Promise<void>;
  release(id: JobId): Promise<void>;
  /** When the next job is due that nobody holds, or is held no longer. */
  nextDueAt(): Promise<number | undefined>;
  list(where: { guildId: GuildId; ownerId?: MemberId; states: readonly State[] }): Promise<readonly Job[]>;
  isNameTaken(guildId: GuildId, name: string, except?: JobId): Promise<boolean>;
  /**
   * Whether a training may turn up that another order of this key brought about: its fate is not known, or a person dropped
   * it or had it sent again before it was.
   */
  isInDoubtElsewhere(keyFingerprint: string, except: JobId): Promise<boolean>;
  ownedTrainings(keyFingerprint: string): Promise<readonly OwnedTraining[]>;
  /** Whether a training may have begun with this key of which it is not known to which order it belongs. */
  isUnsettled(keyFingerprint: string): Promise<boolean>;
  /** Those of these that an order of any server began, also when that server was forgotten or the order tried again. */
  findTrainedHere(ids: readonly TrainingId[]): Promise<ReadonlySet<TrainingId>>;
  /** How long the latest finished trainings of a method took, from sending to ready, at most 20 of them. */
  durationsMs(method: MethodId): Promise<readonly number[]>;
  /**
   * Erases every job of a guild with its photos, and what its members confirmed. The ledger stays, and is told what may have
   * been billed of which nobody will hear any more.
   */
  forget(guildId: GuildId): Promise<void>;
}

/** Where a row that cannot be read is reported. */
export interface JobStoreLog {
  error(fields: object, text: string): void;
}

export function createJobStore(db: Database, clock: Clock, log: JobStoreLog): JobStore {
  /** Whoever wants many jobs gets those that can be read: one damaged row never stops the others. */
  const readable = (rows: readonly Row[]): readonly Job[] =>
    rows.flatMap((row) => {
      try {
        return [jobOf(row)];
      } catch (error) {
        log.error({ err: error, ...whereabouts(row) }, unreadableText(row));
        return [];
      }
    });

  const unfinished = async (from: Database | Transaction<Tables>) => {
    const all = from.selectFrom('jobs').selectAll();
    const rows = await all.where((is) => is.or([is('next_at', 'is not', null), is('state', '=', 'asking')])).execute();
    return readable(rows);
  };

  const change: JobStore['update'] = (id, apply, then) =>
    untilWritten(() => db.transaction().execute((trx) => changeRow({ trx, id, at: clock.now(), then }, apply)));

  return {
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
        return 'stored';
      }),

    find: async (id) => {
      const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
      return row && jobOf(row);
    },

    update: change,

    unfinished: () => unfinished(db),

    changeAll: (apply, atEnd) =>
      db.transaction().execute(async (trx) => {
        const changed: Job[] = [];
        for (const before of await unfinished(trx)) {
          const after = apply(before);
          if (after === before) continue;
          await changeRow({ trx, id: before.id, at: clock.now() }, () => after);
          changed.push(after);
        }
        atEnd?.();
        return changed;
      }),

    updateCounted: (id, apply) =>
      untilWritten(() =>
        db.transaction().execute(async (trx) => {
          const at = clock.now();
          const owned = await trx
            .selectFrom('jobs')
            .select(['guild_id', 'owner_id'])
            .where('id', '=', id)
            .executeTakeFirst();
          if (owned === undefined) return undefined;
          const usage = await findUsage(trx, userIn(owned), at);
          return changeRow({ trx, id, at }, (job) => apply(job, usage));
        }),
      ),

    usage: (user) => findUsage(db, user, clock.now()),

    findWait: (id, line) => findWait(db, line, { id, at: clock.now() }),

    updateInTurn: (id, line, apply) =>
      untilWritten(() =>
        db.transaction().execute(async (trx) => {
          const at = clock.now();
          return (await findWait(trx, line, { id, at })) ?? (await changeRow({ trx, id, at }, apply));
        }),
      ),

    claimDue: async (leaseMs, limit) => {
      const now = clock.now();
      const due = db
        .selectFrom('jobs')
        .select('id')
        .where('next_at', '<=', now)
        // A lease of more than twice its length is from before the clock was set back. One that is only a little too long
        // is from a process that read the clock after us and wrote before us.
        .where((is) =>
          is.or([
            is('lease_until', 'is', null),
            is('lease_until', '<=', now),
            is('lease_until', '>', now + 2 * leaseMs),
          ]),
        )
        .orderBy('next_at')
        .limit(limit);
      const rows = await db
        .updateTable('jobs')
        .set({ lease_until: now + leaseMs })
        .where('id', 'in', due)
        .returningAll()
        .execute();
      return readable(rows.toSorted((a, b) => (a.next_at ?? 0) - (b.next_at ?? 0)));
    },

    renewLease: async (ids, leaseMs) => {
      if (ids.length === 0) return;
      await db
        .updateTable('jobs')
        .set({ lease_until: clock.now() + leaseMs })
        .where('id', 'in', ids)
        .where('lease_until', 'is not', null) // Released in the meantime: it is nobody's.
        .execute();
    },

    release: async (id) => {
      await db
        .updateTable('jobs')
        .set({ lease_until: null })
        .where('id', '=', id)
        .where('lease_until', 'is not', null) // What is free already costs no write.
        .execute();
    },

    nextDueAt: async () => {
      const now = clock.now();
      const soonest = (column: 'next_at' | 'lease_until') =>
        db.selectFrom('jobs').select(({ fn }) => fn.min(column).as('at'));
      const free = await soonest('next_at')
        .where('next_at', 'is not', null)
        .where((is) => is.or([is('lease_until', 'is', null), is('lease_until', '<=', now)]))
        .executeTakeFirstOrThrow();
      const held = await soonest('lease_until')
        .where('next_at', '<=', now)
        .where('lease_until', '>', now)
        .executeTakeFirstOrThrow();
      const times = [free.at, held.at].filter((at) => at !== null);
      return times.length === 0 ? undefined : Math.min(...times);
    },

    list: async ({ guildId, ownerId, states }) => {
      const all = db.selectFrom('jobs').selectAll().where('guild_id', '=', guildId).where('state', 'in', states);
      const rows = await (ownerId === undefined ? all : all.where('owner_id', '=', ownerId))
        .orderBy('created_at', 'desc')
        .execute();
      return readable(rows);
    },

    isNameTaken: async (guildId, name, except) => {
      const row = await db
        .selectFrom('jobs')
        .select('id')
        .where('guild_id', '=', guildId)
        .where('name', '=', name.toLowerCase())
        .where('state', 'not in', ['failed', 'cancelled', 'discarded', 'deleted'])
        .where('id', '!=', except ?? '')
        .executeTakeFirst();
      return row !== undefined;
    },

    isInDoubtElsewhere: async (keyFingerprint, except) => {
      const since = clock.now() - doubtLastsMs;
      const rows = await db
        .selectFrom('jobs')
        .select(['state', 'method', 'document'])
        .where('key_fingerprint', '=', keyFingerprint)
        .where('id', '!=', except)
        .where((is) => is.or([is('state', 'in', undecidedStates), is('sent_at', '>', since)]))
        .execute();
      return rows.filter(isPaid).some((row) => undecidedStates.includes(row.state) || isLeftInDoubt(row));
    },

    ownedTrainings: async (keyFingerprint) => {
      const rows = await db
        .selectFrom('jobs')
        .select(['id', 'training_id', 'method', 'state', 'sent_at', 'started_at', 'created_at'])
        .where('key_fingerprint', '=', keyFingerprint)
        .where('training_id', 'is not', null)
        .execute();
      return rows.map(ownedBy);
    },

    isUnsettled: async (keyFingerprint) => {
      const row = await db
        .selectFrom('jobs')
        .select('id')
        .where('key_fingerprint', '=', keyFingerprint)
        .where('state', 'in', ['sending', 'unknown', 'asking'])
        .executeTakeFirst();
      return row !== undefined;
    },

    findTrainedHere: async (ids) => {
      const owned = await db.selectFrom('jobs').select('training_id').where('training_id', 'in', ids).execute();
      const details = ids.map(trainingDetail);
      const noted = await db.selectFrom('ledger').select('detail').where('detail', 'in', details).execute();
      const found = new Set([...owned.map(({ training_id }) => training_id), ...noted.map(({ detail }) => detail)]);
      return new Set(ids.filter((id) => found.has(id) || found.has(trainingDetail(id))));
    },

    durationsMs: async (method) => {
      const rows = await db
        .selectFrom('jobs')
        .select(['sent_at', 'started_at', 'ended_at'])
        .where('method', '=', method)
        .where('state', 'in', ['ready', 'deleted'])
        .orderBy('ended_at', 'desc')
        .limit(20)
        .execute();
      return rows.flatMap(({ sent_at: sent, started_at: started, ended_at: ended }) =>
        started && ended ? [ended - (sent ?? started)] : [],
      );
    },

    forget: async (guildId) => {
      await db.transaction().execute(async (trx) => {
        const undecided = await trx
          .selectFrom('jobs')
          .select(['id', 'guild_id', 'method'])
          .where('guild_id', '=', guildId)
          .where('state', 'in', undecidedStates)
          .execute();
        const lines = undecided.map((row) => forgottenLine(row, clock.now()));
        if (lines.length > 0) await trx.insertInto('ledger').values(lines).execute();
        await trx.deleteFrom('jobs').where('guild_id', '=', guildId).execute();
        await trx.deleteFrom('confirmations').where('guild_id', '=', guildId).execute();
      });
      await emptyLog(db);
    },
  };
}

async function insertRow(db: Database | Transaction<Tables>, job: Job): Promise<boolean> {
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
  return rows === 1n;
}

type Row = Selectable<JobsTable>;

function userIn(row: Pick<Row, 'guild_id' | 'owner_id'>): User {
  return { guildId: row.guild_id as GuildId, ownerId: row.owner_id as MemberId };
}

interface ChangeTarget {
  readonly trx: Transaction<Tables>;
  readonly id: JobId;
  readonly at: number;
  readonly then?: 'release' | undefined;
}

const lost = Symbol('another process wrote first');

async function untilWritten<T>(attempt: () => Promise<T | typeof lost>): Promise<T> {
  for (;;) {
    const result = await attempt();
    if (result !== lost) return result;
  }
}

async function changeRow(
  { trx, id, at, then }: ChangeTarget,
  apply: (job: Job) => Job,
): Promise<Job | typeof lost | undefined> {
  const row = await trx.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const before = jobOf(row);
  const after = apply(before);
  if (after === before) return before;
  const written = await trx
    .updateTable('jobs')
    .set({ ...rowOf(after), rev: row.rev + 1, ...(then && { lease_until: null }) })
    .where('id', '=', id)
    .where('rev', '=', row.rev)
    .executeTakeFirst();
  if (written.numUpdatedRows === 0n) return lost;
  const line = ledgerLine(before, after, at);
  if (line) await trx.insertInto('ledger').values(line).execute();
  if (after.confirmedAt !== undefined && before.confirmedAt === undefined)
    await keepConfirmation(trx, after, after.confirmedAt);
  return after;
}

/** What whoever runs the bot needs for finding it at the provider and in the file. */
function whereabouts({ id, guild_id: guildId, state, training_id: trainingId }: Row): object {
  return { jobId: id, guildId, state, trainingId };
}

function unreadableText({ state }: Row): string {
  const text = 'a stored job cannot be read, leaving it out: restore a backup, or start the version that wrote it';
  return undecidedStates.includes(state)
    ? `${text}; nobody knows whether it was paid for, so look for it at the provider; the others of its key wait for an hour`
    : text;
}

/** A training that has not turned up by then will not. */
const doubtLastsMs = 60 * 60_000;
const undecidedStates: readonly string[] = ['sending', 'unknown', 'asking'] satisfies State[];

function isLeftInDoubt({ document }: Pick<Row, 'document'>): boolean {
  const job = findJobIn({ document });
  return job !== undefined && (job.inDoubt === true || (isIn(job, 'cancelled') && job.phase.unclear === true));
}

/** From columns alone: a training stays owned although the rest of its row cannot be read. */
function ownedBy(
  row: Pick<Row, 'id' | 'training_id' | 'method' | 'state' | 'sent_at' | 'started_at' | 'created_at'>,
): OwnedTraining {
  return {
    jobId: row.id as JobId,
    trainingId: row.training_id as TrainingId,
    method: row.method as MethodId,
    state: row.state as State,
    startedAt: row.sent_at ?? row.started_at ?? row.created_at,
  };
}

function rowOf(job: Job) {
  return {
    state: job.phase.state,
    name: job.order.name.toLowerCase(),
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
