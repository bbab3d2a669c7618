import type { Generated } from 'kysely';

/** The tables, as Kysely sees them. Times are epoch milliseconds. */
export interface Tables {
  /** Settings and encrypted keys, through keyv. */
  settings: SettingsTable;
  jobs: JobsTable;
  photos: PhotosTable;
  photo_pieces: PhotoPiecesTable;
  ledger: LedgerTable;
  confirmations: ConfirmationsTable;
  absences: AbsencesTable;
  deadly_files: DeadlyFilesTable;
  carried: CarriedTable;
  provider_ids: ProviderIdsTable;
  addresses: AddressesTable;
  forms: FormsTable;
  list_sightings: ListSightingsTable;
}

export interface SettingsTable {
  key: string;
  value: string;
  expires_at: number | null;
}

/** One row a job. `document` is the whole job; the other columns are what queries look for. */
export interface JobsTable {
  id: string;
  guild_id: string;
  owner_id: string;
  state: string;
  /** Lower-case name, for "name taken". */
  name: string;
  method: string;
  training_id: string | null;
  key_fingerprint: string | null;
  /** When the poller looks at it again; null is never. */
  next_at: number | null;
  /** Until when the provider wants no call about it. */
  quiet_until: number | null;
  /** Until when a poller holds it; null is not held. */
  lease_until: number | null;
  /** Which process that is. */
  lease_owner: string | null;
  /** Grows with every change; a change is only written where it still matches. */
  rev: number;
  document: string;
  created_at: number;
  started_at: number | null;
  sent_at: number | null;
  ended_at: number | null;
}

/** Erased when the job ends. */
export interface PhotosTable {
  job_id: string;
  /** 1, 2, 3 … in the order of attaching; that of a removed photo is never used again. */
  position: number;
  name: string;
  verdict: string;
  sha256: string | null;
  looks: string | null;
  /** Of older versions: today they stand in pieces. */
  original: Uint8Array | null;
  crop: Uint8Array | null;
  thumbnail: Uint8Array | null;
  /** The name of the crop. */
  cut: string | null;
  /** What the crop was cut from, as JSON. */
  scene: string | null;
  /** Where the provider can download the crop, once it was handed over. */
  link: string | null;
  /** What all of its pieces take. */
  bytes: number | null;
}

/** The bytes of photos: never more in one row than can be written in a moment. */
export interface PhotoPiecesTable {
  job_id: string;
  position: number;
  part: 'original' | 'crop';
  /** 0, 1, 2 … */
  piece: number;
  bytes: Uint8Array;
}

/** Append-only: what happened to money, in order. */
export interface LedgerTable {
  id: Generated<number>;
  at: number;
  job_id: string;
  guild_id: string;
  event: string;
  detail: string | null;
  /** What was billed, or may have been; null where that is unknown, as the price is by the hour. */
  usd: number | null;
}

/** Who confirmed, and when, that they may train on their photos: once for each member of a server. */
export interface ConfirmationsTable {
  guild_id: string;
  member_id: string;
  at: number;
}

/** Servers that something is kept about and that the bot is not in. */
export interface AbsencesTable {
  guild_id: string;
  /** When that was first noted. */
  since: number;
  looked_at: number;
  /** How much of the time since then counts. */
  absent_ms: number;
}

/** Photos that took the decoding process with them. */
export interface DeadlyFilesTable {
  sha256: string;
  at: number;
}

/** Drafts that wait for a form to be sent: they are no orders, hold no name and count for nothing. */
export interface FormsTable {
  /** That of the order which the form makes. */
  id: string;
  guild_id: string;
  owner_id: string;
  at: number;
  /** The draft. */
  document: string;
}

/** What the provider gave an id to, and whose order it is: a row for each, which outlives the order. */
export interface ProviderIdsTable {
  kind: 'training' | 'pictures';
  id: string;
  job_id: string;
}

/** Where the provider may call about an attempt: a row for each, which outlives the order. */
export interface AddressesTable {
  token_hash: string;
  job_id: string;
  guild_id: string;
  attempt: number;
  method: string;
  key_fingerprint: string;
  sent_at: number;
  /** What became of it, once that is known. */
  training_id: string | null;
  /** 1 when what it may cost stands in the ledger although it is unknown whether it arrived. */
  is_counted: Generated<number>;
  /** When a call about it was told, after it had been given up. */
  called_at: number | null;
  /** Of an erased order, until the month is over: a hash of server and member, as in `carried`. */
  who: string | null;
}

/** When trainings began whose orders their owners had erased: limits still count them until the month is over. */
export interface CarriedTable {
  /** A hash of server and member. */
  who: string;
  at: number;
}

/** Keys whose list was seen to show trainings of a method while they trained. */
export interface ListSightingsTable {
  key_fingerprint: string;
  method: string;
  /** How long after it was sent such a training was shown. */
  shown_after_ms: number;
  shown_at: number;
}
