import type { Clock } from '../../../lib/clock.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/logger.ts';
import type { SettingsStore } from '../../guilds/guild-settings.ts';
import type { Vault } from '../../guilds/vault.ts';
import type { TrainingApi } from '../../modelslab/training-api.ts';
import type { Darkroom } from '../../photos/photo.ts';
import type { Reviewer } from '../review/reviewer.ts';
import type { Rhythm } from '../state/schedule.ts';
import type { JobStore } from '../store/job-store.ts';
import type { PhotoStore } from '../store/photo-store.ts';
import type { Wake } from '../wake.ts';
import type { Announcer } from './announcer.ts';
import type { ListEvidence } from './list-evidence.ts';
import type { CreateWebhook } from './webhooks.ts';

/** What the steps of a job work with. */
export interface WorkerContext {
  readonly jobs: JobStore;
  readonly photos: PhotoStore;
  readonly settings: Pick<SettingsStore, 'get'>;
  readonly vault: Pick<Vault, 'find'>;
  readonly wandb: Pick<Vault, 'find'>;
  readonly api: TrainingApi;
  readonly darkroom: Pick<Darkroom, 'for' | 'prepare' | 'unpack' | 'recrop'>;
  readonly announcer: Announcer;
  readonly reviewer: Reviewer;
  readonly createWebhook: CreateWebhook;
  readonly listEvidence: ListEvidence;
  readonly clock: Clock;
  readonly rhythm: Rhythm;
  readonly wake: Pick<Wake, 'now'>;
  readonly log: Log;
  /** Whether this process surely still holds the job: asked right before money is spent. */
  readonly mayPay: (id: JobId) => boolean;
  /** Goes on beside the steps, without holding one up; never rejects. */
  readonly beside: (work: Promise<void>) => void;
  /** For work of a job's step that mostly waits for its turn: meanwhile the job takes no place among the steps. */
  readonly apart: (id: JobId, work: () => Promise<void>) => Promise<void>;
}
