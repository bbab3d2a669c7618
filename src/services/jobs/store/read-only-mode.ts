import type { Clock } from '../../../lib/clock.ts';
import type { JobId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/logger.ts';
import { isUnwritable } from '../../database/database-errors.ts';
import { isIn, type Job } from '../state/job.ts';
import type { JobStore } from './job-store.ts';

export interface ReadOnlyModeDeps {
  readonly jobs: JobStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

const lookAgainMs = 1000;

/**
 * A job store that goes on while nothing can be stored, on a full disk say: trainings that run are followed from memory, and
 * their owners hear how they end. Nothing else is done, since whatever may cost money has to be stored first. What is in memory
 * is stored as soon as that works again; a process that ends before has to ask and tell once more, and loses nothing.
 */
export function withReadOnlyMode({ jobs, clock, log }: ReadOnlyModeDeps): JobStore {
  const unwritten = new Map<JobId, Job>();
  const claimed = new Set<JobId>();
  const state = { isReadOnly: false };

  const newest = (job: Job): Job => unwritten.get(job.id) ?? job;

  const enter = (error: unknown) => {
    if (!isUnwritable(error)) throw error;
    if (state.isReadOnly) return;
    state.isReadOnly = true;
    log.error(
      { err: error },
      'nothing can be stored, the disk may be full: no orders are taken, and trainings that run are followed from memory; make room, a restart is not needed',
    );
  };

  const update: JobStore['update'] = async (id, change, then) => {
    const kept = unwritten.get(id);
    try {
      const written = await jobs.update(id, (stored) => change(newest(stored)), then);
      if (unwritten.get(id) === kept) unwritten.delete(id);
      return written && { before: kept ?? written.before, after: written.after };
    } catch (error) {
      enter(error);
      const stored = await jobs.find(id);
      const before = unwritten.get(id) ?? stored; // Read last: another change may have been kept meanwhile.
      if (!before || !(unwritten.has(id) || isIn(before, 'training'))) throw error;
      const after = change(before);
      unwritten.set(id, after);
      return { before, after };
    }
  };

  const leave = async () => {
    for (const id of [...unwritten.keys()]) await update(id, (job) => ({ ...job }));
    if (!state.isReadOnly || unwritten.size > 0) return;
    state.isReadOnly = false;
    claimed.clear();
    log.info({}, 'the database can be written again: everything goes on');
  };

  const claimFromMemory = async (limit: number, except: readonly JobId[]): Promise<readonly Job[]> => {
    const isFree = (id: JobId) => !claimed.has(id) && !except.includes(id);
    const isDue = ({ id, nextAt }: Job) => nextAt !== null && nextAt <= clock.now() && isFree(id);
    const running = (await jobs.unfinished())
      .map(newest)
      .filter((job) => isIn(job, 'training') || unwritten.has(job.id));
    const due = running.filter(isDue).slice(0, limit);
    for (const { id } of due) claimed.add(id);
    return due;
  };

  return {
    ...jobs,
    update,
    find: async (id) => unwritten.get(id) ?? jobs.find(id),
    list: async (where) => (await jobs.list(where)).map(newest),

    claimDue: async (leaseMs, limit, except = []) => {
      try {
        const due = await jobs.claimDue(leaseMs, limit, except);
        await leave();
        return due.map(newest);
      } catch (error) {
        enter(error);
        return claimFromMemory(limit, except);
      }
    },
    renewLease: (ids, leaseMs) =>
      jobs.renewLease(ids, leaseMs).catch((error: unknown) => {
        enter(error);
        return [];
      }),
    release: async (id) => {
      claimed.delete(id);
      await jobs.release(id).catch(enter);
    },
    nextDueAt: async () => (state.isReadOnly ? clock.now() + lookAgainMs : jobs.nextDueAt()),
  };
}
