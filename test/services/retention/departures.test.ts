import { beforeEach, describe, expect, it } from 'vitest';
import type { ChannelId, GuildId } from '../../../src/lib/ids.ts';
import { compareEveryMs, createDepartures, graceMs } from '../../../src/services/retention/departures.ts';
import { createStoredData } from '../../../src/services/retention/stored-data.ts';
import { aJob, guildId, hour, jobId, trainingId } from '../jobs/job-builder.ts';
import { createJobWorld, type JobWorld } from '../jobs/job-world.ts';

const day = 24 * hour;
const other = 'guild2' as GuildId;
const nobody = new Set<GuildId>();
const everybody = new Set([guildId, other]);

let world: JobWorld;
let erased: GuildId[];
let wakes: number;

beforeEach(async () => {
  world = await createJobWorld();
  [erased, wakes] = [[], 0];
});

/** As after a start of the program: nothing is remembered but what is stored. */
function departures() {
  return createDepartures({
    ...world,
    storedData: createStoredData(world.db, world.clock),
    forgetGuild: async (id) => {
      erased.push(id);
      await world.jobs.forget(id);
    },
    wake: {
      now: () => {
        wakes++;
      },
    },
  });
}

const listing = (present: ReadonlySet<GuildId>) => () => Promise.resolve(present);

async function lookFor(ms: number, everyMs: number, present = nobody): Promise<void> {
  for (let passed = 0; passed < ms; passed += everyMs) {
    world.clock.pass(everyMs);
    await departures().compare(listing(present));
  }
}

const absences = () => world.db.selectFrom('absences').selectAll().execute();

describe('a server that the bot was removed from', () => {
  beforeEach(async () => {
    await world.jobs.insert(aJob('training'));
    await world.jobs.insert(aJob('ready', { id: jobId('job2'), guildId: other }));
  });

  it('is kept for seven days across restarts, then erased, and no other with it', async () => {
    await departures().leave(guildId);
    await lookFor(graceMs - compareEveryMs, compareEveryMs, new Set([other]));
    expect(erased).toEqual([]);
    await lookFor(compareEveryMs, compareEveryMs, new Set([other]));
    expect(erased).toEqual([guildId]);
    expect(await absences()).toEqual([]);
    expect(await world.jobs.find(jobId('job2'))).toBeDefined();
    await lookFor(day, compareEveryMs, new Set([other]));
    expect(erased, 'once').toEqual([guildId]);
  });

  it('is noticed at a look when it happened while the program was down', async () => {
    await departures().compare(listing(new Set([other])));
    expect(await absences()).toMatchObject([{ guild_id: guildId, absent_ms: 0 }]);
    await lookFor(graceMs, day, new Set([other]));
    expect(erased).toEqual([guildId]);
  });

  it('is not erased at once by a clock that was set forward, nor kept for ever by one set back', async () => {
    await departures().leave(guildId);
    await lookFor(365 * day, 365 * day, new Set([other]));
    expect(erased).toEqual([]);
    world.clock.pass(-400 * day);
    await lookFor(5 * day, hour, new Set([other]));
    expect(erased).toEqual([]);
    await lookFor(day + hour, hour, new Set([other]));
    expect(erased).toEqual([guildId]);
  });

  it('keeps all when the bot is invited again, whether that was heard or seen at a look', async () => {
    const before = await world.jobs.find(jobId('job2'));
    for (const returns of [
      (id: GuildId) => departures().comeBack(id),
      () => departures().compare(listing(everybody)),
    ]) {
      await departures().leave(guildId);
      await lookFor(graceMs - day, day, new Set([other]));
      await returns(guildId);
      expect(await absences()).toEqual([]);
      await lookFor(2 * day, day, everybody);
    }
    expect(erased).toEqual([]);
    expect(await world.jobs.find(jobId('job2'))).toEqual(before);
  });

  it('is written to no more: what runs goes on, and is told its owner directly', async () => {
    world.clock.pass(hour);
    await departures().leave(guildId);
    const job = await world.jobs.find(jobId('job1'));
    expect(job).toMatchObject({ phase: { state: 'training' }, mustUpload: true, nextAt: world.clock.now() });
    expect(job?.told.place).toBe('dm');
    expect(wakes).toBe(1);
    await departures().leave(guildId);
    expect(wakes, 'noted once').toBe(1);
  });

  it('that invites the bot again in the moment of a look is kept, and written to', async () => {
    const one = departures();
    await one.leave(guildId);
    await lookFor(graceMs - day, day, new Set([other]));
    world.clock.pass(day);
    await one.compare(async () => {
      await one.comeBack(guildId);
      return new Set([other]);
    });
    expect([erased, await absences()]).toEqual([[], []]);
    expect((await world.jobs.find(jobId('job1')))?.told.place).toBe('thread');
  });

  it('hears in its threads, when it is back, what could not be told meanwhile', async () => {
    await departures().leave(guildId);
    const ready = { state: 'ready', trainingId: trainingId('t1') } as const;
    const told = { ...aJob('ready').told, place: 'nowhere' } as const;
    await world.jobs.update(jobId('job1'), (job) => ({ ...job, phase: ready, told, nextAt: null }));
    await departures().comeBack(guildId);
    expect(await world.jobs.find(jobId('job1'))).toMatchObject({
      told: { place: 'thread', threadId: 'thread1' as ChannelId },
      nextAt: world.clock.now(),
    });
  });

  it('leaves a job alone that ended and was told before', async () => {
    await world.jobs.update(jobId('job1'), (job) => ({
      ...job,
      phase: { state: 'discarded', why: 'owner' },
      nextAt: null,
    }));
    const before = await world.jobs.find(jobId('job1'));
    await departures().leave(guildId);
    await departures().comeBack(guildId);
    expect(await world.jobs.find(jobId('job1'))).toEqual(before);
  });
});

it('knows every server that a setting, a key or a confirmation is kept about', async () => {
  const at = world.clock.now();
  for (const key of ['settings:a', 'api-key:b', 'wandb-key:c', 'health'])
    await world.db.insertInto('settings').values({ key, value: '{}', expires_at: null }).execute();
  await world.db.insertInto('confirmations').values({ guild_id: 'd', member_id: 'm', at }).execute();
  await world.jobs.insert(aJob('failed', { guildId: 'e' as GuildId }));
  expect((await createStoredData(world.db, world.clock).guilds()).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
});
