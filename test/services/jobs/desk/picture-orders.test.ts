import { beforeEach, expect, it } from 'vitest';
import type { GuildId, MemberId } from '../../../../src/lib/ids.ts';
import { createJobEditor, type Actor } from '../../../../src/services/jobs/desk/job-editor.ts';
import { createPictureOrders, type PictureOrders } from '../../../../src/services/jobs/desk/picture-orders.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { aJob, guildId, jobId, key, order, ownerId } from '../job-builder.ts';
import { createJobWorld, fakeVault, type JobWorld } from '../job-world.ts';
import { aRound } from '../round-builder.ts';

const id = jobId('job1');
const owner: Actor = { guildId, memberId: ownerId, roleIds: [], isAdmin: false };
let world: JobWorld;
let desk: PictureOrders;
let woken: number;

beforeEach(async () => {
  world = await createJobWorld();
  woken = 0;
  const wake = { now: () => (woken += 1) };
  desk = createPictureOrders(world, createJobEditor({ ...world, wake }));
});
const insert = (change: Partial<Job> = {}) => world.jobs.insert(aJob('ready', { nextAt: null, ...change }));
const press = (actor = owner, wish = { round: 1, count: 3 }) => desk.orderPictures(actor, id, wish);

it('stores the wish with a prompt that calls the model, wakes the poller, and spends nothing itself', async () => {
  await insert();
  const job = await press();
  expect(job.pictures).toMatchObject({ number: 1, count: 3, prompt: expect.stringContaining('ambika0') });
  expect([woken, world.calls]).toEqual([1, []]);
  expect(await world.ledger(id)).toEqual(['pictures-pressed']);
});

it('is for the owner and the admins of the server', async () => {
  await insert();
  const stranger = { ...owner, memberId: 'carol' as MemberId };
  await expect(press(stranger)).rejects.toThrow(/no such training here/);
  await expect(press({ ...stranger, isAdmin: true, guildId: 'other' as GuildId })).rejects.toThrow(/no such training/);
  expect((await press({ ...stranger, isAdmin: true })).pictures?.number).toBe(1);
});

it('takes one press of two, and says what became of the other', async () => {
  await insert();
  const presses = await Promise.allSettled([press(), press()]);
  expect(presses.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(press()).rejects.toThrow(/being made already.*<#thread1>/);
  expect(await world.ledger(id)).toEqual(['pictures-pressed']);
});

it('takes no press on a choice of an earlier round', async () => {
  await insert({ pictures: aRound('ended'), told: { ...aJob('ready').told, news: ['pictures-1'] } });
  await expect(press()).rejects.toThrow(/used already/);
  expect((await press(owner, { round: 2, count: 1 })).pictures?.number).toBe(2);
});

it.each([0, 5, 1.5, NaN])('takes no order of %s pictures', async (count) => {
  await insert();
  await expect(press(owner, { round: 1, count })).rejects.toThrow(/used already/);
});

it('offers nothing where nothing could be drawn, and says why', async () => {
  const find = () => desk.findDrawable(owner, id);
  await insert({ order: { ...order, method: 'sandbox' } });
  await expect(find()).rejects.toThrow(/Sandbox.*cannot make pictures here/);
  await world.jobs.update(id, (now) => ({ ...now, order }));
  expect((await find()).id).toBe(id);
  world.vault.find = fakeVault(undefined).find;
  await expect(find()).rejects.toThrow(/\/config key/);
  world.vault.find = fakeVault({ ...key, fingerprint: 'another' }).find;
  await expect(find()).rejects.toThrow(/another API key/);
  world.vault.find = fakeVault(key).find;
  await world.jobs.update(id, (now) => ({ ...now, pictures: aRound('making') }));
  await expect(find()).rejects.toThrow(/being made already/);
  await world.jobs.update(id, () => aJob('deleted'));
  await expect(find()).rejects.toThrow(/no finished model/);
});
