import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/lib/errors.ts';
import type { ChannelId, JobId, MemberId, RoleId } from '../../../../src/lib/ids.ts';
import { createDesk, type Desk } from '../../../../src/services/jobs/desk/desk.ts';
import type { Actor } from '../../../../src/services/jobs/desk/job-editor.ts';
import { createReviewer } from '../../../../src/services/jobs/review/reviewer.ts';
import type { State } from '../../../../src/services/jobs/state/job.ts';
import { heldWake } from '../held-clock.ts';
import { aJob, channelId, guildId, intent, jobId, order, ownerId } from '../job-builder.ts';
import { addThreePhotos, createJobWorld, type JobWorld } from '../job-world.ts';

let world: JobWorld;
let desk: Desk;
let form: JobId;
const id = jobId('job1');

const artist = 'artist' as RoleId;
const owner: Actor = { guildId, memberId: ownerId, roleIds: [artist], isAdmin: false };
const sources = [{ url: 'https://cdn.test/x', name: 'x.jpg', sizeBytes: 1 }];

beforeEach(async () => {
  world = await createJobWorld();
  desk = createDesk({ ...world, wake: heldWake(world.clock), reviewer: createReviewer(world) });
});

/** Everything after which money may be spent or photos are fetched, and the state in which it can be asked for. */
const wishes: readonly (readonly [string, State, (actor: Actor) => Promise<unknown>])[] = [
  ['open', 'ready', (actor) => desk.open(actor, { channelId, order: { ...order, name: 'Other' } })],
  ['openForm', 'ready', (actor) => desk.openForm(actor, { channelId, order: { ...order, name: 'Other' } })],
  ['fillForm', 'ready', (actor) => desk.fillForm(actor, form, { sources })],
  ['addPhotos', 'draft', (actor) => desk.addPhotos(actor, id, sources)],
  ['start', 'draft', (actor) => desk.start(actor, id, 3)],
  ['reopen', 'failed', (actor) => desk.reopen(actor, id)],
  ['send again', 'asking', (actor) => desk.answer(actor, id, { attempt: 1, answer: { kind: 'send-again' } })],
  ['findDrawable', 'ready', (actor) => desk.findDrawable(actor, id)],
  ['orderPictures', 'ready', (actor) => desk.orderPictures(actor, id, { round: 1, count: 1 })],
];

describe.each(wishes)('%s', (_name, state, wish) => {
  const prepare = async (ownedBy = ownerId) => {
    await world.jobs.insert(aJob(state, { ownerId: ownedBy }));
    const whoever = { ...owner, memberId: ownedBy, isAdmin: true };
    form = await desk.openForm(whoever, { channelId, order: { ...order, name: 'Other' } });
    await addThreePhotos(world.photos, id);
  };
  const everything = () => world.db.selectFrom('jobs').select(['id', 'rev', 'state']).execute();

  it('is granted to everybody everywhere while nothing was chosen', async () => {
    await prepare();
    await expect(wish({ ...owner, roleIds: [] })).resolves.toBeDefined();
  });

  it('is granted with one of the roles, in one of the channels', async () => {
    world.chosen.roles = ['other' as RoleId, artist];
    world.chosen.channels = ['other' as ChannelId, channelId];
    await prepare();
    await expect(wish(owner)).resolves.toBeDefined();
  });

  it('is refused without a role, changes nothing, and says which one and whom to ask', async () => {
    world.chosen.roles = [artist, 'guests' as RoleId];
    await prepare();
    const before = await everything();
    const asking = wish({ ...owner, roleIds: ['guild1' as RoleId] });
    await expect(asking).rejects.toThrow(UserError);
    await expect(asking).rejects.toThrow(/role <@&artist> or <@&guests> may train here\. Ask an admin/);
    expect(await everything()).toEqual(before);
    expect(world.calls).toEqual([]);
  });

  it('is refused in another channel, and says where it is allowed', async () => {
    world.chosen.channels = ['studio' as ChannelId];
    await prepare();
    const before = await everything();
    await expect(wish(owner)).rejects.toThrow(/allow trainings in <#studio> only.*ask an admin/);
    expect(await everything()).toEqual(before);
  });

  it('is granted to an admin all the same', async () => {
    world.chosen.roles = [artist];
    world.chosen.channels = ['studio' as ChannelId];
    const admin: Actor = { guildId, memberId: 'ada' as MemberId, roleIds: [], isAdmin: true };
    await prepare(admin.memberId);
    await expect(wish(admin)).resolves.toBeDefined();
  });
});

it('lets what was paid for already be looked at, cancelled and settled without a role', async () => {
  world.chosen.roles = ['nobody' as RoleId];
  await world.jobs.insert(aJob('asking'));
  await world.jobs.insert(aJob('training', { id: jobId('job2') }));
  await expect(desk.find(owner, id)).resolves.toBeDefined();
  await expect(desk.cancel(owner, jobId('job2'))).resolves.toBeDefined();
  const answer = { kind: 'drop' } as const;
  await expect(desk.answer(owner, id, { attempt: intent.attempt, answer })).resolves.toBeDefined();
});
