import type { TrainingId } from '../../lib/ids.ts';
import type { Trace } from './trace.ts';

export type TrainingApiErrorKind =
  /** The provider refused. The same request again cannot help until somebody changes something. */
  | 'rejected'
  /** A paid request was provably not accepted; a free one got no answer. The same request may be sent again later. */
  | 'unavailable'
  /** A paid request left this machine and no verdict came back: it must never be sent again blindly. */
  | 'ambiguous'
  /** The answer to a free call has a shape that we do not know. */
  | 'malformed';

/** Why the provider refused, as far as its words tell. `not-loaded`: the model is idle, and can be loaded again. */
export const refusalReasons = [
  'key',
  'credit',
  'plan',
  'queue-full',
  'not-loaded',
  'not-found',
  'fields',
  'other',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface TrainingApiErrorDetails {
  readonly reason?: RefusalReason;
  /** The provider's own words, without secrets, one line, at most 300 characters. */
  readonly said?: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** When the provider asked to wait. */
  readonly retryAfterMs?: number;
  /** How many requests of this account may wait at a time, when the provider named it. */
  readonly queueLimit?: number;
  /** Which fields of the request the refusal names. */
  readonly fields?: readonly string[];
  /** What the answer to a paid call names all the same. */
  readonly trace?: Trace;
  readonly cause?: unknown;
}

/** The only error that leaves `services/modelslab`. Carries neither bodies nor keys. */
export class TrainingApiError extends Error {
  override readonly name = 'TrainingApiError';
  readonly kind: TrainingApiErrorKind;
  readonly reason: RefusalReason;
  readonly said: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly queueLimit: number | undefined;
  readonly fields: readonly string[];
  /** The id that stands in an answer to a paid call which is no success: something may have been made. */
  readonly named: TrainingId | undefined;

  constructor(kind: TrainingApiErrorKind, message: string, details: TrainingApiErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.reason = details.reason ?? 'other';
    this.said = details.said;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.queueLimit = details.queueLimit;
    this.fields = details.fields ?? [];
    this.named = details.trace?.id;
  }
}
