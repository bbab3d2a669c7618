import type { DatabaseSync } from 'node:sqlite';

/*
 * Kysely's Migrator is not used: its SQLite dialect does not run migrations in a transaction, so a process killed in
 * the middle would leave half of one. SQLite itself can do better: tables and `user_version` change in one commit.
 *
 * A migration that was released is never edited, only followed by another.
 */
const migrations: readonly string[] = [
  `
  create table settings (
    key text not null primary key,
    value text not null,
    expires_at integer
  ) strict, without rowid;
  create index settings_expiring on settings (expires_at) where expires_at is not null;

  create table jobs (
    id text not null primary key,
    guild_id text not null,
    owner_id text not null,
    state text not null,
    name text not null,
    method text not null,
    training_id text,
    key_fingerprint text,
    next_at integer,
    lease_until integer,
    rev integer not null,
    document text not null,
    created_at integer not null,
    started_at integer,
    ended_at integer
  ) strict;
  create index jobs_due on jobs (next_at) where next_at is not null;
  create index jobs_of_owner on jobs (guild_id, owner_id, state);
  create index jobs_by_name on jobs (guild_id, name);
  create index jobs_of_key on jobs (key_fingerprint) where key_fingerprint is not null;
  create index jobs_finished on jobs (method, ended_at) where state in ('ready', 'deleted');

  create table photos (
    job_id text not null references jobs (id) on delete cascade,
    position integer not null,
    name text not null,
    verdict text not null,
    sha256 text,
    looks text,
    original blob,
    crop blob,
    thumbnail blob,
    link text,
    primary key (job_id, position)
  ) strict;

  create table ledger (
    id integer primary key autoincrement,
    at integer not null,
    job_id text not null,
    guild_id text not null,
    event text not null,
    detail text
  ) strict;
  create index ledger_of_job on ledger (job_id);

  create trigger ledger_keeps_rows before delete on ledger
  begin
    select raise(abort, 'the ledger is append-only');
  end;

  -- A server may be forgotten: whose entry it was can be blanked, what happened to the money cannot be changed.
  create trigger ledger_keeps_facts before update on ledger
  when new.id is not old.id or new.at is not old.at or new.job_id is not old.job_id or new.event is not old.event
    or (new.guild_id is not old.guild_id and new.guild_id <> '')
    or (new.detail is not old.detail and new.detail is not null)
  begin
    select raise(abort, 'the ledger is append-only');
  end;
  `,
  `
  create table confirmations (
    guild_id text not null,
    member_id text not null,
    at integer not null,
    primary key (guild_id, member_id)
  ) strict, without rowid;
  `,
  `
  alter table jobs add column quiet_until integer;
  alter table jobs add column sent_at integer;
  -- A key's line is read often, and what it has finished is of no interest there.
  drop index jobs_of_key;
  create index jobs_of_key on jobs (key_fingerprint, state) where key_fingerprint is not null;
  `,
  `
  alter table photos add column cut text;
  alter table photos add column scene text;
  `,
  `
  create table absences (
    guild_id text not null primary key,
    since integer not null,
    looked_at integer not null,
    absent_ms integer not null
  ) strict, without rowid;
  `,
  `
  -- What was billed before counts for nothing: limits are about the month that runs.
  alter table ledger add column usd real default 0;
  create index ledger_of_guild on ledger (guild_id, at);
  create trigger ledger_keeps_amounts before update on ledger when new.usd is not old.usd
  begin
    select raise(abort, 'the ledger is append-only');
  end;
  `,
  `
  create table deadly_files (
    sha256 text not null primary key,
    at integer not null
  ) strict, without rowid;
  `,
  `
  create table carried (
    who text not null,
    at integer not null
  ) strict;
  create index carried_by_who on carried (who, at);
  `,
  `
  -- The ledger only grows, and is asked about each order that nobody knows the fate of.
  create index ledger_by_detail on ledger (detail) where detail is not null;
  create index ledger_by_event on ledger (event, at);
  `,
  `
  -- Whose order each thing of the provider's is, for good: an id that is repeated is given to nobody else.
  create table provider_ids (
    kind text not null,
    id text not null,
    job_id text not null,
    primary key (kind, id)
  ) strict, without rowid;
  insert or ignore into provider_ids select 'training', training_id, id from jobs where training_id is not null;
  insert or ignore into provider_ids
    select 'training', substr(detail, 10), job_id from ledger where detail like 'training %' order by id;
  insert or ignore into provider_ids
    select 'pictures', substr(detail, instr(detail, ', request ') + 10), job_id
    from ledger where event = 'pictures-charged' and instr(detail, ', request ') > 0 order by id;
  `,
  `
  create table forms (
    id text not null primary key,
    guild_id text not null,
    owner_id text not null,
    at integer not null,
    document text not null
  ) strict, without rowid;
  create index forms_of_owner on forms (guild_id, owner_id, at);
  create index forms_by_age on forms (at);
  `,
  `
  -- Among these are files whose process was ended by others, or could not be started: nothing tells them apart any more.
  delete from deadly_files;
  `,
  `
  create table list_sightings (
    key_fingerprint text not null,
    method text not null,
    shown_after_ms integer not null,
    shown_at integer not null,
    primary key (key_fingerprint, method)
  ) strict, without rowid;
  `,
  `
  -- What people are shown, and what is counted, is found in an index alone: however many orders somebody once had, only those
  -- that are shown are read.
  drop index jobs_of_owner;
  create index jobs_of_owner on jobs (guild_id, owner_id, state, created_at, name, id);
  create index jobs_of_guild on jobs (guild_id, state, created_at, name, id);
  create index jobs_of_member on jobs (owner_id, state, id);
  drop index jobs_by_name;
  create index jobs_by_name on jobs (guild_id, name, state, id);
  create index jobs_by_state on jobs (state);
  create index jobs_of_training on jobs (training_id) where training_id is not null;
  create index jobs_active on jobs (guild_id, owner_id, state) where next_at is not null;
  drop index ledger_of_guild;
  create index ledger_of_guild on ledger (guild_id, at, event, job_id, usd);
  `,
  `
  -- A large photo in one row is written, read and erased in one go, which nobody else can do anything during.
  create table photo_pieces (
    job_id text not null references jobs (id) on delete cascade,
    position integer not null,
    part text not null,
    piece integer not null,
    bytes blob not null,
    primary key (job_id, position, part, piece)
  ) strict;
  alter table photos add column bytes integer;
  update photos set bytes = coalesce(length(original), 0) + coalesce(length(crop), 0) + coalesce(length(thumbnail), 0);
  `,
  `
  alter table jobs add column lease_owner text;
  `,
  `
  -- Where the provider may call about each attempt, for good: a call about one that was taken for lost is a second charge.
  create table addresses (
    token_hash text not null primary key,
    job_id text not null,
    guild_id text not null,
    attempt integer not null,
    method text not null,
    key_fingerprint text not null,
    sent_at integer not null,
    training_id text,
    is_counted integer not null default 0,
    called_at integer,
    who text
  ) strict, without rowid;
  create index addresses_of_job on addresses (job_id, attempt);
  insert or ignore into addresses
    (token_hash, job_id, guild_id, attempt, method, key_fingerprint, sent_at, training_id, called_at)
    select
      job ->> '$.webhook.tokenHash', id, guild_id, job ->> '$.webhook.intent.attempt', method,
      coalesce(key_fingerprint, ''), coalesce(sent_at, started_at, created_at), training_id, job ->> '$.lateCallAt'
    -- What cannot be read as JSON would end the migration.
    from (select *, case when json_valid(document) then document else '{}' end as job from jobs)
    where typeof(job ->> '$.webhook.tokenHash') = 'text' and typeof(job ->> '$.webhook.intent.attempt') = 'integer';
  `,
];

/** The version of the schema that this program writes. */
export const schemaVersion = migrations.length;

/** The version of the schema in the file; 0 when it is empty. */
export function schemaVersionOf(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.['user_version']);
}

/** Brings the schema up to date. Killed at any point, it leaves the old schema or the new one. */
export function migrate(database: DatabaseSync): void {
  database.exec('begin immediate');
  try {
    // Read under the write lock: a second process that starts at the same moment finds nothing left to do.
    for (const sql of migrations.slice(schemaVersionOf(database))) database.exec(sql);
    database.exec(`pragma user_version = ${schemaVersion}`);
    database.exec('commit');
  } catch (error) {
    // A full disk ends the transaction by itself.
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}
