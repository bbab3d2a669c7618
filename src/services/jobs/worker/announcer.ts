import type { MessageId } from '../../../lib/ids.ts';
import type { Review } from '../review/review.ts';
import type { Job, Told } from '../state/job.ts';

export interface NamedCrop {
  /** File name, unique for the picture in it: `03-attention-1024.png`. */
  readonly name: string;
  readonly png: Buffer;
}

/** Links by file name. */
export type CropLinks = ReadonlyMap<string, string>;

/** Discord did not judge the message: it could not be reached. The same message may go through later. */
export class UndeliveredError extends Error {
  override readonly name = 'UndeliveredError';
  /** Until then asking again is no use. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly retryAfterMs?: number }) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** What the jobs need of the place where members read. Implemented by `services/threads`. */
export interface Announcer {
  /**
   * Brings everything that shows the job up to date: contact sheet, card, and the messages that are due. Calls `mark`
   * after each thing that was posted, so that a crash repeats at most one. When a place is gone, goes on in the next
   * one (thread, channel, direct message). Rejects when nothing could be told, with `UndeliveredError` where Discord could not
   * be reached, as the other two do.
   */
  tell(job: Job, review: Review, mark: (change: Partial<Told>) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Posts one message with at most 10 crops in the job's thread. */
  postCrops(
    job: Job,
    crops: readonly NamedCrop[],
    signal: AbortSignal,
  ): Promise<{ messageId: MessageId; links: CropLinks }>;
  /** Fresh links to the crops that are posted already; those in deleted messages are left out. */
  cropLinks(job: Job, signal: AbortSignal): Promise<CropLinks>;
}
