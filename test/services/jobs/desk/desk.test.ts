import { beforeEach, describe, expect, it } from 'vitest';
import { AlreadyDoneError, UserError } from '../../../../src/lib/errors.ts';
import type { ChannelId, GuildId, MemberId } from '../../../../src/lib/ids.ts';
import { createDesk, type Desk } from '../../../../src/services/jobs/desk/desk.ts';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job, State } from '../../../../src/services/jobs/state/job.ts';
import { findConsent } from '../../../../src/services/jobs/store/consents.ts';
import { TrainingApiError } from '../../../../src/services/modelslab/training-api-error.ts';
import { heldWake } from '../held-clock.ts';
import {
  aJob,
  channelId,
  guildId,
  intent,
  jobId,
  minute,
  noon,
  order,
  ownerId,
  phaseOf,
  phases,
  states,
  trainingId,
} from '../job-builder.ts';
import { addThreePhotos, aPhoto, createJobWorld, fakeVault, type JobWorld } from '../job-world.ts';

let world: JobWorld;
let desk: Desk;
let woken: number;
const id = jobId('job1');
const never = new AbortController().signal;

const owner = { guildId, memberId: ownerId, roleIds: [], isAdmin: false };
const stranger = { guildId, memberId: 'stranger' as MemberId, roleIds: [], isAdmin: false };
const admin = { guildId, memberId: 'admin1' as MemberId, roleIds: [], isAdmin: true };
const elsewhere = { ...owner, guildId: 'guild2' as GuildId, isAdmin: true };

beforeEach(async () => {
  world = await createJobWorld();
  woken = 0;
  const wake = { ...heldWake(world.clock), now: () => (woken += 1) };
  desk = createDesk({ ...world, wake, reviewer: createReviewer(world) });
});

const insert = async (state: State, change: Partial<Job> = {}) => {
  await world.jobs.insert(aJob(state, change));
};
const insertStartable = async (change: Partial<Job> = {}) => {
  await insert('draft', change);
  await addThreePhotos(world.photos, id);
};
const find = async () => (await world.jobs.find(id))!;
const sources = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ url: 'https://cdn.test/x', name: `${index}.jpg`, sizeBytes: 1 }));

/** What a person reads when a wish is not granted: one or more whole sentences, made for them. */
async function refusal(wish: Promise<unknown>): Promise<string> {
  const error = await wish.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).toMatch(/^[“A-Z0-9].*\.( .*\.)*$/s);
  return message;
}

const notFound = 'There is no such training here. /status lists yours.';

/** Every wish about a job that exists, and the state in which it can be granted. */
const wishes: readonly (readonly [string, State, 'owner' | 'admin', (actor: typeof owner) => Promise<unknown>])[] = [
  ['addPhotos', 'draft', 'owner', (actor) => desk.addPhotos(actor, id, sources(1))],
  ['removePhotos', 'draft', 'owner', (actor) => desk.removePhotos(actor, id, [1])],
  ['adjustPhoto', 'draft', 'owner', (actor) => desk.adjustPhoto(actor, id, { position: 1, edit: 'right' })],
  ['viewPhoto', 'draft', 'owner', (actor) => desk.viewPhoto(actor, id, 1, never)],
  ['fillForm', 'draft', 'owner', (actor) => desk.fillForm(actor, id, { change: { name: 'Other' } })],
  ['changeOrder', 'draft', 'owner', (actor) => desk.changeOrder(actor, id, { steps: 20 })],
  ['start', 'draft', 'owner', (actor) => desk.start(actor, id, 3)],
  ['discard', 'draft', 'owner', (actor) => desk.discard(actor, id)],
  ['reopen', 'failed', 'owner', (actor) => desk.reopen(actor, id)],
  ['cancel', 'training', 'admin', (actor) => desk.cancel(actor, id)],
  [
    'answer',
    'asking',
    'admin',
    (actor) => desk.answer(actor, id, { attempt: intent.attempt, answer: { kind: 'drop' } }),
  ],
  ['remove', 'ready', 'admin', (actor) => desk.remove(actor, id, never)],
  ['find', 'training', 'admin', (actor) => desk.find(actor, id)],
];

describe('who may', () => {
  const prepare = async (state: State) => {
    await (state === 'draft' ? insertStartable() : insert(state));
    return await find();
  };

  it.each(wishes)('%s: the owner may', async (_name, state, _who, wish) => {
    await prepare(state);
    await expect(wish(owner)).resolves.toBeDefined();
  });

  it.each(wishes)('%s: a stranger does not even learn that there is such a job', async (_name, state, _who, wish) => {
    const job = await prepare(state);
    expect(await refusal(wish(stranger))).toBe(notFound);
    expect(await find()).toEqual(job);
  });

  it.each(wishes)('%s: nobody of another server does, not even its admin', async (_name, state, _who, wish) => {
    const job = await prepare(state);
    expect(await refusal(wish(elsewhere))).toBe(notFound);
    expect(await find()).toEqual(job);
  });

  it.each(wishes.filter(([, , who]) => who === 'admin'))('%s: an admin may', async (_name, state, _who, wish) => {
    await prepare(state);
    await expect(wish(admin)).resolves.toBeDefined();
  });

  it.each(wishes.filter(([, , who]) => who === 'owner'))(
    '%s: an admin is told that only the owner may',
    async (_name, state, _who, wish) => {
      const job = await prepare(state);
      expect(await refusal(wish(admin))).toContain(`<@${ownerId}>`);
      expect(await find()).toEqual(job);
    },
  );

  it.each(wishes)('%s: a job that does not exist is not found', async (_name, _state, _who, wish) => {
    expect(await refusal(wish(owner))).toBe(notFound);
  });

  it.each(wishes.filter(([name]) => name !== 'find'))(
    '%s: is refused in a sentence, or harmless, in every state that it is not for',
    async (_name, granted, _who, wish) => {
      for (const state of states.filter((other) => other !== granted)) {
        await world.db.deleteFrom('jobs').execute();
        await insert(state);
        const before = await world.stateOf(id);
        await wish(owner).catch((error: unknown) => {
          expect(error, state).toBeInstanceOf(UserError);
        });
        const after = await world.stateOf(id);
        // Cancel is the one wish that means something in several states.
        const isCancelled = ['cancelled', 'discarded'].includes(after!);
        expect(after === before || (_name === 'cancel' && isCancelled), `${state} became ${after}`).toBe(true);
      }
      expect(world.calls).toEqual([]);
    },
  );
});

describe('opening a draft', () => {
  it('stores it, without anything on its way', async () => {
    const job = await desk.open(owner, { channelId, order });
    expect(await world.jobs.find(job.id)).toEqual(job);
    expect(job).toMatchObject({
      ownerId,
      guildId,
      channelId,
      order,
      phase: { state: 'draft' },
      attempts: 0,
      pending: [],
    });
    expect(job.id).toMatch(/^[a-z2-9]{10}$/);
    expect(job.notes).toEqual([]);
    expect(await world.ledger(job.id)).toEqual([]);
  });

  it('happens once for an interaction, however often and by whomever it is delivered', async () => {
    const id = '1573724860704620544';
    const job = await desk.open(owner, { channelId, order, interactionId: id });
    expect(job.id).toMatch(/^[a-z2-9]{10}$/);
    await expect(desk.open(owner, { channelId, order, interactionId: id })).rejects.toThrow(AlreadyDoneError);
    expect((await desk.list(owner, ['draft'])).map((draft) => draft.id)).toEqual([job.id]);
    expect((await desk.open(owner, { channelId, order, interactionId: `${id}1` })).id).not.toBe(job.id);
  });

  it('expires like any other when it never gets a thread', async () => {
    const job = await desk.open(owner, { channelId, order });
    expect(job.nextAt).toBe(noon + 60 * minute);
  });

  it('gives another name when the name is taken, and says so', async () => {
    await insert('ready');
    const job = await desk.open(owner, { channelId, order });
    expect(job.order.name).toBe('Ambika-2');
    expect(job.notes).toEqual(['The name “Ambika” is taken by another model in this server.']);
    expect((await desk.open(owner, { channelId, order })).order.name).toBe('Ambika-3');
  });

  it('gives a name that is allowed also when the taken one is as long as can be', async () => {
    const name = 'x'.repeat(40);
    await insert('ready', { order: { ...order, name } });
    const job = await desk.open(owner, { channelId, order: { ...order, name } });
    expect(job.order.name).toBe(`${'x'.repeat(38)}-2`);
    await expect(desk.changeOrder(owner, job.id, { steps: 20 })).resolves.toBeDefined();
  });

  it('mends what is not allowed, so that no photos are lost over it', async () => {
    const job = await desk.open(owner, { channelId, order: { ...order, name: 'Ambika!', steps: 9000 } });
    expect(job.order).toEqual(order);
    expect(job.notes).toHaveLength(2);
  });

  it('is refused to a member who has ten that are not started', async () => {
    for (let number = 0; number < 10; number += 1) await desk.open(owner, { channelId, order });
    expect(await refusal(desk.open(owner, { channelId, order }))).toContain('10 orders');
    await expect(desk.open(stranger, { channelId, order })).resolves.toBeDefined();
  });
});

describe('changing a draft', () => {
  it('takes photos up to as many as a sheet can show, counting those that wait', async () => {
    await insertStartable();
    await desk.addPhotos(owner, id, sources(10));
    await desk.addPhotos(owner, id, sources(10));
    expect(await refusal(desk.addPhotos(owner, id, sources(8)))).toContain('30 photos at most, and this one has 23');
    await desk.addPhotos(owner, id, sources(7));
    expect((await find()).pending).toHaveLength(27);
  });

  it('removes photos with their bytes', async () => {
    await insertStartable();
    const job = await desk.removePhotos(owner, id, [1, 2]);
    expect((await world.photos.list(id)).map(({ position }) => position)).toEqual([3]);
    expect(job.orderRev).toBe(4);
  });

  it('changes the settings, and takes back what is chosen no more', async () => {
    await insertStartable({ order: { ...order, seed: 7 } });
    const job = await desk.changeOrder(owner, id, { steps: 20, seed: undefined });
    expect(job.order).toEqual({ ...order, steps: 20 });
  });

  it('refuses settings that are not allowed, and changes nothing', async () => {
    await insertStartable();
    expect(await refusal(desk.changeOrder(owner, id, { steps: 9000 }))).toContain('10 to 50 steps');
    expect(await find()).toEqual(aJob('draft'));
  });

  it('refuses a name that another model has, in whatever letters, but not its own', async () => {
    await insertStartable();
    await insert('ready', { id: jobId('job2'), order: { ...order, name: 'Taken' } });
    expect(await refusal(desk.changeOrder(owner, id, { name: 'TAKEN' }))).toContain('“TAKEN” is taken');
    await expect(desk.changeOrder(owner, id, { name: 'Ambika', steps: 20 })).resolves.toBeDefined();
  });

  it('is over once it is discarded, and says how to begin again', async () => {
    await insert('discarded');
    expect(await refusal(desk.addPhotos(owner, id, sources(1)))).toContain('/train');
  });
});

describe('Start', () => {
  it('queues the order and writes the press down', async () => {
    await insertStartable();
    const job = await desk.start(owner, id, 3);
    expect(job).toMatchObject({ phase: { state: 'queued' }, startedAt: noon });
    expect(await world.ledger(id)).toEqual(['pressed']);
    expect(woken).toBeGreaterThan(0);
  });

  it('pressed twice, one after the other, starts once and is harmless', async () => {
    await insertStartable();
    await desk.start(owner, id, 3);
    await expect(desk.start(owner, id, 3)).resolves.toMatchObject({ phase: { state: 'queued' } });
    expect(await world.ledger(id)).toEqual(['pressed']);
  });

  it('pressed five times at one moment starts once', async () => {
    await insertStartable();
    await Promise.allSettled(Array.from({ length: 5 }, () => desk.start(owner, id, 3)));
    expect(await world.ledger(id)).toEqual(['pressed']);
  });

  it('on a card that shows an older order is refused', async () => {
    await insertStartable();
    await desk.changeOrder(owner, id, { steps: 20 });
    expect(await refusal(desk.start(owner, id, 3))).toContain('newest card');
    expect(await world.stateOf(id)).toBe('draft');
  });

  it('is refused with what is missing: photos', async () => {
    await insert('draft');
    expect(await refusal(desk.start(owner, id, 3))).toContain('3 usable photos are needed');
  });

  it('is refused with what is missing: time to look at them', async () => {
    await insertStartable();
    const { orderRev } = await desk.addPhotos(owner, id, sources(1));
    expect(await refusal(desk.start(owner, id, orderRev))).toContain('still being looked at');
  });

  it('is refused with what is missing: the key', async () => {
    world.vault.facts = fakeVault(undefined).facts;
    await insertStartable();
    expect(await refusal(desk.start(owner, id, 3))).toContain('/config key');
  });

  it('of an order that was discarded says that it is gone', async () => {
    await insert('discarded');
    expect(await refusal(desk.start(owner, id, 3))).toContain('discarded');
  });
});

describe('where admins allow objects and styles only', () => {
  const words = 'objects and styles only';
  const style = { ...order, subject: 'style' } as const;
  beforeEach(() => {
    world.chosen.subjects = 'no-people';
  });

  it.each(['man', 'woman', 'couple'] as const)(
    'an order for a %s is refused, and nothing is stored',
    async (subject) => {
      expect(await refusal(desk.open(owner, { channelId, order: { ...order, subject } }))).toContain(words);
      expect(await desk.list(admin, states)).toEqual([]);
    },
  );

  it('objects and styles are trained', async () => {
    for (const subject of ['object', 'style'] as const) {
      await expect(desk.open(owner, { channelId, order: { ...order, subject } })).resolves.toBeDefined();
    }
  });

  it('a draft does not become one of a person', async () => {
    await insertStartable({ order: style });
    expect(await refusal(desk.changeOrder(owner, id, { subject: 'couple' }))).toContain(words);
    const form = await desk.openForm(owner, { channelId, order: style });
    expect(await refusal(desk.fillForm(owner, form, { change: { subject: 'man' } }))).toContain(words);
    expect((await find()).order.subject).toBe('style');
  });

  it('a draft from before is started only as something else', async () => {
    await insertStartable();
    expect(await refusal(desk.start(owner, id, 3))).toContain(words);
    expect(await world.stateOf(id)).toBe('draft');
    const { orderRev } = await desk.changeOrder(owner, id, { subject: 'object' });
    expect((await desk.start(owner, id, orderRev)).phase.state).toBe('queued');
  });

  it('an order that was started before goes on', async () => {
    await insert('queued');
    await expect(desk.start(owner, id, 3)).resolves.toMatchObject({ phase: { state: 'queued' } });
  });
});

describe('the confirmation of the right to use the photos', () => {
  const later = jobId('job2');
  const insertLater = async (change: Partial<Job> = {}) => {
    await world.jobs.insert(aJob('draft', { id: later, ...change }));
    await addThreePhotos(world.photos, later);
  };
  const confirmation = () => findConsent(world.db, { guildId, ownerId });

  it('is the Start of a member’s first order, and is kept with that order', async () => {
    await insertStartable();
    expect(await confirmation()).toBeUndefined();
    expect(await desk.start(owner, id, 3)).toMatchObject({ confirmedAt: noon });
    expect(await confirmation()).toBe(noon);
  });

  it('is kept or nothing is queued', async () => {
    await insertStartable();
    await world.db.schema.dropTable('confirmations').execute();
    const reviewer = createReviewer({ ...world, findConsent: () => Promise.resolve(undefined) });
    desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer });
    await expect(desk.start(owner, id, 3)).rejects.toThrow(/no such table/);
    expect(await world.stateOf(id)).toBe('draft');
    expect(await world.ledger(id)).toEqual([]);
  });

  it('counts for later orders, which keep the time of it', async () => {
    await insertStartable();
    await desk.start(owner, id, 3);
    await insertLater();
    world.clock.pass(minute);
    expect(await desk.start(owner, later, 3)).toMatchObject({ startedAt: noon + minute, confirmedAt: noon });
    expect(await confirmation()).toBe(noon);
  });

  it('counts for nobody else and in no other server', async () => {
    await insertStartable();
    await desk.start(owner, id, 3);
    expect(await findConsent(world.db, { guildId, ownerId: stranger.memberId })).toBeUndefined();
    expect(await findConsent(world.db, { guildId: elsewhere.guildId, ownerId })).toBeUndefined();
  });

  it('is not taken from a press that starts nothing', async () => {
    await insertStartable();
    for (const actor of [stranger, admin, elsewhere]) await refusal(desk.start(actor, id, 3));
    await refusal(desk.start(owner, id, 2));
    await desk.discard(owner, id);
    await refusal(desk.start(owner, id, 3));
    expect(await confirmation()).toBeUndefined();
  });

  it('is asked for no more by the cards of the member’s other drafts, at once', async () => {
    await insertStartable();
    await insertLater({ nextAt: noon + 60 * minute });
    await desk.start(owner, id, 3);
    expect((await world.jobs.find(later))?.nextAt).toBe(noon);
  });

  it('stays when the order fails and is tried again', async () => {
    await insertStartable();
    await desk.start(owner, id, 3);
    await world.jobs.update(id, (job) => advance(job, { type: 'failed', failure: { kind: 'unreachable' } }, noon));
    const { orderRev } = await desk.reopen(owner, id);
    world.clock.pass(minute);
    expect(await desk.start(owner, id, orderRev)).toMatchObject({ confirmedAt: noon });
  });

  it('is erased with its server', async () => {
    await insertStartable();
    await desk.start(owner, id, 3);
    await world.jobs.forget(elsewhere.guildId);
    expect(await confirmation()).toBe(noon);
    await world.jobs.forget(guildId);
    expect(await confirmation()).toBeUndefined();
  });
});

describe('cancelling', () => {
  it('of a draft discards it', async () => {
    await insertStartable();
    expect((await desk.cancel(owner, id)).phase).toEqual({ state: 'discarded', why: 'owner' });
  });

  it('of a queued order ends it', async () => {
    await insert('queued');
    expect((await desk.cancel(admin, id)).phase.state).toBe('cancelled');
  });

  it.each(['sending', 'unknown', 'training'] as const)(
    'while it is %s is noted, and asked twice is harmless',
    async (state) => {
      await insert(state);
      await desk.cancel(owner, id);
      world.clock.pass(minute);
      const job = await desk.cancel(owner, id);
      expect(job).toMatchObject({ phase: { state }, cancelAskedAt: noon });
    },
  );

  it('of one that waits for an answer points to the question', async () => {
    await insert('asking');
    expect(await refusal(desk.cancel(owner, id))).toContain('Answer the question');
  });

  it.each(['ready', 'failed', 'cancelled'] as const)('of one that is %s says that nothing runs', async (state) => {
    await insert(state);
    expect(await refusal(desk.cancel(owner, id))).toContain('nothing to cancel');
  });
});

describe('Try again', () => {
  it('makes a draft of it with the same photos and settings', async () => {
    await insert('failed', { order: { ...order, steps: 20 } });
    await world.photos.add(id, 1, aPhoto('1.jpg'));
    const job = await desk.reopen(owner, id);
    expect(job).toMatchObject({ phase: { state: 'draft' }, order: { ...order, steps: 20 } });
    expect(await world.photos.list(id)).toHaveLength(1);
  });

  it('pressed twice is harmless', async () => {
    await insert('failed');
    const first = await desk.reopen(owner, id);
    expect(await desk.reopen(owner, id)).toEqual(first);
  });

  it('finds another name when its own was taken meanwhile', async () => {
    await insert('failed');
    await insert('ready', { id: jobId('job2') });
    expect((await desk.reopen(owner, id)).order.name).toBe('Ambika-2');
  });
});

describe('the answer to the question', () => {
  const { attempt } = intent;
  const answer = (given: Parameters<Desk['answer']>[2]['answer'], about = attempt) =>
    desk.answer(owner, id, { attempt: about, answer: given });

  it('"send again" queues it again', async () => {
    await insert('asking');
    expect((await answer({ kind: 'send-again' })).phase).toEqual({ state: 'queued' });
    expect(await world.ledger(id)).toEqual(['resent']);
  });

  it('"drop" ends it', async () => {
    await insert('asking');
    expect((await answer({ kind: 'drop' })).phase.state).toBe('cancelled');
    expect(await world.ledger(id)).toEqual(['dropped']);
  });

  it('"it is training" follows the training with that id', async () => {
    await insert('asking');
    const job = await answer({ kind: 'is-training', trainingId: trainingId('F5jvdzGnYi') });
    expect(phaseOf(job, 'training').trainingId).toBe('F5jvdzGnYi');
    expect(await world.ledger(id)).toEqual(['adopted']);
  });

  it('cannot name a training of another order: whoever follows it could cancel it', async () => {
    await insert('asking');
    const phase = { ...phases.training, trainingId: trainingId('others0001') };
    await insert('training', { id: jobId('job2'), ownerId: stranger.memberId, phase });
    const naming = answer({ kind: 'is-training', trainingId: trainingId('others0001') });
    expect(await refusal(naming)).toContain('another');
    expect(await world.stateOf(id)).toBe('asking');
  });

  it('gives a training to one of two who name it in the same instant', async () => {
    const job2 = jobId('job2');
    await insert('asking');
    await insert('asking', { id: job2, guildId: elsewhere.guildId });
    const naming = { kind: 'is-training', trainingId: trainingId('F5jvdzGnYi') } as const;
    const both = [owner, elsewhere].map((actor, index) =>
      desk.answer(actor, [id, job2][index]!, { attempt, answer: naming }).then(
        () => 'given',
        (error: unknown) => (error instanceof UserError ? error.message.slice(0, 16) : error),
      ),
    );
    expect((await Promise.all(both)).toSorted()).toEqual(['That training is', 'given']);
    expect([await world.stateOf(id), await world.stateOf(job2)].toSorted()).toEqual(['asking', 'training']);
  });

  it('cannot name a training that was there before the order was sent', async () => {
    const before = [trainingId('older00001')];
    await insert('asking', { phase: { ...phases.asking, intent: { ...intent, before } } });
    await refusal(answer({ kind: 'is-training', trainingId: trainingId('older00001') }));
    expect(await world.stateOf(id)).toBe('asking');
  });

  it.each(['', 'x', 'two words', '../../v3', 'x'.repeat(65)])('cannot be an id such as "%s"', async (typed) => {
    await insert('asking');
    expect(await refusal(answer({ kind: 'is-training', trainingId: trainingId(typed) }))).toContain('no training id');
  });

  it('counts once: a second one is told that it came too late', async () => {
    await insert('asking');
    await answer({ kind: 'send-again' });
    expect(await refusal(answer({ kind: 'drop' }))).toContain('answered already');
    expect(await world.stateOf(id)).toBe('queued');
  });

  it('to the question about an earlier attempt does not pay for a later one', async () => {
    await insert('asking', { phase: { ...phases.asking, intent: { ...intent, attempt: 2 } } });
    expect(await refusal(answer({ kind: 'send-again' }, 1))).toContain('answered already');
    expect(await world.stateOf(id)).toBe('asking');
  });
});

describe('deleting a model', () => {
  it('deletes it at the provider, then here', async () => {
    await insert('ready');
    expect((await desk.remove(owner, id, never)).phase).toEqual(phases.deleted);
    expect(world.calls).toEqual(['remove']);
  });

  it('that is gone there already is as good as deleted', async () => {
    await insert('ready');
    world.api.remove = () => Promise.reject(new TrainingApiError('rejected', 'Cannot remove', { reason: 'not-found' }));
    expect((await desk.remove(owner, id, never)).phase.state).toBe('deleted');
  });

  it('changes nothing here when the provider does not do it', async () => {
    await insert('ready');
    world.api.remove = () => Promise.reject(new TrainingApiError('unavailable', 'Cannot remove'));
    await expect(desk.remove(owner, id, never)).rejects.toThrow(TrainingApiError);
    expect(await world.stateOf(id)).toBe('ready');
  });

  it.each(['flux', 'sandbox'] as const)(
    'of %s is nothing that the provider offers: it says where, and asks nobody',
    async (method) => {
      await insert('ready', { order: { ...order, method } });
      expect(await refusal(desk.remove(owner, id, never))).toMatch(/until somebody deletes it at modelslab\.com/);
      expect(world.calls).toEqual([]);
      expect(await world.stateOf(id)).toBe('ready');
    },
  );

  it('needs a key', async () => {
    world.vault.open = fakeVault(undefined).open;
    await insert('ready');
    expect(await refusal(desk.remove(owner, id, never))).toContain('/config key');
  });

  it('needs the key that it was trained with: for another one it does not exist', async () => {
    await insert('ready', { keyFingerprint: 'print-before' });
    expect(await refusal(desk.remove(owner, id, never))).toContain('another API key');
    expect(world.calls).toEqual([]);
  });
});

describe('looking around', () => {
  it('lists a member’s own, and all of the server for an admin', async () => {
    await insert('training');
    await insert('training', { id: jobId('job2'), ownerId: stranger.memberId });
    const ids = async (actor: typeof owner) => (await desk.list(actor, ['training'])).map((job) => job.id as string);
    expect(await ids(owner)).toEqual(['job1']);
    expect((await ids(admin)).toSorted()).toEqual(['job1', 'job2']);
    expect(await ids(elsewhere)).toEqual([]);
  });

  it('notes the thread of a job and has it told there at once', async () => {
    await insert('draft', { nextAt: null });
    const job = await desk.placeIn(id, { threadId: 'thread9' as ChannelId, isPrivate: false });
    expect(job.told.threadId).toBe('thread9');
    expect(job.nextAt).toBe(noon);
    expect(woken).toBe(1);
  });

  it('looks again at all that is unfinished in one server', async () => {
    await insert('training', { nextAt: noon + minute });
    await insert('ready', { id: jobId('job2'), nextAt: null });
    await insert('training', { id: jobId('job3'), guildId: elsewhere.guildId, nextAt: noon + minute });
    await desk.refresh(guildId);
    const nextAt = async (of: string) => (await world.jobs.find(jobId(of)))?.nextAt;
    expect([await nextAt('job1'), await nextAt('job2'), await nextAt('job3')]).toEqual([noon, null, noon + minute]);
    expect(woken).toBe(1);
  });
});
