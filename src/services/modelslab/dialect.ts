import type { z } from 'zod';
import type { TrainingId } from '../../lib/ids.ts';
import { startReply, statusReply, trainerStartReply, trainerStatusReply } from './replies.ts';
import { conclude, concludeTrainer, type Conclusion } from './training-verdict.ts';

/** How one generation of the provider's API names the calls about a training, and how its answers are understood. */
export interface Dialect {
  readonly startReply: z.ZodType<TrainingId>;
  readonly statusReply: z.ZodType<Conclusion>;
  /** Paths lie below the host of the method. */
  readonly status: (id: TrainingId) => string;
  /** To be tried in turn while the answer is 404. */
  readonly cancel: (id: TrainingId) => readonly [usual: Way, other?: Way];
  /** Two paths, to be tried in turn like those. Absent where the provider offers no such call. */
  readonly remove?: (id: TrainingId) => readonly [usual: string, other: string];
}

interface Way {
  readonly path: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

const sandboxDialect: Dialect = {
  startReply,
  statusReply: statusReply.transform(conclude),
  status: (id) => `fine_tune_status/${encodeURIComponent(id)}`,
  // The misspelled one is what the provider's servers know; the other stands in a newer schema only.
  cancel: (id) => [
    { path: `cancle_training/${encodeURIComponent(id)}` },
    { path: `cancel_training/${encodeURIComponent(id)}` },
  ],
};

const v3Dialect: Dialect = {
  ...sandboxDialect,
  // The shorter one stands in a newer schema only.
  remove: (id) => [`finetune/delete/${encodeURIComponent(id)}`, `delete/${encodeURIComponent(id)}`],
};

const v6Dialect: Dialect = {
  startReply: trainerStartReply,
  statusReply: trainerStatusReply.transform(concludeTrainer),
  status: (id) => `trainer/status/${encodeURIComponent(id)}`,
  cancel: (id) => [{ path: 'trainer/stop', fields: { training_id: id } }],
};

/** By the host that understands them. */
export const dialects = { v3: v3Dialect, v6: v6Dialect, sandbox: sandboxDialect } as const;
