import { channel } from 'node:diagnostics_channel';
import type { JobId } from '../../lib/ids.ts';
import type { Job, State } from './state/job.ts';

/** The boundaries between two steps that must not come apart: a process may be killed at any of them. */
export type CrashPoint =
  /** Somebody wants a change; then it is stored. */
  | 'change-asked'
  | 'change-stored'
  /** An order is about to be sent; its crops are where the provider downloads them; the list is read. */
  | 'turn-come'
  | 'crops-handed-over'
  | 'list-taken'
  /** A training is paid for: intent, request, reply, verdict. */
  | 'intent-stored'
  | 'reply-received'
  | 'verdict-stored'
  /** An order without a verdict was looked for; what was found is stored. */
  | 'finding-made'
  | 'finding-stored'
  /** Sample pictures are paid for. */
  | 'pictures-intent-stored'
  | 'pictures-reply-received'
  | 'pictures-verdict-stored'
  /** A job is about to be told; a message is out and not noted; all is told and noted. */
  | 'telling'
  | 'posted'
  | 'told';

/** What subscribers of the channel are handed. */
export interface Crossing {
  readonly point: CrashPoint;
  readonly jobId: JobId;
  /** As the job was when the step began, where it was known. */
  readonly state: State | undefined;
}

const crashPoints = channel('darkroom:crash-point');

/** Lets a test end the process exactly here; without a subscriber nothing happens. docs/decisions/022 says why. */
export function cross(point: CrashPoint, { id: jobId, phase }: Pick<Job, 'id'> & Partial<Pick<Job, 'phase'>>): void {
  if (crashPoints.hasSubscribers) crashPoints.publish({ point, jobId, state: phase?.state } satisfies Crossing);
}
