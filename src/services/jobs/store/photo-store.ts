import { sql, type Selectable } from 'kysely';
import { createBreather } from '../../../lib/breather.ts';
import type { GuildId, JobId, MemberId } from '../../../lib/ids.ts';
import { emptyLog } from '../../database/checkpoint.ts';
import type { Database } from '../../database/database.ts';
import type { PhotosTable } from '../../database/schema.ts';
import { withDuplicates } from '../../photos/duplicates.ts';
import type { PreparedPhoto, Scene, Verdict } from '../../photos/photo.ts';
import { sceneSchema, verdictSchema } from '../../photos/protocol.ts';
import { erasePhoto, erasePhotosOf, keepPieces, readPieces, type Place } from './photo-pieces.ts';

/** A photo as it is kept until its job ends. The big pieces are read on their own. */
export interface StoredPhoto {
  /** Grows with each photo of a job; the photo's number on the sheet is its rank. */
  readonly position: number;
  readonly name: string;
  readonly verdict: Verdict;
  readonly sha256?: string;
  readonly looks?: string;
  readonly thumbnail?: Buffer;
  /** The name of the crop that is stored. */
  readonly cropName?: string;
  readonly scene?: Scene;
  /** By its owner, who may take it in again; its verdict is `refused` then. */
  readonly isExcluded?: true;
  /** Where the provider can download the crop. */
  readonly link?: string;
}

/** A photo, and how its crop was cut. */
export interface CroppedPhoto extends PreparedPhoto {
  readonly cropName?: string;
}

export interface PhotoStore {
  /** Durable when it resolves. */
  add(jobId: JobId, position: number, photo: CroppedPhoto): Promise<void>;
  /** Puts the outcome of another crop in the place of the one before; its link is void with it. */
  replace(jobId: JobId, position: number, photo: CroppedPhoto): Promise<void>;
  setLinks(jobId: JobId, links: ReadonlyMap<number, string>): Promise<void>;
  /** Forgets where the crops are: they are handed over anew. */
  dropLinks(jobId: JobId): Promise<void>;
  /**
   * In the order of attaching, with final verdicts: the positions in `excluded` and repeats of another photo of this job are
   * marked. An excluded photo is repeated by nothing.
   */
  list(jobId: JobId, excluded?: readonly number[]): Promise<readonly StoredPhoto[]>;
  /** The bytes as they were downloaded. */
  original(jobId: JobId, position: number): Promise<Buffer | undefined>;
  /** The square as it will be sent. */
  crop(jobId: JobId, position: number): Promise<Buffer | undefined>;
  /** What photos take in a server, or of one member there. */
  storedBytes(of: { readonly guildId: GuildId; readonly ownerId?: MemberId }): Promise<number>;
  /** What orders wait for that is not downloaded yet, by what Discord says: of one member in a server, of it, or of all. */
  waitingBytes(of?: { readonly guildId: GuildId; readonly ownerId?: MemberId }): Promise<number>;
  remove(jobId: JobId, positions: readonly number[]): Promise<void>;
  /** Erases every byte of a job's photos, from the file and from its log. */
  erase(jobId: JobId): Promise<void>;
}

export function createPhotoStore(db: Database): PhotoStore {
  const breathe = createBreather();
  const one = (jobId: string, position: number) =>
    db.selectFrom('photos').where('job_id', '=', jobId).where('position', '=', position);

  const bytesAt = async (place: Place) =>
    (await readPieces(db, place, breathe)) ??
    bytesOf((await one(place.jobId, place.position).select(`${place.part} as bytes`).executeTakeFirst())?.bytes);

  return {
    // Its row comes last: what has one is whole.
    add: async (jobId, position, photo) => {
      if (await one(jobId, position).select('position').executeTakeFirst()) return;
      const { original, crop } = photo;
      if (original) await keepPieces(db, { jobId, position, part: 'original' }, original, breathe);
      if (crop) await keepPieces(db, { jobId, position, part: 'crop' }, crop.png, breathe);
      const row = { ...columnsOf(photo), job_id: jobId, position, name: photo.name, bytes: bytesIn(photo) };
      await db
        .insertInto('photos')
        .values({ ...row, original: null, link: null })
        .onConflict((conflict) => conflict.columns(['job_id', 'position']).doNothing())
        .execute();
    },

    replace: async (jobId, position, photo) => {
      const columns = { ...columnsOf(photo), link: null };
      const crop = { jobId, position, part: 'crop' } as const;
      await db.transaction().execute(async (trx) => {
        await keepPieces(trx, crop, photo.crop?.png ?? Buffer.alloc(0), breathe);
        await trx
          .updateTable('photos')
          .set(columns)
          .where('job_id', '=', jobId)
          .where('position', '=', position)
          .execute();
      });
    },

    setLinks: async (jobId, links) => {
      await db.transaction().execute(async (trx) => {
        for (const [position, link] of links) {
          await trx
            .updateTable('photos')
            .set({ link })
            .where('job_id', '=', jobId)
            .where('position', '=', position)
            .execute();
        }
      });
    },

    dropLinks: async (jobId) => {
      await db.updateTable('photos').set({ link: null }).where('job_id', '=', jobId).execute();
    },

    list: async (jobId, excluded = []) => {
      const columns = ['position', 'name', 'verdict', 'sha256', 'looks', 'thumbnail', 'cut', 'scene', 'link'] as const;
      const rows = await db
        .selectFrom('photos')
        .select(columns)
        .where('job_id', '=', jobId)
        .orderBy('position')
        .execute();
      return withDuplicates(
        rows.map(photoOf).map((photo) => (excluded.includes(photo.position) ? asExcluded(photo) : photo)),
      );
    },

    original: (jobId, position) => bytesAt({ jobId, position, part: 'original' }),
    crop: (jobId, position) => bytesAt({ jobId, position, part: 'crop' }),

    storedBytes: async ({ guildId, ownerId }) => {
      // What has photos is looked at until they are erased.
      const all = db.selectFrom('jobs').select('id').where('guild_id', '=', guildId).where('next_at', 'is not', null);
      const jobs = ownerId === undefined ? all : all.where('owner_id', '=', ownerId);
      const { bytes } = await db
        .selectFrom('photos')
        .select(({ fn }) => fn.sum<number | null>('bytes').as('bytes'))
        .where('job_id', 'in', jobs)
        .executeTakeFirstOrThrow();
      return bytes ?? 0;
    },

    waitingBytes: async (of) => {
      // An unreadable document waits for nothing.
      const pending = sql`json_each(case when json_valid(document) then document else '{}' end, '$.pending')`;
      const all = db.selectFrom('jobs').where('state', '=', 'draft').where('next_at', 'is not', null);
      const ofGuild = of === undefined ? all : all.where('guild_id', '=', of.guildId);
      const drafts = of?.ownerId === undefined ? ofGuild : ofGuild.where('owner_id', '=', of.ownerId);
      const { bytes } = await drafts
        .select(sql<number | null>`sum((select sum(value ->> 'sizeBytes') from ${pending}))`.as('bytes'))
        .executeTakeFirstOrThrow();
      return bytes ?? 0;
    },

    remove: async (jobId, positions) => {
      if (positions.length === 0) return;
      for (const position of positions) {
        await breathe();
        await erasePhoto(db, { jobId, position }, breathe);
      }
      await emptyLog(db);
    },

    erase: async (jobId) => {
      if (await erasePhotosOf(db, [jobId], breathe)) await emptyLog(db);
    },
  };
}

function asExcluded(photo: StoredPhoto): StoredPhoto {
  if (photo.verdict.kind === 'refused') return photo;
  return { ...photo, verdict: { kind: 'refused', reason: 'left out by you' }, isExcluded: true };
}

export function bytesIn({ original, crop }: CroppedPhoto): number {
  return (original?.length ?? 0) + (crop ? crop.png.length + crop.thumbnail.length : 0);
}

function columnsOf(photo: CroppedPhoto) {
  return {
    verdict: JSON.stringify(photo.verdict),
    sha256: photo.sha256 ?? null,
    looks: photo.looks ?? null,
    crop: null,
    thumbnail: photo.crop?.thumbnail ?? null,
    cut: photo.cropName ?? null,
    scene: photo.scene ? JSON.stringify(photo.scene) : null,
  };
}

type ListedRow = Omit<Selectable<PhotosTable>, 'job_id' | 'original' | 'crop' | 'bytes'>;

function photoOf(row: ListedRow): StoredPhoto {
  const thumbnail = bytesOf(row.thumbnail);
  return {
    position: row.position,
    name: row.name,
    verdict: verdictSchema.parse(JSON.parse(row.verdict)),
    ...(row.sha256 !== null && { sha256: row.sha256 }),
    ...(row.looks !== null && { looks: row.looks }),
    ...(thumbnail && { thumbnail }),
    ...(row.cut !== null && { cropName: row.cut }),
    ...(row.scene !== null && { scene: sceneSchema.parse(JSON.parse(row.scene)) }),
    ...(row.link !== null && { link: row.link }),
  };
}

function bytesOf(column: Uint8Array | null | undefined): Buffer | undefined {
  return column ? Buffer.from(column.buffer, column.byteOffset, column.byteLength) : undefined;
}
