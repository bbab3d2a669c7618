import { beforeEach, describe, expect, it } from 'vitest';
import { blockedText, blockersOf, isUsable, type ServerFacts } from '../../../../src/services/jobs/review/review.ts';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import type { StoredPhoto } from '../../../../src/services/jobs/store/photo-store.ts';
import type { Verdict } from '../../../../src/services/photos/photo.ts';
import { aJob, jobId, key, minute, noon, order, states } from '../job-builder.ts';
import { aPhoto, createJobWorld, fakeVault, type JobWorld } from '../job-world.ts';

const verdicts: Readonly<Record<Verdict['kind'], Verdict>> = {
  good: { kind: 'good' },
  warning: { kind: 'warning', reason: 'a little blurred' },
  refused: { kind: 'refused', reason: 'no picture' },
};

const photos = (...kinds: readonly Verdict['kind'][]): StoredPhoto[] =>
  kinds.map((kind, index) => ({ position: index + 1, name: `${index}.jpg`, verdict: verdicts[kind] }));

const waiting = { position: 9, url: 'https://cdn.test/9', name: '9.jpg', sizeBytes: 1 };

let world: JobWorld;
beforeEach(async () => {
  world = await createJobWorld();
});
describe('what keeps Start from working', () => {
  const facts = async (): Promise<ServerFacts> => ({
    key: await world.vault.facts(aJob('draft').guildId),
    settings: await world.settings.get(),
    reached: undefined,
  });

  it('is nothing with enough photos and a key', async () => {
    expect(blockersOf(aJob('draft'), photos('good', 'warning', 'good'), await facts())).toEqual([]);
  });

  it('is too few photos: refused ones do not count, those with a warning do', async () => {
    expect(blockersOf(aJob('draft'), photos('good', 'warning', 'refused', 'refused'), await facts())).toEqual([
      { kind: 'too-few-photos', usable: 2, needed: 3 },
    ]);
  });

  it('is a photo that still waits, which may be the one that is missing', async () => {
    expect(blockersOf(aJob('draft', { pending: [waiting] }), photos('good'), await facts())).toEqual([
      { kind: 'preparing', photos: 2 },
    ]);
  });

  it('is a crop of another size than the method’s', async () => {
    const job = aJob('draft', { order: { ...order, method: 'lora-sd15' } });
    expect(blockersOf(job, photos('good', 'good', 'good'), await facts())).toEqual([{ kind: 'preparing', photos: 3 }]);
  });

  it('is a missing key, besides anything else', async () => {
    expect(blockersOf(aJob('draft'), photos(), { ...(await facts()), key: undefined }).map(({ kind }) => kind)).toEqual(
      ['too-few-photos', 'no-key'],
    );
  });

  it('is a person as the subject, where admins allow objects and styles only', async () => {
    world.chosen.subjects = 'no-people';
    const blockersFor = async (subject: Job['order']['subject']) =>
      blockersOf(aJob('draft', { order: { ...order, subject } }), photos('good', 'good', 'good'), await facts());
    for (const person of ['man', 'woman', 'couple'] as const) {
      expect(await blockersFor(person), person).toEqual([{ kind: 'people-not-allowed' }]);
    }
    for (const thing of ['object', 'style'] as const) expect(await blockersFor(thing), thing).toEqual([]);
  });

  it.each([
    [{ kind: 'preparing', photos: 2 }, 'in a moment'],
    [{ kind: 'people-not-allowed' }, 'objects and styles only'],
    [{ kind: 'too-few-photos', usable: 1, needed: 3 }, 'there is 1.'],
    [{ kind: 'too-few-photos', usable: 2, needed: 3 }, 'there are 2.'],
    [{ kind: 'no-key' }, '/config key'],
  ] as const)('%j is said in sentences', (blocker, part) => {
    expect(blockedText(blocker)).toMatch(/^[A-Z0-9].*\.$/);
    expect(blockedText(blocker)).toContain(part);
  });
});

describe('isUsable', () => {
  it('takes everything that was not refused', () => {
    expect(photos('good', 'warning', 'refused').map(isUsable)).toEqual([true, true, false]);
  });
});

describe('the reviewer', () => {
  const review = async (job: Job) => await createReviewer(world).review(job);
  const finish = async (minutes: number) => {
    const id = jobId(`done${minutes}`);
    await world.jobs.insert(aJob('ready', { id, endedAt: noon + minutes * minute }));
  };

  it('counts the usable photos and gives all of them', async () => {
    await world.jobs.insert(aJob('draft'));
    for (const name of ['1', '2', '3']) await world.photos.add(jobId('job1'), Number(name), aPhoto(name));
    await world.photos.add(jobId('job1'), 4, { name: 'x', verdict: verdicts.refused });
    const { photos: all, usable, blockers } = await review(aJob('draft'));
    expect({ all: all.length, usable, blockers }).toEqual({ all: 4, usable: 3, blockers: [] });
  });

  it('asks for a key only while the order is not started', async () => {
    world.vault.facts = fakeVault(undefined).facts;
    for (const state of states) {
      const kinds = (await review(aJob(state))).blockers.map(({ kind }) => kind);
      expect(kinds, state).toEqual(state === 'draft' ? ['too-few-photos', 'no-key'] : []);
    }
  });

  it('tells whether the chosen base model is listed for the server’s key, as far as the list is known', async () => {
    const listed = async (change: Partial<Job['order']>) =>
      (await review(aJob('draft', { order: { ...order, ...change } }))).isBaseModelListed;
    const chosen = { method: 'dreambooth', baseModel: 'midjourney' } as const;
    expect(await listed(chosen), 'not known').toBeUndefined();
    world.baseModels.known = (print) => (print === key.fingerprint ? [{ id: 'midjourney', name: 'M' }] : undefined);
    expect(await listed(chosen)).toBe(true);
    expect(await listed({ ...chosen, baseModel: 'midjorney' })).toBe(false);
    expect(await listed({ method: 'dreambooth' }), 'nobody chose').toBeUndefined();
    expect(await listed({ ...chosen, method: 'lora-sdxl', baseModel: 'x' }), 'not taken').toBeUndefined();
  });

  it('knows the usual time from finished trainings of the method, as soon as there are three', async () => {
    await finish(30);
    await finish(40);
    expect((await review(aJob('draft'))).usual).toBeUndefined();
    await finish(50);
    expect((await review(aJob('draft'))).usual).toEqual({ fromMs: 30 * minute, toMs: 50 * minute });
    expect(await createReviewer(world).usual('sandbox')).toBeUndefined();
  });

  it('calls a training overdue a quarter of an hour after its usual time, and no other job', async () => {
    for (const minutes of [10, 20, 30]) await finish(minutes);
    const isOverdue = async (state: 'training' | 'queued') => (await review(aJob(state))).overdue;
    world.clock.pass(45 * minute);
    expect(await isOverdue('training')).toBe(false);
    world.clock.pass(1);
    expect(await isOverdue('training')).toBe(true);
    expect(await isOverdue('queued')).toBe(false);
  });
});
