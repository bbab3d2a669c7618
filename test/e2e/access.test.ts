import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { attached, photos } from './photos.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 600 });
});
afterEach(() => stage.check());
afterAll(() => stage.close());

async function allow(server: Server, chosen: { roles?: string[]; channels?: string[] }): Promise<string> {
  const form = await (await server.ada.command(server.channel, 'config access')).modal();
  return (await (await form.submit(chosen)).reply()).content;
}

const give = (server: Server, roleId: string) => rolesOf(server).push(roleId);
const take = (server: Server, roleId: string) => rolesOf(server).splice(rolesOf(server).indexOf(roleId), 1);
const rolesOf = ({ guild, bob }: Server) => guild.record.members.get(bob.id)!.roleIds;

it('trains for members with a role that was chosen, and asks for it again at every press', async () => {
  const server = await stage.addServer();
  const artist = server.guild.addRole('artist');
  expect(await allow(server, { roles: [artist.id] })).toContain(`members with <@&${artist.id}>, and admins`);
  const trained = server.bob.command(server.channel, 'train', { name: 'Ambika', subject: 'man', ...attached(photos) });
  expect(await server.told(trained)).toMatch(/Only members with the role/);
  const message = await server.bob.post(server.channel, { content: 'look', files: photos });
  expect(await server.told(server.bob.useOnMessage('Train on these photos', message))).toMatch(/Only members with/);
  expect(stage.discord.threads(server.channel)).toEqual([]);

  give(server, artist.id);
  const order = await server.train();
  const card = await order.startable();
  take(server, artist.id);
  expect(await server.told(server.bob.press(card, /^start:/))).toMatch(/Only members with the role.*Ask an admin/);
  expect(server.trainings()).toEqual([]);

  give(server, artist.id);
  await order.start();
  const end = await order.end(/is ready/);
  take(server, artist.id);
  expect(await server.told(server.bob.press(end, 'Sample pictures'))).toMatch(/Only members with the role/);
  expect(server.charges()).toHaveLength(1);
});

it('trains in a channel that was chosen and its threads, and elsewhere for admins alone', async () => {
  const server = await stage.addServer();
  const studio = server.guild.addTextChannel('studio');
  const before = await server.train({ name: 'Before' });
  const card = await before.startable();
  await allow(server, { channels: [studio.id] });
  expect(await server.told(server.bob.press(card, /^start:/))).toMatch(/allow trainings in <#\d+> only/);

  const asked = { name: 'Ambika', subject: 'man', method: 'lora-sd15', ...attached(photos) };
  expect(await server.told(server.bob.command(server.channel, 'train', asked))).toContain(`<#${studio.id}> only`);
  await (await server.bob.command(studio, 'train', asked)).reply();
  const [thread] = stage.discord.threads(studio);
  const inside = await (await server.bob.command(thread!, 'train', { ...asked, name: 'Inside' })).reply();
  expect(inside.content).toMatch(/being looked at in/);
  const hers = server.ada.command(server.channel, 'train', { ...asked, name: 'Adas' });
  expect(await server.told(hers)).toMatch(/being looked at in/);
  // What was chosen stands in the form when it is opened again, and an empty one takes it back.
  expect(await allow(server, {})).toContain(`<#${studio.id}>; admins everywhere`);
  expect(await allow(server, { channels: [] })).toMatch(/Where:\*\* everywhere/);
  await before.start();
  await before.end(/is ready/);
});

it('spends no more than a limit says: the card tells before the press, and of two presses at once one is taken', async () => {
  const server = await stage.addServer();
  const carol = server.guild.addMember({ name: 'Carol' });
  const [his, hers] = [await server.train({ name: 'His' }), await server.train({ name: 'Hers' }, carol)];
  const [hisCard, herCard] = [await his.startable(), await hers.startable()];
  const limited = await server.ask(server.ada, 'config limits', { dollars_per_month: 1 });
  expect(limited.content).toMatch(/this server: \$1\.00 a month \(UTC\)/);

  const presses = [server.bob.press(hisCard, /^start:/), carol.press(herCard, /^start:/)];
  await Promise.all(presses.map(async (press) => (await press).answer()));
  await stage.discord.until(() => server.charges().length > 0, { what: 'a charge' });
  const [left, card, member] = server
    .trainings()
    .some(({ request }) => String(request['instance_prompt']).includes('his0'))
    ? [hers, herCard, carol]
    : [his, hisCard, server.bob];
  await stage.becomes(
    card,
    /⚠ The admins let this server spend \$1\.00 a month.*this would cost \$1\.00.*\/config limits/,
  );
  expect(await server.told(member.press(card, /^start:/))).toMatch(/let this server spend \$1\.00 a month/);
  expect((await server.ask(server.ada, 'config show')).content).toMatch(/on its way:\*\* \$1\.00/);
  expect(server.charges()).toHaveLength(1);

  await server.ask(server.ada, 'config limits', { dollars_per_month: 0 });
  await left.start();
  await left.end(/is ready/);
  expect(server.charges()).toHaveLength(2);
});
