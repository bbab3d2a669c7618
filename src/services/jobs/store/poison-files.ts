import type { Clock } from '../../../lib/clock.ts';
import type { Database } from '../../database/database.ts';
import type { PoisonFiles } from '../../photos/darkroom.ts';

/** By then the decoder has been updated, and the file may be one that it reads. */
const rememberedMs = 30 * 24 * 3_600_000;

/** Across restarts and orders. A hash tells nothing of the file, nor whose it was. */
export function createPoisonFiles(db: Database, clock: Pick<Clock, 'now'>): PoisonFiles {
  return {
    has: async (sha256) => {
      const row = await db.selectFrom('deadly_files').select('at').where('sha256', '=', sha256).executeTakeFirst();
      return row !== undefined && row.at > clock.now() - rememberedMs;
    },
    add: async (sha256) => {
      const at = clock.now();
      await db
        .deleteFrom('deadly_files')
        .where('at', '<=', at - rememberedMs)
        .execute();
      await db
        .insertInto('deadly_files')
        .values({ sha256, at })
        .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ at }))
        .execute();
    },
  };
}
