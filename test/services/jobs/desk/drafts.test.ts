import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/lib/errors.ts';
import { createDesk, type Desk } from '../../../../src/services/jobs/desk/desk.ts';
import { createReviewer, type Reviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import type { JobStore } from '../../../../src/services/jobs/store/job-store.ts';
import type { PhotoStore } from '../../../../src/services/jobs/store/photo-store.ts';
import { heldWake } from '../held-clock.ts';
import { aJob, channelId, guildId, jobId, order, ownerId } from '../job-builder.ts';
import { addThreePhotos, aPhoto, createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const owner = { guildId, memberId: ownerId, roleIds: [], isAdmin: false };
const { orderRev } = aJob('draft');

beforeEach(async () => {
  world = await createJobWorld();
});

function deskWith(change: { readonly jobs?: JobStore; readonly reviewer?: Reviewer } = {}): Desk {
  return createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world), ...change });
}

describe('Start and Remove photos at the same moment', () => {
  /** Exactly as many photos as the method needs. */
  beforeEach(async () => {
    await world.jobs.insert(aJob('draft'));
    await addThreePhotos(world.photos, id);
  });

  it('keep the photos when Start comes first: they are what was paid for', async () => {
    const started = { yet: false };
    const update: JobStore['update'] = async (...given) => {
      if (!started.yet) {
        started.yet = true;
        await deskWith().start(owner, id, orderRev);
      }
      return world.jobs.update(...given);
    };
    const removing = deskWith({ jobs: { ...world.jobs, update } }).removePhotos(owner, id, [1, 2]);
    await expect(removing).rejects.toThrow(UserError);
    expect(await world.stateOf(id)).toBe('queued');
    expect(await world.photos.list(id)).toHaveLength(3);
  });

  it('start nothing when the photos go first, even after they were counted', async () => {
    const reviewer = createReviewer(world);
    const review: Reviewer['review'] = async (job) => {
      const counted = await reviewer.review(job);
      await deskWith().removePhotos(owner, id, [1]);
      return counted;
    };
    const starting = deskWith({ reviewer: { ...reviewer, review } }).start(owner, id, orderRev);
    await expect(starting).rejects.toThrow(/changed since this card/);
    expect(await world.stateOf(id)).toBe('draft');
  });

  it('start nothing while the photos are being removed', async () => {
    const remove: PhotoStore['remove'] = async (...given) => {
      await expect(deskWith().start(owner, id, orderRev)).rejects.toThrow(/changed since this card/);
      await world.photos.remove(...given);
    };
    const photos = { ...world.photos, remove };
    const desk = createDesk({ ...world, photos, wake: heldWake(world.clock), reviewer: createReviewer(world) });
    await desk.removePhotos(owner, id, [1]);
    expect(await world.stateOf(id)).toBe('draft');
  });
});

it('forgets links that the provider could not fetch when the order is tried again, and keeps all others', async () => {
  const linked = async (said: string) => {
    const failure = { kind: 'training-failed', said } as const;
    await world.jobs.update(id, (now) => ({ ...now, phase: { state: 'failed', failure } }));
    await world.photos.setLinks(id, new Map([[1, 'https://cdn.test/1']]));
    await deskWith().reopen(owner, id);
    return (await world.photos.list(id)).map(({ link }) => link);
  };
  await world.jobs.insert(aJob('failed'));
  await world.photos.add(id, 1, aPhoto('1.jpg'));
  expect(await linked('CUDA out of memory')).toEqual(['https://cdn.test/1']);
  expect(await linked('Training Failed:  Valid image links less than 3')).toEqual([undefined]);
});

it('opens ten orders of a member and no eleventh, also when a hundred are asked for at once', async () => {
  const desk = deskWith();
  const opening = Array.from({ length: 100 }, (_, index) =>
    desk.open(owner, { channelId, order: { ...order, name: `n${index}` } }),
  );
  const refusals = (await Promise.allSettled(opening)).flatMap((one) =>
    one.status === 'rejected' ? [String(one.reason)] : [],
  );
  expect(refusals).toHaveLength(90);
  expect(new Set(refusals)).toEqual(new Set([expect.stringMatching(/10 orders here that are not started/)]));
  expect(await world.jobs.list({ guildId, ownerId, states: ['draft'] })).toHaveLength(10);
  const carol = { ...owner, memberId: 'carol' as typeof ownerId };
  await expect(desk.open(carol, { channelId, order: { ...order, name: 'hers' } })).resolves.toBeDefined();
});

it('takes thirty photos for an order and no more, also when they come in many forms at once', async () => {
  const desk = deskWith();
  await world.jobs.insert(aJob('draft', { lastPosition: 0 }));
  const sources = Array.from({ length: 10 }, (_, index) => ({
    url: 'https://cdn.test/1',
    name: `${index}`,
    sizeBytes: 1,
  }));
  const adding = await Promise.allSettled(Array.from({ length: 5 }, () => desk.addPhotos(owner, id, sources)));
  expect(adding.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([
    expect.stringMatching(/30 photos at most, and this one has 30/),
    expect.stringMatching(/30 photos at most, and this one has 30/),
  ]);
  expect((await world.jobs.find(id))?.pending).toHaveLength(30);
});

it('says that an order is started although the cards of others cannot be drawn anew', async () => {
  world.chosen.serverAtOnce = 5;
  await world.jobs.insert(aJob('draft'));
  await addThreePhotos(world.photos, id);
  const other = jobId('other');
  await world.jobs.insert(aJob('draft', { id: other }));
  const update: JobStore['update'] = () => Promise.reject(new Error('database or disk is full'));
  const desk = deskWith({ jobs: { ...world.jobs, update } });
  expect((await desk.start(owner, id, orderRev)).phase.state).toBe('queued');
});
