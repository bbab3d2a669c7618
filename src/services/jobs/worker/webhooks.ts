import { createHash } from 'node:crypto';
import type { Clock } from '../../../lib/clock.ts';
import type { JobId, TrainingId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/logger.ts';
import { withoutEnd } from '../../../lib/text.ts';
import { advance } from '../state/advance.ts';
import { hasEnded, type Job } from '../state/job.ts';
import { dueAfterCall, type Rhythm } from '../state/schedule.ts';
import type { JobStore } from '../store/job-store.ts';
import { isNews, type WebhookAddress } from '../store/webhook-addresses.ts';
import type { Wake } from '../wake.ts';

/** Where the provider may call about one attempt. */
export interface Webhook {
  /** A secret: its holder can bring the next status call forward. */
  readonly url: string;
  /** All that is kept of it. */
  readonly tokenHash: string;
}

/** Another one for each attempt, so that a call proves which one arrived; undefined without a public URL. */
export type CreateWebhook = (id: JobId) => Webhook | undefined;

export interface WebhookFactoryDeps {
  /** Where this program is reached from outside. */
  readonly publicUrl: string | undefined;
  /** Unguessable, and fit for a URL. */
  readonly newToken: () => string;
}

export function createWebhookFactory({ publicUrl, newToken }: WebhookFactoryDeps): CreateWebhook {
  return (id) => {
    if (publicUrl === undefined) return undefined;
    const token = newToken();
    return { url: `${withoutEnd(publicUrl, '/')}/webhook/${id}/${token}`, tokenHash: hashOf(token) };
  };
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * The provider called: there may be something to see. All that comes of it is an earlier look at the job, and the knowledge that
 * its order arrived, and as which training when the call `named` one and no answer did. About an attempt that was given up it is
 * evidence of a second charge, and told once. False when no attempt of the job had the token.
 */
export type TakeCall = (id: JobId, token: string, named?: TrainingId) => Promise<boolean>;

export interface TakeCallDeps {
  readonly jobs: Pick<JobStore, 'find' | 'update' | 'findAddress' | 'noteEarlierCall'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly rhythm: Rhythm;
  readonly wake: Pick<Wake, 'now'>;
  readonly log: Log;
}

export function createTakeCall({ jobs, clock, rhythm, wake, log }: TakeCallDeps): TakeCall {
  const hinted = (job: Job, named: TrainingId | undefined): Job => {
    const called = advance(job, { type: 'webhook-called', ...(named !== undefined && { named }) }, clock.now());
    return called === job || hasEnded(called)
      ? called
      : { ...called, nextAt: dueAfterCall(called, clock.now(), rhythm) };
  };
  /** The order was sent again, tried again or erased since. What became of the attempt may be known all the same. */
  const takeEarlier = async (address: WebhookAddress, named: TrainingId | undefined): Promise<true> => {
    if (!isNews(address) || !(await jobs.noteEarlierCall(address, named))) return true;
    const { job_id: jobId, guild_id: guildId, attempt } = address;
    log.error(
      { jobId, guildId, attempt },
      'an attempt that was given up seems to train: an order may be paid for twice',
    );
    wake.now();
    return true;
  };

  return async (id, token, named) => {
    // A wrong token goes no further: the time that it takes tells nothing of which jobs there are.
    const address = await jobs.findAddress(id, hashOf(token));
    if (address === undefined) return false;
    const isLast = (job: Job | undefined): job is Job => job?.webhook?.tokenHash === address.token_hash;
    const seen = await jobs.find(id);
    if (!isLast(seen)) return takeEarlier(address, named);
    if (hinted(seen, named) === seen) return true; // Said again before anybody looked: a flood costs no write.
    const change = await jobs.update(id, (now) => (isLast(now) ? hinted(now, named) : now));
    if (change?.after.lateCallAt !== undefined)
      log.error({ jobId: id, guildId: seen.guildId }, 'a training seems to run that no order waits for any more');
    wake.now();
    return true;
  };
}
