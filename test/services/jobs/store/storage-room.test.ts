import { beforeEach, expect, it } from 'vitest';
import type { GuildId, MemberId } from '../../../../src/lib/ids.ts';
import { demandRoom, lackOfRoom } from '../../../../src/services/jobs/store/storage-room.ts';
import { aJob, guildId, jobId, ownerId } from '../job-builder.ts';
import { aPhoto, createJobWorld, type JobWorld } from '../job-world.ts';

const megabyte = 2 ** 20;
const actor = { guildId, memberId: ownerId };
const photosOf = (megabytes: number) => [{ url: 'https://x.example', name: 'a.jpg', sizeBytes: megabytes * megabyte }];

let world: JobWorld;
beforeEach(async () => {
  world = await createJobWorld();
});

/** As if the photos of an order of this member took so much. */
async function stored(megabytes: number, of = ownerId, id = jobId(`of ${of}`)): Promise<void> {
  await world.jobs.insert(aJob('draft', { id, ownerId: of, pending: [] }));
  await world.photos.add(id, 1, aPhoto('a'));
  await world.db
    .updateTable('photos')
    .set({ bytes: megabytes * megabyte })
    .where('job_id', '=', id)
    .execute();
}

it('takes photos up to what one member may keep in a server, with what is yet to be downloaded', async () => {
  await stored(290);
  await expect(demandRoom(actor, photosOf(100), world)).resolves.toBeUndefined();
  await expect(demandRoom(actor, photosOf(120), world)).rejects.toThrow(
    /400 MB .* Start or discard one of those orders first/,
  );
  await expect(
    demandRoom({ ...actor, memberId: 'another' as MemberId }, photosOf(120), world),
  ).resolves.toBeUndefined();
  const pending = [{ ...photosOf(20)[0]!, position: 2 }];
  await world.jobs.update(jobId(`of ${ownerId}`), (job) => ({ ...job, pending }));
  await expect(demandRoom(actor, photosOf(100), world)).rejects.toThrow(/400 MB/);
});

it('takes none beyond what a server may keep, nor what the disk has no room for', async () => {
  await stored(2000, 'another' as MemberId);
  await expect(demandRoom(actor, photosOf(60), world)).rejects.toThrow(/server keep 2 GB/);
  const full = { ...world, hasDiskFor: (bytes: number) => Promise.resolve(bytes < 5 * megabyte) };
  await expect(demandRoom(actor, photosOf(6), full)).rejects.toThrow(/no room for these photos on the disk/);
  await expect(demandRoom(actor, photosOf(4), full)).resolves.toBeUndefined();
});

it('counts the bytes that came, whatever had been said of them, and no more once they are erased', async () => {
  await stored(399);
  const owner = { guildId, ownerId };
  expect(await lackOfRoom(2 * megabyte, owner, world.photos)).toMatch(/one member may/);
  await world.photos.erase(jobId(`of ${ownerId}`));
  expect(await lackOfRoom(2 * megabyte, owner, world.photos)).toBeUndefined();
  await world.photos.add(jobId(`of ${ownerId}`), 2, { ...aPhoto('b'), original: Buffer.alloc(1000) });
  expect(await world.photos.storedBytes(owner)).toBeGreaterThan(1000);
});

it('counts what others wait for, in the server and on the disk, before a byte of it is stored', async () => {
  const deps = { ...world, hasDiskFor: (bytes: number) => Promise.resolve(bytes < 3000 * megabyte) };
  const attach = async (member: number, guild = guildId) => {
    const of = { guildId: guild, ownerId: `m${member}` as MemberId };
    await demandRoom({ ...of, memberId: of.ownerId }, photosOf(97), deps);
    const pending = [{ ...photosOf(97)[0]!, position: 1 }];
    await world.jobs.insert(aJob('draft', { ...of, id: jobId(`${guild} ${member}`), pending }));
  };
  for (let member = 0; member < 21; member += 1) await attach(member);
  await expect(attach(21)).rejects.toThrow(/server keep 2 GB/);
  const other = 'other' as GuildId;
  for (let member = 0; member < 9; member += 1) await attach(member, other);
  await expect(attach(9, other)).rejects.toThrow(/no room for these photos on the disk/);
});

it('stores no photo beyond what a server may keep, by the bytes that came', async () => {
  await stored(2047, 'another' as MemberId);
  expect(await lackOfRoom(2 * megabyte, { guildId, ownerId }, world.photos)).toMatch(/as one server may/);
  expect(await lackOfRoom(megabyte / 2, { guildId, ownerId }, world.photos)).toBeUndefined();
});

it('asks an order whose document cannot be read for nothing', async () => {
  await stored(1);
  await world.db.updateTable('jobs').set({ document: 'no JSON' }).execute();
  expect(await world.photos.waitingBytes()).toBe(0);
});
