import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuildId, JobId, MemberId } from '../../../../src/lib/ids.ts';
import { openDatabase } from '../../../../src/services/database/database.ts';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job, State } from '../../../../src/services/jobs/state/job.ts';
import { createJobStore, type JobStore } from '../../../../src/services/jobs/store/job-store.ts';
import { createPhotoStore } from '../../../../src/services/jobs/store/photo-store.ts';
import {
  aJob,
  guildId,
  hour,
  intent,
  jobId,
  key,
  minute,
  noon,
  order,
  ownerId,
  phases,
  second,
  states,
  trainingId,
} from '../job-builder.ts';
import { aPhoto, createJobWorld, recordingLog, type JobWorld } from '../job-world.ts';

let world: JobWorld;

beforeEach(async () => {
  world = await createJobWorld();
});

const leaseMs = 20 * second;
const idsOf = (jobs: readonly Job[]) => jobs.map(({ id }) => id).toSorted();

async function insert(...jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) await world.jobs.insert(job);
}

const damage = (id: JobId, document: string) =>
  world.db.updateTable('jobs').set({ document }).where('id', '=', id).execute();

describe('a stored job', () => {
  it.each(states)('that is %s is read as it was written', async (state) => {
    await insert(aJob(state));
    expect(await world.jobs.find(jobId('job1'))).toEqual(aJob(state));
  });

  it('is not found under an id that nobody has', async () => {
    expect(await world.jobs.find(jobId('nobody'))).toBeUndefined();
    expect(await world.jobs.update(jobId('nobody'), (job) => job)).toBeUndefined();
  });

  it('of an older shape, without what is optional, is still read', async () => {
    const { cropped: _cropped, ...older } = aJob('draft');
    await insert(older);
    expect(await world.jobs.find(jobId('job1'))).toEqual(older);
  });

  it('with a field that a later version wrote is still read', async () => {
    await insert(aJob('draft'));
    await damage(jobId('job1'), JSON.stringify({ ...aJob('draft'), mood: 'good' }));
    expect(await world.jobs.find(jobId('job1'))).toEqual(aJob('draft'));
  });
});

describe('update', () => {
  it('meets the job as it is now, not as the caller saw it', async () => {
    await insert(aJob('queued', { attempts: 0 }));
    await world.jobs.update(jobId('job1'), (job) => ({ ...job, attempts: 5 }));
    const change = await world.jobs.update(jobId('job1'), (job) => ({ ...job, attempts: job.attempts + 1 }));
    expect(change).toMatchObject({ before: { attempts: 5 }, after: { attempts: 6 } });
  });

  it('loses nothing when twenty come at once', async () => {
    await insert(aJob('queued', { trouble: 0 }));
    const one = () => world.jobs.update(jobId('job1'), (job) => ({ ...job, trouble: job.trouble + 1 }));
    await Promise.all(Array.from({ length: 20 }, one));
    expect((await world.jobs.find(jobId('job1')))?.trouble).toBe(20);
  });

  it('writes nothing when the change changes nothing', async () => {
    await insert(aJob('ready'));
    await world.jobs.update(jobId('job1'), (job) => advance(job, { type: 'cancel-asked' }, noon));
    expect(await world.db.selectFrom('jobs').select('rev').executeTakeFirst()).toEqual({ rev: 0 });
  });

  it('writes nothing, neither job nor ledger, when the change throws', async () => {
    await insert(aJob('queued'));
    const failing = world.jobs.update(jobId('job1'), () => {
      throw new Error('a bug');
    });
    await expect(failing).rejects.toThrow('a bug');
    expect(await world.jobs.find(jobId('job1'))).toEqual(aJob('queued'));
    expect(await world.ledger(jobId('job1'))).toEqual([]);
  });

  it('adds the ledger’s line of a change of state, with the time at which it was made', async () => {
    await insert(aJob('queued'));
    world.clock.pass(minute);
    await world.jobs.update(jobId('job1'), (job) => advance(job, { type: 'leaving', intent }, world.clock.now()));
    const lines = await world.db.selectFrom('ledger').selectAll().execute();
    expect(lines).toEqual([
      {
        id: 1,
        at: noon + minute,
        job_id: 'job1',
        guild_id: guildId,
        event: 'intent',
        detail: 'attempt 1, request 0123456789ab',
        usd: 0,
      },
    ]);
  });

  it('logs what became of a job, once it is stored, and nothing of what was not', async () => {
    const moves: object[] = [];
    const log = { info: (fields: object) => moves.push(fields), error: () => undefined };
    const jobs = createJobStore(world.db, world.clock, log);
    await insert(aJob('queued'));
    await jobs.update(jobId('job1'), (job) => ({ ...job, trouble: 1 }));
    await jobs.update(jobId('job1'), (job) => advance(job, { type: 'leaving', intent }, noon));
    expect(moves).toEqual([{ jobId: 'job1', from: 'queued', to: 'sending' }]);
    await world.db.schema.alterTable('ledger').renameTo('ledger_gone').execute();
    const accepted = { type: 'accepted', trainingId: trainingId('t1') } as const;
    await expect(jobs.update(jobId('job1'), (job) => advance(job, accepted, noon))).rejects.toThrow('ledger');
    expect(moves).toHaveLength(1);
  });

  it('changes no job whose ledger line cannot be written', async () => {
    await insert(aJob('queued'));
    await world.db.schema.alterTable('ledger').renameTo('ledger_gone').execute();
    const leaving = world.jobs.update(jobId('job1'), (job) => advance(job, { type: 'leaving', intent }, noon));
    await expect(leaving).rejects.toThrow('ledger');
    expect(await world.stateOf(jobId('job1'))).toBe('queued');
  });
});

const line = { keyFingerprint: key.fingerprint, slots: 5 };
const leaving = (job: Job) => advance(job, { type: 'leaving', intent }, noon);

describe('updateInTurn, one at a time', () => {
  const leave = (id: string) => world.jobs.updateInTurn(jobId(id), line, leaving);
  const anotherFirst = { hold: 'another-first' };

  it.each(['sending', 'unknown'] as const)('changes nothing while another job of the key is %s', async (state) => {
    await insert(aJob('queued', { id: jobId('job1') }), aJob(state, { id: jobId('job2') }));
    expect(await leave('job1')).toEqual(anotherFirst);
    expect(await world.stateOf(jobId('job1'))).toBe('queued');
  });

  it.each(['sending', 'unknown'] as const)('is not held up by a free job of the key that is %s', async (state) => {
    const free = { ...order, method: 'sandbox' } as const;
    await insert(aJob('queued', { id: jobId('job1') }), aJob(state, { id: jobId('job2'), order: free }));
    expect(await leave('job1')).toMatchObject({ after: { phase: { state: 'sending' } } });
  });

  it('is not held up by jobs of other keys, or by those that have a verdict', async () => {
    await insert(
      aJob('queued', { id: jobId('job1') }),
      aJob('sending', { id: jobId('job2'), keyFingerprint: 'print2' }),
      aJob('training', { id: jobId('job3') }),
      aJob('asking', { id: jobId('job4') }),
    );
    expect(await leave('job1')).toMatchObject({ after: { phase: { state: 'sending' } } });
  });

  it('lets exactly one of many pass that come at once', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await insert(...ids.map((id) => aJob('queued', { id: jobId(id) })));
    const answers = await Promise.all(ids.map(leave));
    expect(answers.filter((answer) => answer && 'hold' in answer)).toEqual(Array(4).fill(anotherFirst));
  });

  it('is held up for an hour by one that cannot be read, and by one that can until it has a verdict', async () => {
    const sentAt = noon - hour;
    await insert(aJob('queued'), aJob('unknown', { id: jobId('lost'), sentAt }));
    await damage(jobId('lost'), 'damaged');
    expect(await leave('job1')).toEqual(anotherFirst);
    world.clock.pass(1);
    expect(await leave('job1')).toMatchObject({ after: { phase: { state: 'sending' } } });
    await insert(aJob('queued', { id: jobId('next') }), aJob('unknown', { id: jobId('old'), sentAt }));
    expect(await leave('next')).toEqual(anotherFirst);
  });

  it('is undefined when the job is gone', async () => {
    expect(await leave('nobody')).toBeUndefined();
  });
});

describe('updateInTurn, as many as there is room for', () => {
  const leave = (id: string, slots = 5) => world.jobs.updateInTurn(jobId(id), { ...line, slots }, leaving);
  const training = (id: string, change: Partial<Job> = {}) =>
    aJob('training', { id: jobId(id), phase: { ...phases.training, trainingId: trainingId(id) }, ...change });
  const queued = (id: string, change: Partial<Job> = {}) =>
    aJob('queued', { id: jobId(id), keyFingerprint: key.fingerprint, ...change });
  const member = (name: string) => ({ ownerId: name as MemberId });
  const inLine = (place: number, slots = 5) => ({ hold: 'in-line', line: { place, slots } });

  it('counts what runs with the key in any server and by any method, and nothing else', async () => {
    await insert(
      training('t1', { guildId: 'guild2' as GuildId }),
      training('t2', { order: { ...order, method: 'sandbox' } }),
      aJob('unknown', { id: jobId('t3'), order: { ...order, method: 'sandbox' } }),
      training('of another key', { keyFingerprint: 'print2' }),
      aJob('ready', { id: jobId('ended') }),
      aJob('draft', { id: jobId('draft') }),
      queued('me'),
    );
    expect(await leave('me', 3)).toEqual(inLine(1, 3));
    expect(await leave('me', 4)).toMatchObject({ after: { phase: { state: 'sending' } } });
  });

  it('does not count orders about which a person is asked: that may never be answered', async () => {
    await insert(aJob('asking', { id: jobId('t1') }), queued('me'));
    expect(await leave('me', 1)).toMatchObject({ after: { phase: { state: 'sending' } } });
  });

  it('lets the one go whose turn it is, also when another one asks first', async () => {
    await insert(
      training('t1', member('ann')),
      queued('of ann', { ...member('ann'), startedAt: noon - 1 }),
      queued('of ben', { ...member('ben'), startedAt: noon }),
    );
    expect(await leave('of ann', 2)).toEqual(inLine(1, 2));
    expect(await leave('of ben', 2)).toMatchObject({ after: { phase: { state: 'sending' } } });
  });

  it('tells each its place', async () => {
    await insert(training('t1'), ...['a', 'b', 'c'].map((id, index) => queued(id, { startedAt: noon + index })));
    const waits = await Promise.all(['a', 'b', 'c'].map((id) => world.jobs.findWait(jobId(id), { ...line, slots: 1 })));
    expect(waits).toEqual([inLine(1, 1), inLine(2, 1), inLine(3, 1)]);
  });

  it('does not wait for one that is put off for long, for trouble of its own', async () => {
    await insert(queued('stuck', { startedAt: noon - hour, nextAt: noon + 5 * minute }), queued('me'));
    expect(await leave('me', 1)).toMatchObject({ after: { phase: { state: 'sending' } } });
  });

  it('never lets two processes fill one place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'darkroom-line-'));
    const dbs = await Promise.all([1, 2].map(() => openDatabase(`sqlite:${join(folder, 'jobs.db')}`)));
    try {
      const [one, other] = dbs.map((db) => createJobStore(db, world.clock, world.log)) as [JobStore, JobStore];
      const room = { ...line, slots: 2 };
      await one.insert(training('t1', member('ann')));
      await one.insert(queued('b', member('ben')));
      expect(await one.findWait(jobId('b'), room)).toBeUndefined();
      await other.insert(queued('a', { startedAt: noon - 1 }));
      expect(await other.updateInTurn(jobId('a'), room, leaving)).toMatchObject({
        after: { phase: { state: 'sending' } },
      });
      expect(await one.updateInTurn(jobId('b'), room, leaving)).toEqual(inLine(1, 2));
      expect(await other.list({ guildId, states: ['sending', 'training'] })).toHaveLength(2);
    } finally {
      await Promise.all(dbs.map((db) => db.destroy()));
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('reads a line of 300 from columns: a document that cannot be read is in nobody’s way', async () => {
    await insert(...Array.from({ length: 300 }, (_, index) => queued(`job${index}`, { startedAt: noon + index })));
    await world.db.updateTable('jobs').set({ document: 'damaged' }).where('id', '!=', 'job299').execute();
    expect(await world.jobs.findWait(jobId('job299'), line)).toEqual(inLine(295));
  });
});

describe('claiming', () => {
  it('gives those that are due longest first, and not those that are not due', async () => {
    await insert(
      aJob('queued', { id: jobId('b'), nextAt: noon - 1 }),
      aJob('queued', { id: jobId('a'), nextAt: noon - 2 }),
      aJob('queued', { id: jobId('c'), nextAt: noon }),
      aJob('queued', { id: jobId('later'), nextAt: noon + 1 }),
      aJob('ready', { id: jobId('never'), nextAt: null }),
    );
    expect((await world.jobs.claimDue(leaseMs, 2)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(idsOf(await world.jobs.claimDue(leaseMs, 10))).toEqual(['c']);
  });

  it('never gives one job to two claimers', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => jobId(`job${index}`));
    await insert(...ids.map((id) => aJob('queued', { id })));
    const rounds = await Promise.all(Array.from({ length: 8 }, () => world.jobs.claimDue(leaseMs, 10)));
    expect(idsOf(rounds.flat())).toEqual(ids.toSorted());
  });

  it('are left alone by whoever works on them still', async () => {
    await insert(aJob('queued', { id: jobId('a') }), aJob('queued', { id: jobId('b') }));
    expect(idsOf(await world.jobs.claimDue(leaseMs, 10, [jobId('a')]))).toEqual(['b']);
    expect(idsOf(await world.jobs.claimDue(leaseMs, 10))).toEqual(['a']);
  });

  it('gives a job again only when its lease has run out', async () => {
    await insert(aJob('queued'));
    await world.jobs.claimDue(leaseMs, 1);
    world.clock.pass(leaseMs - 1);
    expect(await world.jobs.claimDue(leaseMs, 1)).toEqual([]);
    world.clock.pass(1);
    expect(idsOf(await world.jobs.claimDue(leaseMs, 1))).toEqual(['job1']);
  });

  it('gives a job whose lease is from before the clock was set back by two hours', async () => {
    await insert(aJob('queued', { nextAt: noon - 3 * hour }));
    await world.jobs.claimDue(leaseMs, 1);
    world.clock.pass(-2 * hour);
    expect(idsOf(await world.jobs.claimDue(leaseMs, 1))).toEqual(['job1']);
  });

  it('gives a released job at once', async () => {
    await insert(aJob('queued'));
    await world.jobs.claimDue(leaseMs, 1);
    await world.jobs.release(jobId('job1'));
    expect(idsOf(await world.jobs.claimDue(leaseMs, 1))).toEqual(['job1']);
  });

  it('holds a job for longer when its lease is renewed', async () => {
    await insert(aJob('queued'));
    await world.jobs.claimDue(leaseMs, 1);
    world.clock.pass(leaseMs - 1);
    await world.jobs.renewLease([jobId('job1')], leaseMs);
    world.clock.pass(leaseMs - 1);
    expect(await world.jobs.claimDue(leaseMs, 1)).toEqual([]);
  });

  it('does not take hold again of a job that was released before the renewal came', async () => {
    await insert(aJob('queued'));
    await world.jobs.claimDue(leaseMs, 1);
    await world.jobs.release(jobId('job1'));
    await world.jobs.renewLease([jobId('job1')], leaseMs);
    expect(idsOf(await world.jobs.claimDue(leaseMs, 1))).toEqual(['job1']);
  });

  it('renews nothing when nothing is held', async () => {
    expect(await world.jobs.renewLease([], leaseMs)).toEqual([]);
  });

  it('keeps a lease across changes of the job', async () => {
    await insert(aJob('queued'));
    await world.jobs.claimDue(leaseMs, 1);
    await world.jobs.update(jobId('job1'), (job) => ({ ...job, nextAt: noon - hour }));
    expect(await world.jobs.claimDue(leaseMs, 1)).toEqual([]);
  });

  it('takes no job from a process that read the clock a moment later', async () => {
    await insert(aJob('queued'));
    world.clock.pass(leaseMs - 1);
    await world.jobs.claimDue(leaseMs, 1);
    world.clock.pass(1 - leaseMs);
    expect(await world.jobs.claimDue(leaseMs, 1)).toEqual([]);
  });

  it('tells when the next job is due that nobody holds, or when whoever holds one must have let go of it', async () => {
    expect(await world.jobs.nextDueAt()).toBeUndefined();
    await insert(
      aJob('queued', { id: jobId('held'), nextAt: noon }),
      aJob('ready', { id: jobId('never'), nextAt: null }),
      aJob('training', { id: jobId('next'), nextAt: noon + minute }),
    );
    await world.jobs.claimDue(leaseMs, 1);
    expect(await world.jobs.nextDueAt()).toBe(noon + leaseMs);
    await world.jobs.release(jobId('held'));
    await world.jobs.update(jobId('held'), (job) => ({ ...job, nextAt: null }));
    expect(await world.jobs.nextDueAt()).toBe(noon + minute);
    await world.jobs.update(jobId('held'), (job) => ({ ...job, nextAt: noon }));
    await world.jobs.claimDue(leaseMs, 1);
    world.clock.pass(leaseMs);
    expect(await world.jobs.nextDueAt()).toBe(noon);
  });
});

describe('a row that cannot be read', () => {
  const unreadable = ['{"id": "bad", "na', JSON.stringify({ ...aJob('queued'), phase: { state: 'dancing' } })];

  it.each(unreadable)('does not keep the others from being claimed, and stays held: %s', async (document) => {
    await insert(aJob('queued', { id: jobId('bad'), nextAt: noon - 1 }), aJob('queued', { id: jobId('good') }));
    await damage(jobId('bad'), document);
    expect(idsOf(await world.jobs.claimDue(leaseMs, 10))).toEqual(['good']);
    expect(world.log.lines).toEqual([expect.stringMatching(/^error: a stored job cannot be read/)]);
    expect(await world.jobs.claimDue(leaseMs, 10)).toEqual([]);
    expect(world.log.lines).toHaveLength(1);
  });

  it('says what to do about one of which nobody knows whether it was paid for', async () => {
    await insert(aJob('unknown'));
    await damage(jobId('job1'), '');
    await world.jobs.claimDue(leaseMs, 10);
    expect(world.log.lines).toEqual([expect.stringMatching(/look for it at the provider.*wait for an hour/)]);
  });

  it('is left out of a server’s list', async () => {
    await insert(aJob('queued', { id: jobId('bad') }), aJob('queued', { id: jobId('good') }));
    await damage(jobId('bad'), 'x');
    expect(idsOf(await world.jobs.list({ guildId, states: ['queued'] }))).toEqual(['good']);
  });

  it('still owns its training, so that no other order takes it for its own', async () => {
    await insert(aJob('training'));
    await damage(jobId('job1'), 'x');
    expect(await world.jobs.ownedTrainings(key.fingerprint)).toEqual([
      { jobId: 'job1', trainingId: 't1', method: order.method, state: 'training', startedAt: noon },
    ]);
  });

  it('is an error for whoever asks for just this one', async () => {
    await insert(aJob('queued'));
    await damage(jobId('job1'), 'x');
    await expect(world.jobs.find(jobId('job1'))).rejects.toThrow();
  });
});

describe('lists', () => {
  it('show a server its own jobs only, the newest first, of the asked states and owner', async () => {
    await insert(
      aJob('queued', { id: jobId('old'), createdAt: noon - 1 }),
      aJob('training', { id: jobId('new') }),
      aJob('ready', { id: jobId('other-state') }),
      aJob('queued', { id: jobId('other-owner'), ownerId: 'member2' as MemberId, createdAt: noon - 2 }),
      aJob('queued', { id: jobId('other-server'), guildId: 'guild2' as GuildId }),
    );
    const states = ['queued', 'training'] as const;
    const ids = async (where: object) =>
      (await world.jobs.list({ guildId, states, ...where })).map(({ id }) => id as string);
    expect(await ids({})).toEqual(['new', 'old', 'other-owner']);
    expect(await ids({ ownerId })).toEqual(['new', 'old']);
    expect(await ids({ states: [] })).toEqual([]);
  });

  it('give the trainings of one key, whatever became of them', async () => {
    await insert(
      aJob('ready', { id: jobId('job1') }),
      aJob('training', {
        id: jobId('job2'),
        phase: { ...phases.training, trainingId: trainingId('t2') },
        startedAt: 7,
      }),
      aJob('training', { id: jobId('job3'), keyFingerprint: 'print2' }),
      aJob('queued', { id: jobId('job4') }),
    );
    const owned = await world.jobs.ownedTrainings(key.fingerprint);
    expect(owned.toSorted((a, b) => a.jobId.localeCompare(b.jobId))).toEqual([
      { jobId: 'job1', trainingId: 't1', method: order.method, state: 'ready', startedAt: noon },
      { jobId: 'job2', trainingId: 't2', method: order.method, state: 'training', startedAt: 7 },
    ]);
  });

  it('give how long the latest 20 finished trainings of a method took', async () => {
    const finished = Array.from({ length: 22 }, (_, index) =>
      aJob('ready', { id: jobId(`r${index}`), startedAt: noon, endedAt: noon + index * minute }),
    );
    await insert(
      ...finished,
      aJob('failed', { id: jobId('failed'), endedAt: noon + 100 * minute }),
      aJob('ready', { id: jobId('other'), order: { ...order, method: 'sandbox' }, endedAt: noon + 100 * minute }),
    );
    const durations = await world.jobs.durationsMs('lora-sdxl');
    expect(durations.map((ms) => ms / minute)).toEqual(Array.from({ length: 20 }, (_, index) => 21 - index));
  });

  it('count from when the order was sent, not from when it came into the line', async () => {
    await insert(aJob('ready', { startedAt: noon - 5 * hour, sentAt: noon - 30 * minute, endedAt: noon }));
    expect(await world.jobs.durationsMs('lora-sdxl')).toEqual([30 * minute]);
  });
});

describe('a name', () => {
  const isTaken = (name: string, except?: JobId) => world.jobs.isNameTaken(guildId, name, except);

  const freed: readonly State[] = ['failed', 'cancelled', 'discarded', 'deleted'];

  it.each(states.filter((state) => !freed.includes(state)))('is taken by a job that is %s', async (state) => {
    await insert(aJob(state));
    expect(await isTaken('Ambika')).toBe(true);
  });

  it.each(freed)('is free again when its job is %s', async (state) => {
    await insert(aJob(state));
    expect(await isTaken('Ambika')).toBe(false);
  });

  it('is the same in other letters’ case, and another one in another server', async () => {
    await insert(aJob('draft', { order: { ...order, name: 'ÄMBIKA' } }));
    expect(await isTaken('ämbika')).toBe(true);
    expect(await world.jobs.isNameTaken('guild2' as GuildId, 'ämbika')).toBe(false);
  });

  it('is not taken by the job itself', async () => {
    await insert(aJob('draft'));
    expect(await isTaken('Ambika', jobId('job1'))).toBe(false);
  });
});

describe('forgetting a server', () => {
  it('erases its jobs with their photos, keeps its ledger, and leaves other servers alone', async () => {
    await insert(aJob('queued'), aJob('draft', { id: jobId('job2'), guildId: 'guild2' as GuildId }));
    await world.jobs.update(jobId('job1'), (job) => advance(job, { type: 'leaving', intent }, noon));
    await world.photos.add(jobId('job1'), 1, aPhoto('a.jpg'));
    await world.photos.add(jobId('job2'), 1, aPhoto('b.jpg'));

    await world.jobs.forget(guildId);

    expect(await world.jobs.find(jobId('job1'))).toBeUndefined();
    expect(await world.photos.crop(jobId('job1'), 1)).toBeUndefined();
    expect(await world.ledger(jobId('job1'))).toEqual(['intent', 'dropped']);
    expect(await world.stateOf(jobId('job2'))).toBe('draft');
    expect(await world.photos.crop(jobId('job2'), 1)).toBeDefined();
  });
});

it('a forgotten server leaves no byte of its photos, neither in the file nor in what stands beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-forget-'));
  const db = await openDatabase(`sqlite:${join(folder, 'darkroom.db')}`);
  const bytesOnDisk = async () => {
    const names = await readdir(folder);
    return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
  };
  try {
    const jobs = createJobStore(db, world.clock, recordingLog());
    await jobs.insert(aJob('draft'));
    await createPhotoStore(db).add(jobId('job1'), 1, aPhoto('a.jpg'));
    expect((await bytesOnDisk()).includes('original of a.jpg')).toBe(true);
    await jobs.forget(guildId);
    expect((await bytesOnDisk()).includes('original of a.jpg')).toBe(false);
  } finally {
    await db.destroy();
    await rm(folder, { recursive: true });
  }
});

describe('two processes on one file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'darkroom-jobs-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('share the jobs without one of them being claimed twice or an update being lost', async () => {
    const url = `sqlite:${join(folder, 'darkroom.db')}`;
    const databases = [await openDatabase(url), await openDatabase(url)];
    const [one, other] = databases.map((db) => createJobStore(db, world.clock, recordingLog()));
    const ids = Array.from({ length: 10 }, (_, index) => jobId(`job${index}`));
    for (const id of ids) await one!.insert(aJob('queued', { id }));

    const claims = await Promise.all([one!, other!, one!, other!].map((store) => store.claimDue(leaseMs, 3)));
    expect(idsOf(claims.flat())).toEqual(ids.toSorted());

    const more = (job: Job) => ({ ...job, trouble: job.trouble + 1 });
    for (const store of [one!, other!, one!, other!]) await store.update(jobId('job1'), more);
    expect((await one!.find(jobId('job1')))?.trouble).toBe(4);
    for (const db of databases) await db.destroy();
  });
});
