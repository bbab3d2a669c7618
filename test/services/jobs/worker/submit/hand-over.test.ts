import { beforeEach, describe, expect, it } from 'vitest';
import type { MessageId } from '../../../../../src/lib/ids.ts';
import type { Job } from '../../../../../src/services/jobs/state/job.ts';
import { handOver } from '../../../../../src/services/jobs/worker/submit/hand-over.ts';
import { TrainingApiError } from '../../../../../src/services/modelslab/training-api-error.ts';
import { aJob, hour, jobId, key, minute, noon, order } from '../../job-builder.ts';
import { aPhoto, createJobWorld, linkTo, type JobWorld } from '../../job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
  await world.jobs.insert(aJob('queued'));
});

async function addPhotos(count: number, cropBytes?: number): Promise<void> {
  for (let position = 1; position <= count; position += 1) {
    const photo = aPhoto(`${position}`);
    const crop = cropBytes === undefined ? photo.crop! : { ...photo.crop!, png: Buffer.alloc(cropBytes) };
    await world.photos.add(id, position, { ...photo, crop });
  }
}

const job = async (): Promise<Job> => (await world.jobs.find(id))!;
const hand = async () => await handOver(await job(), key, world, never);
const crop = (position: number) => `${String(position).padStart(2, '0')}-attention-1024.png`;
const posts = () => world.calls.filter((call) => call.startsWith('post'));

describe('posting the crops', () => {
  it('gives their links in the photos’ order and remembers links and message', async () => {
    await addPhotos(3);
    expect(await hand()).toEqual([1, 2, 3].map((position) => linkTo(crop(position))));
    expect((await job()).told.cropIds).toEqual(['crops1']);
    expect((await world.photos.list(id)).map(({ link }) => link)).toEqual(await hand());
  });

  it('puts at most ten into one message, as Discord allows', async () => {
    await addPhotos(23);
    await hand();
    expect(posts().map((call) => call.split(' ').length - 1)).toEqual([10, 10, 3]);
  });

  it('puts at most 24 MiB into one message', async () => {
    await addPhotos(7, 8 * 1024 * 1024);
    await hand();
    expect(posts().map((call) => call.split(' ').length - 1)).toEqual([3, 3, 1]);
  });

  it('leaves out photos that their owner does not want, and names a moved one by how it was moved', async () => {
    await addPhotos(3);
    const framing = { strategy: 'attention', dx: 0, dy: -2, zoomOut: 1 } as const;
    await world.jobs.update(id, (now) => ({ ...now, adjusted: { 1: { isExcluded: true }, 3: { framing } } }));
    expect(await hand()).toEqual([crop(2), '03-attention-1024-u2-z1.png'].map((name) => linkTo(name)));
  });

  it('never takes the link of an older crop for that of a moved one', async () => {
    await addPhotos(1);
    await hand();
    const framing = { strategy: 'attention', dx: 1, dy: 0, zoomOut: 0 } as const;
    await world.photos.replace(id, 1, aPhoto('1', undefined, framing));
    await world.jobs.update(id, (now) => ({ ...now, adjusted: { 1: { framing } } }));
    expect(await hand()).toEqual([linkTo('01-attention-1024-r1.png')]);
    expect(posts()).toHaveLength(2);
  });

  it('leaves out photos that were refused', async () => {
    await addPhotos(2);
    await world.photos.add(id, 3, { name: 'x', verdict: { kind: 'refused', reason: 'no picture' } });
    expect(await hand()).toHaveLength(2);
  });

  it('posts nothing a second time while the links last', async () => {
    await addPhotos(3);
    const first = await hand();
    world.calls.length = 0;
    expect(await hand()).toEqual(first);
    expect(world.calls).toEqual([]);
  });

  it('fetches fresh links to what is posted when the old ones end within the hour', async () => {
    await addPhotos(3);
    await hand();
    world.clock.pass(61 * minute);
    world.calls.length = 0;
    const fresh = [1, 2, 3].map((position) => linkTo(crop(position), noon + 24 * hour));
    world.announcer.cropLinks = () => Promise.resolve(new Map(fresh.map((link, index) => [crop(index + 1), link])));
    expect(await hand()).toEqual(fresh);
    expect(posts()).toEqual([]);
  });

  it('posts again what was in a message that somebody deleted, and only that', async () => {
    await addPhotos(3);
    await hand();
    world.clock.pass(61 * minute);
    world.calls.length = 0;
    world.announcer.cropLinks = () =>
      Promise.resolve(new Map([1, 3].map((position) => [crop(position), linkTo(crop(position), noon + 24 * hour)])));
    await hand();
    expect(posts()).toEqual([`post ${crop(2)}`]);
  });

  it('posts only the second batch after a crash between the two', async () => {
    await addPhotos(12);
    const post = world.announcer.postCrops;
    world.announcer.postCrops = (now, crops, signal) =>
      crops.length === 10 ? post(now, crops, signal) : new Promise(() => undefined);
    void hand();
    await expect.poll(async () => (await job()).told.cropIds).toEqual(['crops1']);

    world.announcer.postCrops = post;
    world.calls.length = 0;
    expect(await hand()).toHaveLength(12);
    expect(world.calls).toEqual(['cropLinks', `post ${crop(11)} ${crop(12)}`]);
  });

  it('posts crops of another recipe although the same photos were posted before', async () => {
    await addPhotos(2);
    await hand();
    const smaller = { size: 512, strategy: 'attention' } as const;
    for (const position of [1, 2]) await world.photos.replace(id, position, aPhoto(`${position}`, smaller));
    await world.jobs.update(id, (now) => ({ ...now, order: { ...order, method: 'lora-sd15' } }));
    world.calls.length = 0;
    expect(await hand()).toEqual([linkTo('01-attention-512.png'), linkTo('02-attention-512.png')]);
  });

  it('takes a link without an end for one that lasts', async () => {
    await addPhotos(1);
    await world.photos.setLinks(id, new Map([[1, 'https://provider.test/1']]));
    expect(await hand()).toEqual(['https://provider.test/1']);
    expect(world.calls).toEqual([]);
  });
});

describe('handing the crops to the provider', () => {
  const uploads = (count: number) => Array.from({ length: count }, (_, index) => `upload ${index + 1}@attention-1024`);

  it('is what happens when the server’s admins want it', async () => {
    world.chosen.handOver = 'upload';
    await addPhotos(3);
    expect(await hand()).toEqual([1, 2, 3].map((position) => `https://provider.test/${position}@attention-1024`));
    expect(world.calls).toEqual(uploads(3));
  });

  it('is the way when they cannot be posted', async () => {
    await addPhotos(3);
    world.announcer.postCrops = () => Promise.reject(new Error('Missing Permissions'));
    expect(await hand()).toHaveLength(3);
    expect(world.calls).toEqual(uploads(3));
    expect(world.log.lines).toEqual(['warn: crops could not be posted, handing them to the provider instead']);
  });

  it('makes up for links that Discord did not give', async () => {
    await addPhotos(2);
    world.announcer.postCrops = () =>
      Promise.resolve({ messageId: 'm1' as MessageId, links: new Map([[crop(1), linkTo(crop(1))]]) });
    expect(await hand()).toEqual([linkTo(crop(1)), 'https://provider.test/2@attention-1024']);
  });

  it('does not hand over again what was handed over before a failure', async () => {
    world.chosen.handOver = 'upload';
    await addPhotos(3);
    const upload = world.api.upload;
    world.api.upload = (png, ...rest) =>
      png.toString().startsWith('3')
        ? Promise.reject(new TrainingApiError('unavailable', 'Cannot upload: no answer'))
        : upload(png, ...rest);
    await expect(hand()).rejects.toThrow('Cannot upload');
    world.api.upload = upload;
    world.calls.length = 0;
    expect(await hand()).toHaveLength(3);
    expect(world.calls).toEqual(['upload 3@attention-1024']);
  });

  it('does not hand over again what was posted before posting failed', async () => {
    await addPhotos(12);
    const post = world.announcer.postCrops;
    world.announcer.postCrops = (now, crops, signal) =>
      crops.length === 10 ? post(now, crops, signal) : Promise.reject(new Error('Missing Permissions'));
    expect(await hand()).toHaveLength(12);
    expect(world.calls.slice(1)).toEqual(uploads(12).slice(10));
  });

  it('is the way once the provider could not fetch from the thread', async () => {
    await addPhotos(2);
    await world.jobs.update(id, (now) => ({ ...now, mustUpload: true }));
    await hand();
    expect(world.calls).toEqual(uploads(2));
  });

  it('names the photos that fail by their numbers on the sheet, and hands over the others once', async () => {
    world.chosen.handOver = 'upload';
    await world.photos.add(id, 1, { name: 'x', verdict: { kind: 'refused', reason: 'no picture' } });
    for (const position of [2, 3, 4]) await world.photos.add(id, position, aPhoto(`${position}.jpg`));
    const upload = world.api.upload;
    world.api.upload = (png, ...rest) =>
      png.toString().startsWith('3')
        ? Promise.reject(new TrainingApiError('rejected', 'Cannot upload', { reason: 'fields' }))
        : upload(png, ...rest);
    await expect(hand()).rejects.toThrow(/^photo 3 \(3\.jpg\) could not be handed over$/);
    world.calls.length = 0;
    await expect(hand()).rejects.toThrow('photo 3 (3.jpg)');
    expect(world.calls).toEqual([]);
  });

  it('names some when many fail', async () => {
    world.chosen.handOver = 'upload';
    await addPhotos(7);
    const refused = new TrainingApiError('rejected', 'Cannot upload', { reason: 'other' });
    world.api.upload = () => Promise.reject(refused);
    await expect(hand()).rejects.toThrow('photos 1 (1), 2 (2), 3 (3), 4 (4), 5 (5) and 2 more could not');
  });

  it('ends for all photos where the provider refuses the key or the credit', async () => {
    world.chosen.handOver = 'upload';
    await addPhotos(3);
    const refused = new TrainingApiError('rejected', 'Cannot upload', { reason: 'credit' });
    world.api.upload = () => Promise.reject(refused);
    await expect(hand()).rejects.toBe(refused);
  });

  it('is not tried when stopping was what ended the posting', async () => {
    await addPhotos(1);
    const stopping = new AbortController();
    world.announcer.postCrops = () => {
      stopping.abort();
      return Promise.reject(new Error('aborted'));
    };
    await expect(handOver(await job(), key, world, stopping.signal)).rejects.toThrow('aborted');
    expect(world.calls).toEqual([]);
  });
});
