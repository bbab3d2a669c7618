import type { Clock } from '../../../lib/clock.ts';
import type { Log } from '../../../lib/logger.ts';
import { findBackupTime, forgetBackupTime } from '../../database/backup.ts';
import type { Database } from '../../database/database.ts';
import { isFree, methods } from '../../modelslab/methods.ts';
import { isIn, type Intent, type Job, type JobIn } from '../state/job.ts';
import { isAt, type PictureRound } from '../state/picture-round.ts';
import { calm, to, touched } from '../state/transitions.ts';
import type { JobStore } from '../store/job-store.ts';

/** Cards that were drawn after the backup had revisions that it does not know: none of them may fit. */
const revisionsSkipped = 1000;

/**
 * Pure: what is known of a job that comes from a backup. Whatever was waiting to be paid for may have been paid for since,
 * and there is no list from before to compare with: nothing of it is sent unless a person says so.
 */
export function restored(job: Job, at: number): Job {
  if (isIn(job, 'draft')) {
    const { card: _card, ...told } = job.told;
    return touched({ ...job, isRestored: true, orderRev: job.orderRev + revisionsSkipped, told }, at);
  }
  if (isIn(job, 'queued', 'sending', 'unknown')) return isFree(methods[job.order.method]) ? job : doubted(job, at);
  // It may have been tried again since: its draft has to say so.
  if (isIn(job, 'failed')) return { ...job, isRestored: true };
  if (isIn(job, 'asking')) {
    // It may have been answered since, and the buttons below it are gone then.
    const news = job.told.news.filter((key) => !key.startsWith('asking-'));
    return { ...job, phase: { ...job.phase, askedAt: at }, isRestored: true, told: { ...job.told, news }, nextAt: at };
  }
  return job.pictures && isAt(job.pictures, 'wanted') ? { ...job, pictures: sent(job.pictures, at), nextAt: at } : job;
}

function doubted(job: JobIn<'queued' | 'sending' | 'unknown'>, at: number): Job {
  const intent = isIn(job, 'queued') ? nextIntent(job) : job.phase.intent;
  const phase = { state: 'unknown', intent: { ...intent, at, before: null }, looks: 0, lookedAt: at } as const;
  return to({ ...calm(job), isRestored: true, attempts: intent.attempt }, phase, at);
}

function nextIntent({ attempts, keyFingerprint = '' }: Job): Omit<Intent, 'at' | 'before'> {
  return { attempt: attempts + 1, keyFingerprint, requestHash: '' };
}

/** As if it had just left: no verdict will come, and what never gets one is not sent again. */
function sent(round: PictureRound, at: number): PictureRound {
  const attempt = round.attempts + 1;
  return { ...round, attempts: attempt, lookAt: at, progress: { step: 'sending', intent: { attempt, at } } };
}

interface RestoringDeps {
  readonly db: Database;
  readonly jobs: Pick<JobStore, 'changeAll'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/**
 * At the start, where the database is a backup: it says so itself, or its operator does (`isBackup`), who made the copy in
 * another way than by "npm run backup". Killed in the middle, it is simply done again.
 */
export async function takeUpBackup({ db, jobs, clock, log }: RestoringDeps, isBackup: boolean): Promise<void> {
  const madeAt = await findBackupTime(db);
  if (madeAt === undefined && !isBackup) return;
  const at = clock.now();
  const changed = await jobs.changeAll((job) => restored(job, at));
  // Lists may have been seen doing otherwise since.
  await db.deleteFrom('list_sightings').execute();
  await forgetBackupTime(db);
  const inDoubt = changed.filter((job) => isIn(job, 'unknown', 'asking')).length;
  log.warn(
    { inDoubt, ...(madeAt !== undefined && { madeAt: new Date(madeAt) }) },
    'restored from a backup: so many orders may have been sent since, and are not sent before their owners say so',
  );
}
