import { beforeEach, expect, it } from 'vitest';
import type { SteadyClock } from '../../../../src/lib/steady-clock.ts';
import {
  followJump,
  followSetBack,
  lastMomentOf,
  withTimesShifted,
} from '../../../../src/services/jobs/recovery/clock-jump.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { moveRound, newRound } from '../../../../src/services/jobs/state/picture-round.ts';
import { aJob, hour, intent, jobId, minute, noon, phaseOf, states } from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;

beforeEach(async () => {
  world = await createJobWorld();
});
/** Every time that a job can hold, all at noon. */
function everyTime(state: Parameters<typeof aJob>[0]): Job {
  const wanted = newRound({ number: 1, count: 1, prompt: 'p' }, noon);
  const sending = moveRound(wanted, { type: 'leaving', intent: { attempt: 1, at: noon } }, noon);
  const making = moveRound(sending, { type: 'begun', requestId: 'r', until: noon }, noon);
  const job = aJob(state, {
    adjustedAt: noon,
    cancelAskedAt: noon,
    startedAt: noon,
    confirmedAt: noon,
    calledAt: noon,
    sentAt: noon,
    endedAt: noon,
    quietUntil: noon,
    wallet: { askedAt: noon },
    webhook: { tokenHash: 'h', called: false, intent: { ...intent, before: null } },
    pictures: { ...making, reload: { at: noon, isTaken: true } },
  });
  return { ...job, told: { ...job.told, cardAt: noon } };
}

it.each(states)('moves every time of a job that is %s, but for what is told to people as it was', (state) => {
  const moved = JSON.stringify(withTimesShifted(everyTime(state), hour));
  expect(moved.split(String(noon)).length - 1, 'left: createdAt and confirmedAt').toBe(2);
  expect(JSON.parse(moved)).toMatchObject({ createdAt: noon, confirmedAt: noon, nextAt: noon + hour });
});

it('leaves everything else as it is', () => {
  const job = aJob('training', { order: { ...aJob('draft').order, steps: 500, seed: 7 } });
  expect(withTimesShifted(withTimesShifted(job, hour), -hour)).toEqual(job);
});

it('takes what lies ahead for no sign that the clock was set back', () => {
  const job = aJob('queued', { nextAt: noon + hour, quietUntil: noon + hour, touchedAt: noon + minute });
  expect(lastMomentOf(job)).toBe(noon + minute);
});

/** The held clock, and how far the system's is away from it. */
function jumping(jumpMs: number): SteadyClock {
  let left = jumpMs;
  return {
    ...world.clock,
    now: () => world.clock.now() + jumpMs - left,
    jumpedMs: () => left,
    follow: (ms) => {
      left -= ms;
    },
  };
}

it.each([2 * hour, -2 * hour])('a clock set by %i ms changes nothing about when what is due is due', async (ms) => {
  const clock = jumping(ms);
  await world.jobs.insert(aJob('draft', { nextAt: noon + hour }));
  await world.jobs.insert(aJob('unknown', { id: jobId('job2'), nextAt: noon + minute }));
  await world.jobs.insert(aJob('asking', { id: jobId('job3'), nextAt: null }));
  await followJump({ ...world, clock });
  expect(clock.now()).toBe(noon + ms);
  expect(await world.jobs.find(jobId('job1'))).toMatchObject({ touchedAt: noon + ms, nextAt: noon + ms + hour });
  const looking = await world.jobs.find(jobId('job2'));
  expect(looking?.nextAt).toBe(noon + ms + minute);
  expect(phaseOf(looking, 'unknown')).toMatchObject({ lookedAt: noon + ms, intent: { at: noon + ms } });
  expect(await world.jobs.find(jobId('job3'))).toMatchObject({ touchedAt: noon + ms, nextAt: null });
  await followJump({ ...world, clock });
  expect((await world.jobs.find(jobId('job1')))?.touchedAt, 'only once').toBe(noon + ms);
});

it('goes on evenly, to try again, when nothing can be stored', async () => {
  const clock = jumping(hour);
  const refusing = { ...world.jobs, changeAll: () => Promise.reject(new Error('full')) };
  await expect(followJump({ ...world, jobs: refusing, clock })).rejects.toThrow('full');
  const late: typeof refusing = {
    ...refusing,
    changeAll: (_change?: unknown, atEnd?: () => void) => {
      atEnd?.();
      return Promise.reject(new Error('full'));
    },
  };
  await expect(followJump({ ...world, jobs: late, clock })).rejects.toThrow('full');
  expect(clock.now()).toBe(noon);
  expect(clock.jumpedMs()).toBe(hour);
});

it('at the start, takes what happened in the future for a clock that was set back', async () => {
  const askedAt = noon + 2 * hour;
  await world.jobs.insert(
    aJob('training', { phase: { ...phaseOf(aJob('training'), 'training'), askedAt }, nextAt: askedAt + minute }),
  );
  await world.jobs.insert(aJob('draft', { id: jobId('job2'), touchedAt: askedAt - minute, nextAt: askedAt + hour }));
  await followSetBack({ ...world, clock: jumping(0) });
  expect((await world.jobs.find(jobId('job1')))?.nextAt).toBe(noon + minute);
  expect(await world.jobs.find(jobId('job2'))).toMatchObject({ touchedAt: noon - minute, nextAt: noon + hour });
});

it('at the start, leaves everything as it is after a pause', async () => {
  const job = aJob('draft', { nextAt: noon + hour });
  await world.jobs.insert(job);
  world.clock.pass(12 * hour);
  await followSetBack({ ...world, clock: jumping(0) });
  expect(await world.jobs.find(jobId('job1'))).toEqual(job);
});

it('at the start, moves nothing once more when it was moved before, though the order was opened in what is the future by then', async () => {
  const opened = noon + 2 * hour;
  await world.jobs.insert(aJob('unknown', { createdAt: opened, confirmedAt: opened }));
  await followSetBack({ ...world, clock: jumping(0) });
  expect(phaseOf(await world.jobs.find(jobId('job1')), 'unknown').intent.at).toBe(noon);
});

it('at the start, believes no order that was over before the clock was set back, and was left as it was', async () => {
  const future = { endedAt: noon + hour, touchedAt: noon + hour };
  const pictures = newRound({ number: 1, count: 1, prompt: 'p' }, noon);
  const before = newRound(pictures, noon + hour);
  const over = moveRound(before, { type: 'over', outcome: { kind: 'no-key' } }, noon);
  await world.jobs.insert(aJob('unknown'));
  await world.jobs.insert(aJob('ready', { ...future, id: jobId('job2'), pictures }));
  await world.jobs.insert(aJob('ready', { ...future, id: jobId('job3'), pictures: over }));
  await world.jobs.insert(aJob('cancelled', { ...future, id: jobId('job4') }));
  await followSetBack({ ...world, clock: jumping(0) });
  expect(phaseOf(await world.jobs.find(jobId('job1')), 'unknown').intent.at).toBe(noon);
});

it('at the start, takes pictures that were ordered in the future for a clock that was set back', async () => {
  const pictures = newRound({ number: 1, count: 1, prompt: 'p' }, noon + hour);
  await world.jobs.insert(aJob('ready', { pictures }));
  await followSetBack({ ...world, clock: jumping(0) });
  expect((await world.jobs.find(jobId('job1')))?.pictures?.orderedAt).toBe(noon);
});
