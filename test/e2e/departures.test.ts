import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../playground/discord/driver/describe.ts';
import type { Member } from '../../playground/discord/driver/member.ts';
import { databaseBytes, ledgerIn } from './database.ts';
import { patience } from './order.ts';
import type { Server } from './server.ts';
import { startStage, type Stage } from './stage.ts';

const day = 24 * 3_600_000;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ trainingMs: 3000 });
  // The bot learns that it was removed a moment after it was: what it was about to write is refused once.
  stage.forgive(50001, 50278);
});
afterEach(() => stage.check());
afterAll(() => stage.close());

const toldTo = (member: Member, what: RegExp) =>
  stage.discord.until(
    () => stage.discord.messages(stage.discord.directChannel(member)).find((one) => what.test(textOf(one))),
    { ...patience, what: `${String(what)} told to ${member.name} directly` },
  );

const writtenIn = (server: Server) =>
  [server.channel, ...stage.discord.threads(server.channel)].flatMap((place) => stage.discord.messages(place)).length;

/** As if the servers that are absent had been absent for longer, while the program is not running. */
async function letPass(ms: number): Promise<void> {
  const db = new DatabaseSync(join(stage.folder, 'darkroom.db'));
  db.prepare('update absences set absent_ms = absent_ms + ?, since = since - ?').run(ms, ms);
  db.close();
  return Promise.resolve();
}

const absent = () => column('select guild_id as one from absences');
const places = () => column("select json_extract(document, '$.told.place') as one from jobs");

function column(query: string): string[] {
  const db = new DatabaseSync(join(stage.folder, 'darkroom.db'), { readOnly: true });
  try {
    return db
      .prepare(query)
      .all()
      .map(({ one }) => String(one));
  } finally {
    db.close();
  }
}

const often = { interval: 100 };
const heard = ({ guild }: Server, isAbsent = true) =>
  expect.poll(() => absent().includes(guild.id), often).toBe(isAbsent);

it('tells the owner directly how a training ended when the bot was removed meanwhile, and charges nothing again', async () => {
  const server = await stage.addServer();
  const elsewhere = await stage.addServer({ key: false });
  elsewhere.guild.join(server.bob);
  const order = await server.train();
  await order.start();
  await order.says(/Training/);
  server.guild.removeBot();
  await heard(server);
  const written = writtenIn(server);
  const end = await toldTo(server.bob, /Ambika.* is ready/);
  expect(end.content).toMatch(/if I was removed from it, an admin has to invite me again/);
  expect(writtenIn(server)).toBe(written);
  expect(server.charges()).toHaveLength(1);
  expect(ledgerIn(stage.folder).filter((event) => event === 'charged')).toHaveLength(1);

  server.guild.inviteBot();
  await heard(server, false);
  const again = await server.ask(server.bob, 'status');
  expect(again.content).not.toMatch(/no key/i);
  expect(order.text(), 'told once').not.toMatch(/is ready/);
});

it('keeps a result that nobody could be told of until it is invited again', async () => {
  const server = await stage.addServer();
  const order = await server.train({ name: 'Kept' });
  await order.start();
  await order.says(/Training/);
  server.guild.removeBot();
  await expect.poll(() => places(), often).toContain('nowhere');
  server.guild.inviteBot();
  await order.end(/is ready/);
  expect(server.charges()).toHaveLength(1);
});

it('erases a server seven days after it was removed from it, also when that happened while it was down, and an outage erases nothing', async () => {
  const [left, missed, down] = [await stage.addServer(), await stage.addServer(), await stage.addServer()];
  for (const server of [left, missed, down]) await (await server.train({ name: 'Unsent' })).startable();
  const kept = async () => (await databaseBytes(stage.folder)).toString('latin1');

  left.guild.removeBot();
  down.guild.setDown(true);
  await heard(left);
  await stage.restart('SIGTERM', async () => {
    missed.guild.removeBot();
    return Promise.resolve();
  });
  await heard(missed);
  down.guild.setDown(false);
  expect(absent().toSorted()).toEqual([left.guild.id, missed.guild.id].toSorted());

  await stage.restart('SIGTERM', () => letPass(6.9 * day));
  expect(await kept()).toContain(left.bob.id);
  await stage.restart('SIGTERM', () => letPass(0.1 * day));
  await expect.poll(absent, often).toEqual([]);
  const bytes = await kept();
  for (const server of [left, missed]) {
    expect(bytes).not.toContain(server.bob.id);
    expect(bytes).not.toContain(`api-key:${server.guild.id}`);
  }
  expect(bytes).toContain(down.bob.id);
  expect((await down.ask(down.ada, 'config show')).content).toMatch(/API key:\*\* ends in/);
}); // With a server that is down, discord.js waits 15 seconds for it at each start.
