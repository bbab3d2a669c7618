import type { TrainingId } from '../../lib/ids.ts';
import type { MethodId } from './methods.ts';
import type { Settings } from './settings.ts';

/** What the model shows. `object` and `style` are no people. */
export type Subject = 'man' | 'woman' | 'couple' | 'object' | 'style';

/** A server's API key, opened. It may enter the body of a call and nothing else. */
export interface ApiKey {
  readonly secret: string;
  /** Same key, same fingerprint; tells nothing about the key. */
  readonly fingerprint: string;
}

export interface TrainingRequest extends Settings {
  readonly method: MethodId;
  readonly subject: Subject;
  /** The made-up word that calls the subject in a prompt. */
  readonly trigger: string;
  /** Links that the provider can download without logging in. */
  readonly images: readonly string[];
  /** A secret: the server's key at Weights & Biases, for a training that reports there. */
  readonly wandbKey?: string;
  /** https URL that the provider calls at each stage. */
  readonly webhook?: string;
}

/** Which remote training: the method says under which host and path it lives. */
export interface TrainingRef {
  readonly method: MethodId;
  readonly trainingId: TrainingId;
}

export interface TrainingStatus {
  /** What the provider said, in its own word, such as `training_started`. */
  readonly stage: string;
  /**
   * What we make of it. A stage that we do not know is `running`, never `ready`. `over`: finished or stopped by
   * somebody, which the v6 trainer tells with the same word; a model may come of it in the next minutes.
   */
  readonly verdict: 'running' | 'over' | 'ready' | 'failed' | 'cancelled';
  /** The provider's log so far, one entry a line, cleaned; the last line of a failed training says why. */
  readonly log: readonly string[];
  /** A sample picture, when the provider gives one. */
  readonly sampleUrl?: string;
  /** The request that uses the model, as the provider gives it: JSON, cleaned, without a key. */
  readonly usage?: string;
}

/** A public model that a Dreambooth training can build on. */
export interface BaseModel {
  readonly id: string;
  readonly name: string;
}

export interface PictureRequest extends TrainingRef {
  readonly prompt: string;
  /** 1 to 4. */
  readonly count: number;
}

/** Pictures that were asked for, as far as they are. */
export type Pictures =
  | { readonly state: 'made'; readonly links: readonly string[] }
  /** To be fetched with the id; `etaMs` is the provider's guess. */
  | { readonly state: 'in-the-making'; readonly requestId: string; readonly etaMs: number }
  | { readonly state: 'failed'; readonly said: string | undefined };

export interface Wallet {
  readonly balance: number;
  readonly currency: string;
}

/**
 * The provider, as the rest of the bot knows it. Every method rejects with `TrainingApiError` (or with the signal's
 * reason when it aborts); none retries by itself.
 */
export interface TrainingApi {
  /**
   * Paid. Leaves on a fresh connection. `unavailable` means that provably nothing was sent; `rejected` that the
   * provider refused and charged nothing; `ambiguous` that it is not known. The signal counts only until the connection
   * stands: a request that may have left is waited for, 90 s at most, because its answer tells whether it was charged.
   * `mayLeave` is asked then, with nothing between its answer and the request: when false, that is `unavailable`.
   */
  start(request: TrainingRequest, key: ApiKey, signal: AbortSignal, mayLeave?: () => boolean): Promise<TrainingId>;
  status(training: TrainingRef, key: ApiKey, signal: AbortSignal): Promise<TrainingStatus>;
  cancel(training: TrainingRef, key: ApiKey, signal: AbortSignal): Promise<void>;
  /** Deletes the model at the provider; only methods whose result is listed there have a call for it. */
  remove(training: TrainingRef, key: ApiKey, signal: AbortSignal): Promise<void>;
  /** Ids of all trainings of this key: free, and therefore also how a key is checked. */
  list(key: ApiKey, signal: AbortSignal): Promise<readonly TrainingId[]>;
  /** Hands one picture over; gives the link to it. At most 5 MB. */
  upload(png: Buffer, key: ApiKey, signal: AbortSignal): Promise<string>;
  wallet(key: ApiKey, signal: AbortSignal): Promise<Wallet>;
  /** A list of megabytes that rarely changes: the caller keeps it. Each id stands there once. */
  baseModels(key: ApiKey, signal: AbortSignal): Promise<readonly BaseModel[]>;
  /** Loads a model again that was idle for 7 days (`not-loaded`); `status` tells when it is ready. */
  reload(training: TrainingRef, key: ApiKey, signal: AbortSignal): Promise<void>;
  /** Paid, with the guarantees of `start`. */
  draw(request: PictureRequest, key: ApiKey, signal: AbortSignal, mayLeave?: () => boolean): Promise<Pictures>;
  fetchPictures(requestId: string, key: ApiKey, signal: AbortSignal): Promise<Pictures>;
}
