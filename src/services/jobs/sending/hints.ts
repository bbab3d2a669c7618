import type { Clock } from '../../../lib/clock.ts';
import type { JobId, TrainingId } from '../../../lib/ids.ts';
import { advance } from '../advance.ts';
import { hasEnded, type Job } from '../job.ts';
import type { JobStore } from '../store/job-store.ts';
import { lookAfterCall, type Rhythm } from '../schedule.ts';
import type { Wake } from '../wake.ts';
import { isTokenFor } from './webhooks.ts';

export interface Hints {
  /**
   * The provider called: there may be something to see. All that comes of it is an earlier look at the job, and the
   * knowledge that its order arrived, and as which training when the call `named` one and no answer did. False when the token
   * is not the one of the job's last attempt.
   */
  take(id: JobId, token: string, named?: TrainingId): Promise<boolean>;
}

export interface HintsDeps {
  readonly jobs: Pick<JobStore, 'find' | 'update'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly rhythm: Rhythm;
  readonly wake: Pick<Wake, 'now'>;
  readonly log: { error(fields: object, text: string): void };
}

export function createHints({ jobs, clock, rhythm, wake, log }: HintsDeps): Hints {
  const hinted = (job: Job, named: TrainingId | undefined): Job => {
    const called = advance(job, { type: 'webhook-called', ...(named !== undefined && { named }) }, clock.now());
    return called === job || hasEnded(called)
      ? called
      : { ...called, nextAt: lookAfterCall(called, clock.now(), rhythm) };
  };
  return {
    take: async (id, token, named) => {
      const seen = await jobs.find(id);
      if (!isFor(seen, token)) return false;
      if (hinted(seen, named) === seen) return true; // Said again before anybody looked: a flood costs no write.
      const job = await jobs.update(id, (now) => (isFor(now, token) ? hinted(now, named) : now));
      if (job?.lateCallAt !== undefined)
        log.error({ jobId: id, guildId: job.guildId }, 'a training seems to run that no order waits for any more');
      wake.now();
      return true;
    },
  };
}

/** Compared although there is nothing to compare with: the time that it takes tells nothing of which jobs there are. */
function isFor(job: Job | undefined, token: string): job is Job {
  return isTokenFor(job?.webhook?.tokenHash ?? '0'.repeat(64), token);
}
