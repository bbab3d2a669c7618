import type { Accounts } from './accounts.ts';
import type { Clock } from './clock.ts';
import type { LabJournal } from './events.ts';
import type { Files } from './files.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import type { Oddities } from './oddities.ts';
import type { PictureOrders } from './picture-orders.ts';
import type { Random } from '../random.ts';
import type { Trainings } from './trainings.ts';

/** What stands behind the calls. */
export interface Provider {
  readonly clock: Clock;
  /** The time by which trainings go. */
  readonly pace: Pace;
  /** The random numbers of a purpose. */
  readonly random: (purpose: string) => Random;
  readonly oddities: Oddities;
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly trainings: Trainings;
  readonly pictures: PictureOrders;
  readonly files: Files;
  readonly journal: LabJournal;
  /** How long a training takes from its start to `model_ready`, by `pace`. */
  readonly trainingMs: number;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: () => string;
  /** Aborts when the stand-in is closed. */
  readonly signal: AbortSignal;
  /** Something that goes on after its answer; closing waits for it. */
  background(work: Promise<void>): void;
}
