import type { Clock } from '../../../lib/clock.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { jobSchema, type Job } from '../state/job.ts';

/** A form is not open for longer, and by then the links of its photos have expired. */
const keptMs = 24 * 3_600_000;
/** A member sees one form at a time; Discord does not report that one was dismissed. */
const keptOfMember = 10;

/** Drafts whose form is open: what was chosen already waits here, durably, until the form is sent. */
export interface OpenForms {
  keep(draft: Job): Promise<void>;
  /** The draft is stored as an order, and its form erased, by `JobStore.insertDraft`. */
  find(id: JobId): Promise<Job | undefined>;
}

export function createOpenForms(db: Database, clock: Pick<Clock, 'now'>): OpenForms {
  const isOver = () => clock.now() - keptMs;
  return {
    keep: (draft) =>
      db.transaction().execute(async (trx) => {
        const { id, guildId, ownerId } = draft;
        const row = { guild_id: guildId, owner_id: ownerId, at: clock.now(), document: JSON.stringify(draft) };
        await trx
          .insertInto('forms')
          .values({ id, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
        await trx.deleteFrom('forms').where('at', '<=', isOver()).execute();
        const ofMember = trx.selectFrom('forms').where('guild_id', '=', guildId).where('owner_id', '=', ownerId);
        const newest = ofMember.select('id').orderBy('at', 'desc').limit(keptOfMember);
        await trx
          .deleteFrom('forms')
          .where('guild_id', '=', guildId)
          .where('owner_id', '=', ownerId)
          .where('id', 'not in', newest)
          .execute();
      }),

    find: async (id) => {
      const row = await db.selectFrom('forms').select(['document', 'at']).where('id', '=', id).executeTakeFirst();
      return row && row.at > isOver() ? jobSchema.parse(JSON.parse(row.document)) : undefined;
    },
  };
}
