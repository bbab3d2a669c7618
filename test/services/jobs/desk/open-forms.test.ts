import { beforeEach, describe, expect, it } from 'vitest';
import { AlreadyDoneError, UserError } from '../../../../src/lib/errors.ts';
import type { GuildId, MemberId } from '../../../../src/lib/ids.ts';
import { createDesk, type Desk } from '../../../../src/services/jobs/desk/desk.ts';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import { createStoredData } from '../../../../src/services/retention/stored-data.ts';
import { heldWake } from '../held-clock.ts';
import { aJob, channelId, guildId, hour, jobId, order, ownerId } from '../job-builder.ts';
import { createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
let desk: Desk;
const owner = { guildId, memberId: ownerId, roleIds: [], isAdmin: false };
const stranger = { ...owner, memberId: 'stranger' as MemberId, isAdmin: true };
const photo = { url: 'https://cdn.test/x', name: 'x.jpg', sizeBytes: 1 };
const other = { ...photo, name: 'y.jpg' };

beforeEach(async () => {
  world = await createJobWorld();
  desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world) });
});

const openForm = (actor = owner, name = 'Ambika') => desk.openForm(actor, { channelId, order: { ...order, name } });
const drafts = () => desk.list(owner, ['draft']);
const formsLeft = async () => (await world.db.selectFrom('forms').select('id').execute()).map(({ id }) => id);

describe('a form that is dismissed', () => {
  it('leaves no order, no name that is taken, and nothing that counts, however often', async () => {
    for (let number = 0; number < 30; number += 1) await openForm();
    expect(await drafts()).toEqual([]);
    expect(await world.jobs.isNameTaken(guildId, 'Ambika')).toBe(false);
    await expect(desk.open(owner, { channelId, order })).resolves.toMatchObject({ order: { name: 'Ambika' } });
  });

  it('is not kept for ever, nor are more of a member than ten', async () => {
    const first = await openForm();
    for (let number = 0; number < 10; number += 1) {
      world.clock.pass(1);
      await openForm();
    }
    expect(await formsLeft()).toHaveLength(10);
    expect(await formsLeft()).not.toContain(first);
    world.clock.pass(24 * hour);
    const last = await openForm(stranger);
    expect(await formsLeft()).toEqual([last]);
  });

  it('is erased with what else is kept of a member, or of a server', async () => {
    await openForm();
    await createStoredData(world.db, world.clock).forgetMember(ownerId);
    expect(await formsLeft()).toEqual([]);
    await openForm();
    await world.jobs.forget(guildId);
    expect(await formsLeft()).toEqual([]);
  });
});

describe('a form that is sent', () => {
  it('opens the order with all its photos, and is erased', async () => {
    const id = await desk.openForm(owner, { channelId, order, sources: [photo] });
    const job = await desk.fillForm(owner, id, { sources: [other] });
    expect(job).toMatchObject({ id, order, channelId, phase: { state: 'draft' } });
    expect(job.pending.map(({ name }) => name)).toEqual(['x.jpg', 'y.jpg']);
    expect(await drafts()).toEqual([job]);
    expect(await formsLeft()).toEqual([]);
  });

  it('is older than the order it opens, which has its whole hour', async () => {
    const id = await openForm();
    world.clock.pass(2 * hour);
    const at = world.clock.now();
    expect(await desk.fillForm(owner, id, { sources: [photo] })).toMatchObject({ createdAt: at, touchedAt: at });
  });

  it('takes another name where its own was taken meanwhile, and mends what is not allowed', async () => {
    const id = await openForm();
    await world.jobs.insert(aJob('ready'));
    const job = await desk.fillForm(owner, id, { change: { name: 'Ambika', steps: 9000 }, sources: [photo] });
    expect(job.order.name).toBe('Ambika-2');
    expect(job.notes).toHaveLength(2);
  });

  it('opens one order, though it is delivered twice at once', async () => {
    const id = await openForm();
    const both = await Promise.allSettled([1, 2].map(() => desk.fillForm(owner, id, { sources: [photo] })));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(both.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))).toEqual([
      expect.any(AlreadyDoneError),
    ]);
    expect((await drafts())[0]?.pending).toHaveLength(1);
  });

  it('adds to the order that has its id: that of the order’s own card', async () => {
    const id = jobId('job1');
    await world.jobs.insert(aJob('draft'));
    expect((await desk.fillForm(owner, id, { sources: [photo] })).pending).toHaveLength(1);
  });

  it('is nothing to anybody else, not even to an admin or in another server', async () => {
    const id = await openForm();
    for (const actor of [stranger, { ...owner, guildId: 'guild2' as GuildId }]) {
      await expect(desk.fillForm(actor, id, { sources: [photo] })).rejects.toThrow(/no such training here/);
    }
    expect(await formsLeft()).toEqual([id]);
  });
});

it('no form is opened for a member who has ten orders that are not started', async () => {
  for (let number = 0; number < 10; number += 1) await desk.open(owner, { channelId, order });
  await expect(openForm()).rejects.toThrow(UserError);
  expect(await formsLeft()).toEqual([]);
});
