import type { Account } from './accounts.ts';
import { Refusal, refusal } from './answers.ts';
import type { DownloadedImage, BadLink } from './downloads.ts';
import type { Fields } from './fields.ts';

export type TrainingMethod = 'lora' | 'dreambooth' | 'dreambooth-v2' | 'sandbox' | 'trainer';

export interface StageEntry {
  readonly stage: string;
  readonly at: number;
}

export interface Training {
  readonly id: string;
  readonly method: TrainingMethod;
  readonly account: Account;
  /** What was asked for, without the key. */
  readonly request: Fields;
  readonly startedAt: number;
  stage: string;
  /** Every stage so far, the current one last. */
  readonly history: StageEntry[];
  /** The stages to come, as planned. */
  ahead: readonly string[];
  /** Those that downloaded and are pictures. */
  images: readonly DownloadedImage[];
  badLinks: readonly BadLink[];
  /** Undefined while it runs. `unusable`: trained, and never deployed for use. */
  ending?: 'ready' | 'unusable' | 'failed' | 'cancelled';
  endedAt?: number;
  /** Why it failed. */
  failure?: string;
  /** When its model was last used, or got ready. */
  usedAt?: number;
  /** When its model is loaded again. */
  loadedAt?: number;
  /** Link to the sample picture of a ready model. */
  testImage?: string;
  deleted: boolean;
}

/** A training with what its readers need not know. */
export interface BookedTraining extends Training {
  /** When it was started, by the provider's pace. */
  readonly begunAt: number;
  /** Stops the course of its stages. */
  readonly course: AbortController;
}

export interface Trainings {
  readonly all: readonly BookedTraining[];
  add(training: BookedTraining): void;
  find(id: string): BookedTraining | undefined;
  /** One of this account's that is not deleted; throws the refusal that any other id meets. */
  get(id: string, account: Account): BookedTraining;
  unfinished(account: Account): number;
}

export function createTrainings(): Trainings {
  const all: BookedTraining[] = [];
  const byId = new Map<string, BookedTraining>();
  return {
    all,
    add(training) {
      all.push(training);
      byId.set(training.id, training);
    },
    find: (id) => byId.get(id),
    get(id, account) {
      const training = byId.get(id);
      if (training?.account !== account || training.deleted) throw new Refusal(refusal('not-found'));
      return training;
    },
    unfinished: (account) =>
      all.filter((training) => training.account === account && training.ending === undefined).length,
  };
}
