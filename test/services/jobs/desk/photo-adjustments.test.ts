import { beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../../../src/services/jobs/desk/desk.ts';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { prepare } from '../../../../src/services/jobs/worker/prepare.ts';
import { heldWake, until } from '../held-clock.ts';
import { aJob, guildId, jobId, order, ownerId, second } from '../job-builder.ts';
import { aPhoto, createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
let desk: Desk;
const id = jobId('job1');
const owner = { guildId, memberId: ownerId, roleIds: [], isAdmin: false };
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
  desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world) });
});

/** A draft with as many photos as its method needs, each in a scene with room to the right only. */
async function insert(change: Partial<Job> = {}): Promise<void> {
  await world.jobs.insert(aJob('draft', change));
  for (const position of [1, 2, 3]) {
    await world.photos.add(id, position, { ...aPhoto(`${position}.jpg`), cropName: 'attention-1024' });
  }
}
const find = async () => (await world.jobs.find(id))!;
const wish = (what: Parameters<Desk['adjustPhoto']>[2]['edit'], position = 2) =>
  desk.adjustPhoto(owner, id, { position, edit: what });
const view = (position?: number) => desk.viewPhoto(owner, id, position, never);

describe('adjusting a photo', () => {
  it('stores the framing, and makes the cards from before out of date', async () => {
    await insert();
    const job = await wish('right');
    expect(job.adjusted).toEqual({
      2: { isExcluded: false, framing: { strategy: 'attention', dx: 1, dy: 0, zoomOut: 0 } },
    });
    await expect(desk.start(owner, id, 3)).rejects.toThrow(/changed since this card/);
  });

  it('takes two steps for two presses at the same moment', async () => {
    await insert();
    await Promise.all([wish('right'), wish('right')]);
    expect((await find()).adjusted?.[2]?.framing?.dx).toBe(2);
  });

  it('is not started before it is cut', async () => {
    await insert();
    const { orderRev } = await wish('out');
    await expect(desk.start(owner, id, orderRev)).rejects.toThrow(/still being looked at/);
    await prepare(await find(), world, never);
    expect((await desk.start(owner, id, (await find()).orderRev)).phase.state).toBe('queued');
  });

  it('changes nothing where the photo ends, and says nothing of it: the picture shows it', async () => {
    await insert();
    const before = await find();
    expect(await wish('left')).toEqual(before);
    expect(await wish('include')).toEqual(before);
    expect(await find()).toEqual(before);
  });

  it('counts what is left out as missing', async () => {
    await insert();
    const { orderRev } = await wish('exclude');
    await expect(desk.start(owner, id, orderRev)).rejects.toThrow(/3 usable photos are needed and there are 2/);
    const again = await wish('include');
    expect((await desk.start(owner, id, again.orderRev)).phase.state).toBe('queued');
  });

  it('says so when the photo was removed meanwhile', async () => {
    await insert();
    await desk.removePhotos(owner, id, [2]);
    await expect(wish('right')).rejects.toThrow(/was removed from the order/);
    await expect(view(2)).rejects.toThrow(/was removed from the order/);
  });

  it('says so when there are no photos, or not yet', async () => {
    await world.jobs.insert(aJob('draft'));
    await expect(view()).rejects.toThrow(/no photos to adjust. Press Add photos/);
    await desk.addPhotos(owner, id, [{ url: 'https://cdn.test/1', name: '1.jpg', sizeBytes: 1 }]);
    await expect(view()).rejects.toThrow(/still being looked at/);
  });

  it('is nothing for an order that was started', async () => {
    await insert({ phase: { state: 'queued' } });
    await expect(wish('right')).rejects.toThrow(/has been started/);
    await expect(view()).rejects.toThrow(/has been started/);
  });
});

describe('the view of a photo', () => {
  it('begins with the first one that is left', async () => {
    await insert();
    await desk.removePhotos(owner, id, [1]);
    expect((await view()).photo).toMatchObject({ position: 2, name: '2.jpg' });
  });

  it('waits until the crop is cut', async () => {
    await insert();
    await wish('right');
    const seen = view(2);
    await until(() => world.clock.sleeping() > 0);
    await prepare(await find(), world, never);
    world.clock.pass(second);
    expect(await seen).toMatchObject({ isCropping: false, photo: { cropName: 'attention-1024-r1' } });
  });

  it('shows what is there when cutting takes long', async () => {
    await insert();
    await wish('right');
    const seen = view(2);
    for (let waited = 0; waited < 30; waited += 1) {
      await new Promise(setImmediate);
      world.clock.pass(100);
    }
    expect(await seen).toMatchObject({ isCropping: true, photo: { cropName: 'attention-1024' } });
  });

  it('does not wait for the crops of other photos', async () => {
    await insert();
    await wish('right', 3);
    expect(await view(2)).toMatchObject({ isCropping: false });
    expect(world.clock.sleeping()).toBe(0);
  });

  it('waits for a photo that goes with another crop of the order', async () => {
    await insert({ order: { ...order, crop: 'centre' } });
    const seen = view(1);
    await until(() => world.clock.sleeping() > 0);
    await prepare(await find(), world, never);
    world.clock.pass(second);
    expect(await seen).toMatchObject({ isCropping: false, photo: { cropName: 'centre-1024' } });
  });
});
