import { beforeEach, describe, expect, it } from 'vitest';
import { isPreparing } from '../../../../src/services/jobs/state/crops.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { prepare } from '../../../../src/services/jobs/worker/prepare.ts';
import { PhotoDelay } from '../../../../src/services/photos/photo.ts';
import { aJob, jobId, noon, order } from '../job-builder.ts';
import { aPhoto, createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
const id = jobId('job1');
const never = new AbortController().signal;

beforeEach(async () => {
  world = await createJobWorld();
});

const waiting = (position: number) => ({
  position,
  url: `https://cdn.test/${position}`,
  name: `${position}.jpg`,
  sizeBytes: 1,
});

async function insertDraft(positions: readonly number[], change: Partial<Job> = {}): Promise<Job> {
  const { cropped: _cropped, ...draft } = aJob('draft');
  const job: Job = { ...draft, pending: positions.map(waiting), ...change };
  await world.jobs.insert(job);
  return job;
}

const moved = { framing: { strategy: 'attention', dx: 1, dy: 0, zoomOut: 2 } } as const;

const crops = async (positions: readonly number[]) =>
  (await Promise.all(positions.map((position) => world.photos.crop(id, position)))).map(String);

describe('preparing photos', () => {
  it('stores each in its place and notes by which recipe they were cropped', async () => {
    await prepare(await insertDraft([4, 5]), world, never);
    expect(await crops([4, 5])).toEqual(['4.jpg@attention-1024', '5.jpg@attention-1024']);
    expect(await world.jobs.find(id)).toMatchObject({ pending: [], cropped: 'attention-1024', orderRev: 4 });
  });

  it('does only what is not finished after a crash', async () => {
    const job = await insertDraft([1, 2, 3], { cropped: 'attention-1024' });
    await world.photos.add(id, 2, aPhoto('2.jpg'));
    await prepare(job, world, never);
    expect(world.calls).toEqual(['prepare 1.jpg 3.jpg']);
    expect((await world.jobs.find(id))?.pending).toEqual([]);
  });

  it('keeps what was finished when we stop in the middle', async () => {
    const job = await insertDraft([1, 2]);
    world.darkroom.prepare = async (_sources, recipe, onPhoto) => {
      await onPhoto(1, aPhoto('2.jpg', recipe));
      throw new Error('aborted');
    };
    await expect(prepare(job, world, never)).rejects.toThrow('aborted');
    expect((await world.photos.list(id)).map(({ position }) => position)).toEqual([2]);
    expect((await world.jobs.find(id))?.pending).toHaveLength(2);
  });

  it('leaves photos waiting that were attached meanwhile', async () => {
    const job = await insertDraft([1]);
    const prepareOnes = world.darkroom.prepare;
    world.darkroom.prepare = async (...given) => {
      await world.jobs.update(id, (now) => ({ ...now, pending: [...now.pending, waiting(2)] }));
      await prepareOnes(...given);
    };
    await prepare(job, world, never);
    expect((await world.jobs.find(id))?.pending).toEqual([waiting(2)]);
  });

  it('is harmless for an order that was discarded meanwhile', async () => {
    const job = await insertDraft([1]);
    await world.jobs.update(id, (now) => ({ ...now, phase: { state: 'discarded', why: 'owner' } }));
    await prepare(job, world, never);
    expect(await world.stateOf(id)).toBe('discarded');
  });
});

describe('photos that cannot be looked at for now', () => {
  const delaying = () => Promise.reject(new PhotoDelay('decoder', 15_000));

  it('stay attached, and why they wait is noted until they are looked at', async () => {
    const prepareOnes = world.darkroom.prepare;
    world.darkroom.prepare = async (_sources, recipe, onPhoto) => {
      await onPhoto(0, aPhoto('1.jpg', recipe));
      await delaying();
    };
    await prepare(await insertDraft([1, 2]), world, never);
    const delayed = (await world.jobs.find(id))!;
    expect(delayed).toMatchObject({ delay: { why: 'decoder', lookAt: noon + 15_000 }, orderRev: 3 });
    expect(delayed.pending).toHaveLength(2);
    world.darkroom.prepare = prepareOnes;
    await prepare(delayed, world, never);
    expect(world.calls).toEqual(['prepare 2.jpg']);
    const done = (await world.jobs.find(id))!;
    expect(done.pending).toEqual([]);
    expect(done).not.toHaveProperty('delay');
  });

  it('keep the crops that they have when they were to be cut anew', async () => {
    const job = await insertDraft([], { cropped: 'attention-512' });
    for (const position of [1, 2, 3, 4]) await world.photos.add(id, position, aPhoto(`${position}.jpg`));
    const before = await crops([1, 2, 3, 4]);
    world.darkroom.recrop = delaying;
    await prepare(job, world, never);
    expect(await crops([1, 2, 3, 4])).toEqual(before);
    expect(isPreparing((await world.jobs.find(id))!)).toBe(true);
  });
});

describe('unpacking an archive', () => {
  const archive = (position: number, pictures: readonly string[]) => ({
    ...waiting(position),
    url: `https://cdn.test/?${pictures.join(',')}`,
    name: 'photos.zip',
  });
  const pictures = (count: number) => Array.from({ length: count }, (_, index) => `p${index}.jpg`);
  const insertArchive = (pending: Job['pending']) => insertDraft([], { pending, cropped: 'attention-1024' });
  const listed = async () => (await world.photos.list(id)).map(({ position, name }) => [position, name]);
  const leftOut = async () => (await world.jobs.find(id))?.leftOut;
  const tooMany = (names: readonly string[], count: number) => [
    { names, count, reason: 'an order has 30 photos at most: remove some, then attach these again' },
  ];

  it('gives each picture the place that was kept for it', async () => {
    await prepare(await insertArchive([archive(4, ['a.jpg', 'b.jpg']), waiting(34)]), world, never);
    expect(await listed()).toEqual([
      [4, 'a.jpg'],
      [5, 'b.jpg'],
      [34, '34.jpg'],
    ]);
    expect(await world.jobs.find(id)).toMatchObject({ pending: [], leftOut: [] });
  });

  it('stores nothing twice after a crash, and nothing in another place', async () => {
    const job = await insertArchive([archive(4, pictures(5))]);
    for (const position of [4, 6]) await world.photos.add(id, position, aPhoto(`stored before as ${position}`));
    await prepare(job, world, never);
    expect(await listed()).toEqual([
      [4, 'stored before as 4'],
      [5, 'p1.jpg'],
      [6, 'stored before as 6'],
      [7, 'p3.jpg'],
      [8, 'p4.jpg'],
    ]);
  });

  it('names what does not fit into the order, photos that were attached on their own first of all', async () => {
    await prepare(await insertArchive([archive(1, pictures(40)), waiting(31), waiting(32)]), world, never);
    const stored = await listed();
    expect(stored).toHaveLength(30);
    expect(stored.slice(-3)).toEqual([
      [28, 'p27.jpg'],
      [31, '31.jpg'],
      [32, '32.jpg'],
    ]);
    expect(await leftOut()).toEqual(tooMany(['p28.jpg', 'p29.jpg', 'p30.jpg'], 12));
  });

  it('takes as many as before the crash when it is done again', async () => {
    const job = await insertArchive([archive(1, pictures(40))]);
    for (let position = 11; position <= 30; position += 1) await world.photos.add(id, position, aPhoto(`${position}`));
    await prepare(job, world, never);
    expect((await listed()).map(([position]) => position)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('leaves the places of later photos alone, however many of its own were removed', async () => {
    const job = await insertArchive([archive(1, pictures(40))]);
    await world.photos.add(id, 30, aPhoto('p29.jpg'));
    world.darkroom.unpack = (_archive, _recipe, { choose }) => {
      expect(choose(pictures(40)).every((index) => index < 29)).toBe(true);
      return Promise.resolve([]);
    };
    await prepare(job, world, never);
    expect(await leftOut()).toEqual(tooMany(['p30.jpg', 'p31.jpg', 'p32.jpg'], 10));
  });

  it('leaves out photos that were attached while it filled the order, and says so', async () => {
    const job = await insertArchive([waiting(31)]);
    for (let position = 1; position <= 30; position += 1) await world.photos.add(id, position, aPhoto(`${position}`));
    await prepare(job, world, never);
    expect(await listed()).toHaveLength(30);
    expect(await leftOut()).toEqual(tooMany(['31.jpg'], 1));
  });

  it('notes what was no photo, a reason at a time', async () => {
    const job = await insertArchive([archive(1, ['a.jpg'])]);
    const others = ['a.txt', 'b.gif', 'c.txt', 'd.txt', 'e.txt'];
    world.darkroom.unpack = () =>
      Promise.resolve(others.map((name) => ({ name, reason: name.endsWith('gif') ? 'a GIF' : 'no picture' })));
    await prepare(job, world, never);
    expect(await leftOut()).toEqual([
      { names: ['a.txt', 'c.txt', 'd.txt'], count: 4, reason: 'no picture' },
      { names: ['b.gif'], count: 1, reason: 'a GIF' },
    ]);
  });
});

describe('another recipe', () => {
  it('cuts every crop anew from the original, without downloading', async () => {
    const job = await insertDraft([], {
      cropped: 'attention-1024',
      order: { ...order, method: 'lora-sd15', crop: 'centre' },
    });
    for (const position of [1, 2]) await world.photos.add(id, position, aPhoto(`${position}.jpg`));
    await prepare(job, world, never);
    expect(await crops([1, 2])).toEqual(['1.jpg@centre-512', '2.jpg@centre-512']);
    expect((await world.jobs.find(id))?.cropped).toBe('centre-512');
    expect(world.calls.toSorted()).toEqual(['prepare', 'recrop 1.jpg', 'recrop 2.jpg']);
  });

  it('leaves a photo without bytes as it is', async () => {
    const job = await insertDraft([], { cropped: 'attention-512' });
    await world.photos.add(id, 1, { name: 'x', verdict: { kind: 'refused', reason: 'it could not be downloaded' } });
    await prepare(job, world, never);
    expect((await world.photos.list(id))[0]?.verdict.kind).toBe('refused');
    expect(world.calls).toEqual(['prepare']);
  });

  it('holds few originals in memory at once', async () => {
    const job = await insertDraft([], { cropped: 'attention-512' });
    for (let position = 1; position <= 12; position += 1)
      await world.photos.add(id, position, aPhoto(`${position}.jpg`));
    let [held, most] = [0, 0];
    world.darkroom.recrop = async ({ name }, recipe) => {
      held += 1;
      most = Math.max(most, held);
      await new Promise(setImmediate);
      held -= 1;
      return aPhoto(name, recipe);
    };
    await prepare(job, world, never);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('a photo that was moved by hand', () => {
  const insertMoved = async () => {
    const job = await insertDraft([], { cropped: 'attention-1024', adjusted: { 2: moved } });
    for (const position of [1, 2]) {
      await world.photos.add(id, position, { ...aPhoto(`${position}.jpg`), cropName: 'attention-1024' });
    }
    return job;
  };

  it('alone is cut anew, and its link is void', async () => {
    const job = await insertMoved();
    await world.photos.setLinks(id, new Map([[2, 'https://cdn.test/2']]));
    await prepare(job, world, never);
    expect(world.calls.filter((call) => call.startsWith('recrop'))).toEqual(['recrop 2.jpg']);
    expect(await crops([1, 2])).toEqual(['1.jpg@attention-1024', '2.jpg@attention-1024 moved 1,0,2']);
    const [, second] = await world.photos.list(id);
    expect(second).toMatchObject({ cropName: 'attention-1024-r1-z2', scene: { width: 2048 } });
    expect(second).not.toHaveProperty('link');
    expect((await world.jobs.find(id))?.cropped).toBe('attention-1024 2:attention-1024-r1-z2');
  });

  it('is cut once more when it was moved on while it was cut', async () => {
    const job = await insertMoved();
    const recrop = world.darkroom.recrop;
    world.darkroom.recrop = async (...given) => {
      await world.jobs.update(id, (now) => ({ ...now, adjusted: {} }));
      return recrop(...given);
    };
    await prepare(job, world, never);
    expect(isPreparing((await world.jobs.find(id))!)).toBe(true);
    await prepare((await world.jobs.find(id))!, world, never);
    expect(await crops([2])).toEqual(['2.jpg@attention-1024']);
    expect(isPreparing((await world.jobs.find(id))!)).toBe(false);
  });

  it('is cut back when the program was killed after the cut, and the owner wishes back what was there before', async () => {
    const job = await insertMoved();
    const replace: typeof world.photos.replace = async (...given) => {
      await world.photos.replace(...given);
      throw new Error('killed');
    };
    await expect(prepare(job, { ...world, photos: { ...world.photos, replace } }, never)).rejects.toThrow('killed');
    await world.jobs.update(id, (now) => ({ ...now, adjusted: {} }));
    const after = (await world.jobs.find(id))!;
    expect(isPreparing(after)).toBe(true);
    await prepare(after, world, never);
    expect(await crops([2])).toEqual(['2.jpg@attention-1024']);
  });
});
