import { beforeEach, describe, expect, it } from 'vitest';
import { aJob, jobId } from '../job-builder.ts';
import { addThreePhotos, aPhoto, createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const id = jobId('job1');

beforeEach(async () => {
  world = await createJobWorld();
  await world.jobs.insert(aJob('draft'));
});

const listed = async () => (await world.photos.list(id)).map(({ position, name }) => `${position} ${name}`);

describe('the photo store', () => {
  it('gives back what it was given, the big pieces on their own', async () => {
    await world.photos.add(id, 1, { ...aPhoto('a.jpg'), looks: '00ff', cropName: 'attention-1024' });
    expect(await world.photos.list(id)).toEqual([
      {
        position: 1,
        cropName: 'attention-1024',
        scene: { width: 2048, height: 1024, chosen: { left: 0, top: 0, side: 1024 } },
        name: 'a.jpg',
        verdict: { kind: 'good' },
        sha256: 'sha-a.jpg',
        looks: '00ff',
        thumbnail: Buffer.from('small a.jpg'),
      },
    ]);
    expect(await world.photos.original(id, 1)).toEqual(Buffer.from('original of a.jpg'));
    expect(await world.photos.crop(id, 1)).toEqual(Buffer.from('a.jpg@attention-1024'));
  });

  it('keeps a photo that could not even be downloaded, with the reason', async () => {
    const verdict = { kind: 'refused', reason: 'no picture' } as const;
    await world.photos.add(id, 1, { name: 'a.pdf', verdict });
    expect(await world.photos.list(id)).toEqual([{ position: 1, name: 'a.pdf', verdict }]);
    expect(await world.photos.original(id, 1)).toBeUndefined();
    expect(await world.photos.crop(id, 1)).toBeUndefined();
  });

  it('lists in the order of attaching, whichever was finished first', async () => {
    for (const position of [3, 1, 2]) await world.photos.add(id, position, aPhoto(`${position}.jpg`));
    expect(await listed()).toEqual(['1 1.jpg', '2 2.jpg', '3 3.jpg']);
  });

  it('takes a photo once, also when a crash lets it be added again', async () => {
    await world.photos.add(id, 1, aPhoto('first.jpg'));
    await world.photos.add(id, 1, aPhoto('second.jpg'));
    expect(await listed()).toEqual(['1 first.jpg']);
  });

  it('warns of a repeat of another photo, until that one is removed', async () => {
    await world.photos.add(id, 1, aPhoto('a.jpg'));
    await world.photos.add(id, 2, { ...aPhoto('copy.jpg'), sha256: 'sha-a.jpg' });
    const verdicts = async () => (await world.photos.list(id)).map(({ verdict }) => verdict.kind);
    expect(await verdicts()).toEqual(['good', 'warning']);
    await world.photos.remove(id, [1]);
    expect(await verdicts()).toEqual(['good']);
  });

  it('refuses what its owner leaves out, so that nothing repeats it', async () => {
    await world.photos.add(id, 1, aPhoto('a.jpg'));
    await world.photos.add(id, 2, { ...aPhoto('copy.jpg'), sha256: 'sha-a.jpg' });
    const [first, second] = await world.photos.list(id, [1]);
    expect(first).toMatchObject({ verdict: { kind: 'refused', reason: 'left out by you' }, isExcluded: true });
    expect(second?.verdict).toEqual({ kind: 'good' });
  });

  it('gives a photo that cannot be used its own reason, left out or not', async () => {
    const verdict = { kind: 'refused', reason: 'damaged' } as const;
    await world.photos.add(id, 1, { name: 'a.jpg', verdict });
    expect(await world.photos.list(id, [1])).toEqual([{ position: 1, name: 'a.jpg', verdict }]);
  });

  it('puts another crop in the place of the one before, and forgets its link', async () => {
    await world.photos.add(id, 1, aPhoto('a.jpg'));
    await world.photos.setLinks(id, new Map([[1, 'https://cdn.test/a']]));
    expect((await world.photos.list(id))[0]?.link).toBe('https://cdn.test/a');

    await world.photos.replace(id, 1, aPhoto('a.jpg', { size: 512, strategy: 'centre' }));
    expect((await world.photos.list(id))[0]?.link).toBeUndefined();
    expect(await world.photos.crop(id, 1)).toEqual(Buffer.from('a.jpg@centre-512'));
    expect(await world.photos.original(id, 1)).toEqual(Buffer.from('original of a.jpg'));
  });

  it('removes only what is named', async () => {
    await addThreePhotos(world.photos, id);
    await world.photos.remove(id, [1, 3, 9]);
    expect(await listed()).toEqual(['2 2.jpg']);
    await world.photos.remove(id, []);
    expect(await listed()).toEqual(['2 2.jpg']);
  });

  it('erases all photos of one job, and no other’s', async () => {
    await world.jobs.insert(aJob('draft', { id: jobId('job2') }));
    await world.photos.add(id, 1, aPhoto('a.jpg'));
    await world.photos.add(jobId('job2'), 1, aPhoto('b.jpg'));
    await world.photos.erase(id);
    expect(await listed()).toEqual([]);
    expect(await world.photos.list(jobId('job2'))).toHaveLength(1);
  });

  it('keeps no photo of a job that is gone', async () => {
    await expect(world.photos.add(jobId('nobody'), 1, aPhoto('a.jpg'))).rejects.toThrow('FOREIGN KEY');
  });
});
