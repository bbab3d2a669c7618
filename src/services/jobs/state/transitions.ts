import type { Job, Phase } from './job.ts';

/** Every change of phase is looked at (and told) at once; the poller then says when to look again. */
export function to(job: Job, phase: Phase, at: number): Job {
  return { ...job, phase, nextAt: at };
}

export function ended(job: Job, phase: Phase, at: number): Job {
  return to({ ...job, pending: [], endedAt: at }, phase, at);
}

export function calm({ refused, quietUntil, ...job }: Job): Job {
  return { ...job, trouble: 0 };
}

export function quiet(job: Job, quietMs: number | undefined, at: number): Job {
  return quietMs === undefined ? loud(job) : { ...job, quietUntil: at + quietMs };
}

export function loud({ quietUntil: _over, ...job }: Job): Job {
  return job;
}

/** Whoever touches an order looks at its thread: what could not be told there before may be told there again. */
export function touched(job: Job, at: number): Job {
  const told = { ...job.told, place: 'thread' } as const;
  return { ...job, told, orderRev: job.orderRev + 1, touchedAt: at, nextAt: at };
}
