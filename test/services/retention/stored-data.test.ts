import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MemberId } from '../../../src/lib/ids.ts';
import { advance } from '../../../src/services/jobs/state/advance.ts';
import type { Job, State } from '../../../src/services/jobs/state/job.ts';
import { newRound } from '../../../src/services/jobs/state/picture-round.ts';
import { findUsage } from '../../../src/services/jobs/store/usage.ts';
import { createStoredData, type StoredData } from '../../../src/services/retention/stored-data.ts';
import { aJob, endStates, guildId, hour, intent, jobId, ownerId, states, trainingId } from '../jobs/job-builder.ts';
import { aPhoto, createJobWorld, type JobWorld } from '../jobs/job-world.ts';

let world: JobWorld;
let storedData: StoredData;

beforeEach(async () => {
  world = await createJobWorld();
  storedData = createStoredData(world.db, world.clock);
});

const usage = () => findUsage(world.db, { guildId, ownerId }, world.clock.now());

async function trained(id: Job['id']): Promise<void> {
  const attempt = { ...intent, at: world.clock.now() };
  await world.jobs.insert(aJob('sending', { id, phase: { state: 'sending', intent: attempt } }));
  const happen = (event: Parameters<typeof advance>[1]) =>
    world.jobs.update(id, (job) => advance(job, event, world.clock.now()));
  await happen({ type: 'accepted', trainingId: trainingId(`t-${id}`) });
  await happen({ type: 'cancelled' });
}

describe('what is kept about a member', () => {
  it.each(states)('of an order that is %s goes with it, unless it is under way', async (state: State) => {
    await world.jobs.insert(aJob(state));
    await world.photos.add(jobId('job1'), 1, aPhoto('1.jpg'));
    const isErasable = state === 'draft' || endStates.includes(state);
    expect(await storedData.ofMember(ownerId)).toMatchObject(
      isErasable ? { orders: 1, photos: 1, underWay: 0 } : { orders: 0, photos: 0, underWay: 1 },
    );
    await storedData.forgetMember(ownerId);
    expect((await world.jobs.find(jobId('job1'))) === undefined).toBe(isErasable);
    expect((await world.photos.list(jobId('job1'))).length).toBe(isErasable ? 0 : 1);
  });

  it('waits for sample pictures that are being made', async () => {
    const pictures = newRound({ number: 1, count: 1, prompt: 'a' }, world.clock.now());
    await world.jobs.insert(aJob('ready', { pictures }));
    await storedData.forgetMember(ownerId);
    expect(await storedData.ofMember(ownerId)).toMatchObject({ orders: 0, underWay: 1 });
  });

  it('does not stay because its row cannot be read', async () => {
    await world.jobs.insert(aJob('failed'));
    await world.db.updateTable('jobs').set({ document: 'spoiled' }).execute();
    await storedData.forgetMember(ownerId);
    expect(await world.db.selectFrom('jobs').select('id').execute()).toEqual([]);
  });

  it('is counted when it is more than a statement takes values', async () => {
    await world.jobs.insert(aJob('failed'));
    await sql`
      insert into jobs (id, guild_id, owner_id, state, name, method, rev, document, created_at)
      with recursive numbers (n) as (values (1) union all select n + 1 from numbers where n < 33000)
      select 'job' || -n, guild_id, owner_id, state, name, method, rev, '', created_at from jobs, numbers
    `.execute(world.db);
    expect(await storedData.ofMember(ownerId)).toMatchObject({ orders: 33_001, photos: 0 });
  });

  it('is nothing of anybody else', async () => {
    await world.jobs.insert(aJob('failed', { ownerId: 'carol' as MemberId }));
    await world.db.insertInto('confirmations').values({ guild_id: guildId, member_id: 'carol', at: 1 }).execute();
    await storedData.forgetMember(ownerId);
    expect(await storedData.ofMember('carol' as MemberId)).toEqual({
      orders: 1,
      photos: 0,
      underWay: 0,
      confirmations: 1,
    });
  });
});

describe('whoever has their orders erased', () => {
  it('does not begin the limits of the month anew, and leaves no id behind', async () => {
    await trained(jobId('job1'));
    await trained(jobId('job2'));
    const before = await usage();
    expect(before.member).toMatchObject({ today: 2, thisMonth: 2 });
    await storedData.forgetMember(ownerId);
    expect(await usage()).toEqual(before);
    await storedData.forgetMember(ownerId);
    expect(await usage(), 'counted once').toEqual(before);
    const tables = await Promise.all(
      (['jobs', 'confirmations', 'ledger', 'carried'] as const).map((table) =>
        world.db.selectFrom(table).selectAll().execute(),
      ),
    );
    expect(JSON.stringify(tables)).not.toContain(ownerId);
  });

  it('is counted no longer than the month, nor kept', async () => {
    await trained(jobId('job1'));
    await storedData.forgetMember(ownerId);
    world.clock.pass(32 * 24 * hour);
    expect((await usage()).member).toMatchObject({ today: 0, thisMonth: 0 });
    await storedData.forgetMember('carol' as MemberId);
    expect(await world.db.selectFrom('carried').selectAll().execute()).toEqual([]);
  });
});
