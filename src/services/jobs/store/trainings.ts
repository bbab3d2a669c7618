import type { Breather } from '../../../lib/breather.ts';
import type { JobId, TrainingId } from '../../../lib/ids.ts';
import type { Database } from '../../database/database.ts';
import { oneOf } from '../../database/one-of.ts';
import type { MethodId } from '../../modelslab/methods.ts';
import { undecidedStates, type State } from '../state/job.ts';
import type { Row } from './rows.ts';

/** A training that was started with one key, as far as our own rows tell. */
export interface OwnedTraining {
  readonly jobId: JobId;
  readonly trainingId: TrainingId;
  readonly method: MethodId;
  readonly state: State;
  readonly startedAt: number;
}

/** What our rows tell of trainings at the provider, across servers. */
export interface Trainings {
  ownedTrainings(keyFingerprint: string): Promise<readonly OwnedTraining[]>;
  /** Whether a training may have begun with this key of which it is not known to which order it belongs. */
  isUnsettled(keyFingerprint: string): Promise<boolean>;
  /** Those of these that an order of any server began, also when that server was forgotten or the order tried again. */
  findTrainedHere(ids: readonly TrainingId[]): Promise<ReadonlySet<TrainingId>>;
  /** How long the latest finished trainings of a method took, from sending to ready, at most 20 of them. */
  durationsMs(method: MethodId): Promise<readonly number[]>;
}

/** An account may list tens of thousands. */
const idsAtOnce = 2_000;

export function createTrainings(db: Database, breathe: Breather): Trainings {
  return {
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
        .where('state', 'in', undecidedStates)
        .executeTakeFirst();
      return row !== undefined;
    },

    findTrainedHere: async (ids) => {
      const known = db.selectFrom('provider_ids').select('id').where('kind', '=', 'training');
      const found = new Set<TrainingId>();
      for (let from = 0; from < ids.length; from += idsAtOnce) {
        await breathe();
        const rows = await known.where('id', 'in', oneOf(ids.slice(from, from + idsAtOnce))).execute();
        for (const { id } of rows) found.add(id as TrainingId);
      }
      return found;
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
  };
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
