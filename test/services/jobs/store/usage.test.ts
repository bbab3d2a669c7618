import { beforeEach, describe, expect, it } from 'vitest';
import type { GuildId, MemberId } from '../../../../src/lib/ids.ts';
import { createDesk, type Desk } from '../../../../src/services/jobs/desk/desk.ts';
import type { Actor } from '../../../../src/services/jobs/desk/job-editor.ts';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import { advance } from '../../../../src/services/jobs/state/advance.ts';
import type { Job } from '../../../../src/services/jobs/state/job.ts';
import { heldWake } from '../held-clock.ts';
import { aJob, guildId, hour, intent, jobId, noon, order, ownerId, trainingId } from '../job-builder.ts';
import { addThreePhotos, createJobWorld, type JobWorld } from '../job-world.ts';
import { aRound } from '../round-builder.ts';

let world: JobWorld;
let desk: Desk;
const owner: Actor = { guildId, memberId: ownerId, roleIds: [], isAdmin: false };
const carol: Actor = { ...owner, memberId: 'carol' as MemberId };
const day = 24 * hour;

beforeEach(async () => {
  world = await createJobWorld();
  desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world) });
});
/** An order that can be started. */
async function startable(name: string, { memberId } = owner, change: Partial<Job> = {}): Promise<Job['id']> {
  const id = jobId(name);
  await world.jobs.insert(aJob('draft', { id, ownerId: memberId, order: { ...order, name }, ...change }));
  await addThreePhotos(world.photos, id);
  return id;
}

async function start(id: Job['id'], actor = owner): Promise<Job> {
  return desk.start(actor, id, (await world.jobs.find(id))!.orderRev);
}

/** Its whole way to a training, through the ledger. */
async function train(id: Job['id'], actor = owner): Promise<void> {
  await start(id, actor);
  const happen = (...events: Parameters<typeof advance>[1][]) =>
    world.jobs.update(id, (job) => events.reduce((now, event) => advance(now, event, world.clock.now()), job));
  await happen({ type: 'leaving', intent: { ...intent, attempt: 1 } });
  await happen({ type: 'accepted', trainingId: trainingId(`t-${id}`) });
}

const outcomes = async (presses: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(presses)).map(({ status }) => status).toSorted();

describe('what counts', () => {
  it('is what is on its way and what was billed this month, each once, of this server alone', async () => {
    await startable('draft');
    await start(await startable('queued'));
    await train(
      await startable('trained', owner, { order: { ...order, method: 'dreambooth' }, cropped: 'attention-512' }),
    );
    await train(await startable('hers', carol), carol);
    await world.jobs.insert(aJob('training', { id: jobId('elsewhere'), guildId: 'guild2' as GuildId }));
    expect(await desk.usage(owner)).toEqual({
      at: noon,
      member: { atOnce: 2, today: 2, thisMonth: 2 },
      server: { atOnce: 3, usd: 5, hourly: 0, rounds: 0 },
    });
  });

  it('is no training that was refused or cancelled before it was sent', async () => {
    const refused = await startable('refused');
    await start(refused);
    await world.jobs.update(refused, (job) => advance(job, { type: 'leaving', intent }, noon));
    const failure = { kind: 'refused', reason: 'credit' } as const;
    await world.jobs.update(refused, (job) => advance(job, { type: 'failed', failure }, noon));
    const cancelled = await startable('cancelled');
    await start(cancelled);
    await desk.cancel(owner, cancelled);
    expect(await desk.usage(owner)).toMatchObject({ member: { atOnce: 0, today: 0 }, server: { usd: 0 } });
  });

  it('is a training that the provider called about when its order had been given up', async () => {
    const id = await startable('late');
    await start(id);
    const happen = (...events: Parameters<typeof advance>[1][]) =>
      world.jobs.update(id, (job) => events.reduce((now, event) => advance(now, event, noon), job));
    await happen({ type: 'leaving', intent, tokenHash: 'hash' });
    await happen({ type: 'failed', failure: { kind: 'refused', reason: 'other' } });
    await happen({ type: 'webhook-called' });
    expect(await desk.usage(owner)).toMatchObject({ member: { atOnce: 0, today: 1 }, server: { usd: 1 } });
  });

  it('stays counted when it was tried again, ended, was deleted or forgotten', async () => {
    const id = await startable('trained');
    await train(id);
    await world.jobs.update(id, (job) => advance(job, { type: 'failed', failure: { kind: 'lost' } }, noon));
    await desk.reopen(owner, id);
    expect(await desk.usage(owner)).toMatchObject({ member: { atOnce: 0, thisMonth: 1 }, server: { usd: 1 } });
    await world.jobs.forget(guildId);
    expect((await desk.usage(owner)).server.usd).toBe(1);
  });

  it.each(['sending', 'unknown', 'asking'] as const)('is what was %s when the server was forgotten', async (state) => {
    await world.jobs.insert(aJob(state));
    await world.jobs.insert(aJob('queued', { id: jobId('waiting') }));
    await world.jobs.forget(guildId);
    expect((await desk.usage(owner)).server).toEqual({ atOnce: 0, usd: 1, hourly: 0, rounds: 0 });
  });

  it('is also a training of a method that only another version knows', async () => {
    await world.jobs.insert(aJob('asking'));
    await world.db.updateTable('jobs').set({ method: 'of tomorrow' }).execute();
    expect((await desk.usage(owner)).server).toEqual({ atOnce: 1, usd: 0, hourly: 1, rounds: 0 });
    await world.jobs.forget(guildId);
    expect((await desk.usage(owner)).server).toEqual({ atOnce: 0, usd: 0, hourly: 1, rounds: 0 });
  });

  it('begins anew with the day and the month of UTC', async () => {
    await train(await startable('trained'));
    world.clock.pass(day);
    expect((await desk.usage(owner)).member).toMatchObject({ today: 0, thisMonth: 1 });
    world.clock.pass(30 * day);
    expect(await desk.usage(owner)).toMatchObject({ member: { atOnce: 1, thisMonth: 0 }, server: { usd: 0 } });
  });

  it('knows trainings whose price is by the hour by their number', async () => {
    world.chosen.usdPerHourly = 4;
    await train(await startable('flux', owner, { order: { ...order, method: 'flux' } }));
    await start(await startable('other', owner, { order: { ...order, name: 'other', method: 'flux' } }));
    expect((await desk.usage(owner)).server).toEqual({ atOnce: 2, usd: 0, hourly: 2, rounds: 0 });
  });
});

describe('Start', () => {
  it('lets one of many presses at once have the last dollar, whoever pressed', async () => {
    world.chosen.usdPerMonth = 3;
    await train(await startable('before'));
    const orders = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => [
        await startable(`his ${index}`),
        await startable(`hers ${index}`, carol),
      ]),
    );
    const presses = orders.flatMap(([his, hers]) => [start(his!), start(hers!, carol)]);
    expect((await outcomes(presses)).filter((status) => status === 'fulfilled')).toHaveLength(2);
    expect((await desk.usage(owner)).server).toMatchObject({ atOnce: 3, usd: 3 });
  });

  it.each(['memberAtOnce', 'serverAtOnce', 'memberPerDay', 'memberPerMonth'] as const)(
    'lets one of two presses at once have the last place of %s',
    async (limit) => {
      world.chosen[limit] = 1;
      const [first, second] = [await startable('first'), await startable('second')];
      expect(await outcomes([start(first), start(second)])).toEqual(['fulfilled', 'rejected']);
      expect((await desk.usage(owner)).member.atOnce).toBe(1);
    },
  );

  it('leaves an order that it refuses as it was, and takes it when the limit is raised', async () => {
    world.chosen.memberAtOnce = 0;
    const id = await startable('first');
    const before = await world.jobs.find(id);
    await expect(start(id)).rejects.toThrow(/no trainings under way at once/);
    expect(await world.jobs.find(id)).toEqual(before);
    expect(await world.ledger(id)).toEqual([]);
    world.chosen.memberAtOnce = undefined;
    expect((await start(id)).phase.state).toBe('queued');
  });

  it('answers the second press on an order that took the last place as if it was the first', async () => {
    world.chosen.memberAtOnce = 1;
    const id = await startable('first');
    await start(id);
    expect((await start(id)).phase.state).toBe('queued');
  });

  it('is not open on the card of an order that a limit keeps back, and the cards of others show it at once', async () => {
    world.chosen.memberAtOnce = 1;
    const [first, second] = [await startable('first'), await startable('second')];
    const hers = await startable('hers', carol);
    world.clock.pass(1000);
    await start(first);
    const looksAt = async (id: Job['id']) => (await world.jobs.find(id))!.nextAt;
    expect([await looksAt(second), await looksAt(hers)]).toEqual([noon + 1000, noon]);
    const reviewer = createReviewer(world);
    expect((await reviewer.review((await world.jobs.find(second))!)).blockers).toMatchObject([{ kind: 'limit' }]);
    expect((await reviewer.review((await world.jobs.find(hers))!)).blockers).toEqual([]);
  });

  it('has the cards of the whole server drawn anew where the members share a limit', async () => {
    world.chosen.usdPerMonth = 1;
    const [first, hers] = [await startable('first'), await startable('hers', carol)];
    world.clock.pass(1000);
    await start(first);
    expect((await world.jobs.find(hers))!.nextAt).toBe(noon + 1000);
  });
});

it('sends nothing again that may have to be paid for twice, beyond what may be spent', async () => {
  world.chosen.usdPerMonth = 1.5;
  await world.jobs.insert(aJob('asking'));
  const again = () => desk.answer(owner, jobId('job1'), { attempt: 1, answer: { kind: 'send-again' } });
  await expect(again()).rejects.toThrow(/\$1\.00 of this month’s money is spent or on its way/);
  expect(await world.stateOf(jobId('job1'))).toBe('asking');
  world.chosen.usdPerMonth = 2;
  expect((await again()).phase.state).toBe('queued');
  expect((await desk.usage(owner)).server.usd).toBe(2);
});

it('orders no pictures when nothing is left', async () => {
  world.chosen.usdPerMonth = 1;
  await train(await startable('trained'));
  await world.jobs.insert(aJob('ready', { id: jobId('model'), nextAt: null }));
  const press = () => desk.orderPictures(owner, jobId('model'), { round: 1, count: 1 });
  await expect(press()).rejects.toThrow(/nothing is left for pictures/);
  expect((await world.jobs.find(jobId('model')))!.pictures).toBeUndefined();
  world.chosen.usdPerMonth = 2;
  expect((await press()).pictures?.number).toBe(1);
});

describe('rounds of pictures that nobody knows the cost of', () => {
  const press = (id: string, actor = owner) => desk.orderPictures(actor, jobId(id), { round: 1, count: 1 });
  const models = async (...ids: readonly string[]) => {
    for (const id of ids) await world.jobs.insert(aJob('ready', { id: jobId(id), nextAt: null }));
  };

  it('are one at a time where dollars are limited, also of presses at once, and any number elsewhere', async () => {
    await models('a', 'b', 'c', 'd');
    expect(await outcomes([press('a'), press('b')])).toEqual(['fulfilled', 'fulfilled']);
    const over = { type: 'over', outcome: { kind: 'no-key' } } as const;
    for (const id of ['a', 'b'].map(jobId))
      await world.jobs.update(id, (job) => advance(job, { type: 'pictures-moved', round: 1, event: over }, noon));
    world.chosen.usdPerMonth = 5;
    expect(await outcomes([press('c'), press('d')])).toEqual(['fulfilled', 'rejected']);
    expect((await desk.usage(owner)).server.rounds).toBe(1);
  });

  it.each(['wanted', 'sending', 'making', 'counting'] as const)(
    'are those that are %s, of this server',
    async (step) => {
      await world.jobs.insert(aJob('deleted', { pictures: aRound(step) }));
      await world.jobs.insert(aJob('ready', { id: jobId('x'), pictures: aRound(step), guildId: 'guild2' as GuildId }));
      await world.jobs.insert(aJob('ready', { id: jobId('y'), pictures: aRound('ended') }));
      expect((await desk.usage(owner)).server.rounds).toBe(1);
    },
  );
});
