import { beforeAll, describe, expect, it } from 'vitest';
import { cancel } from '../../../src/commands/cancel.ts';
import type { Services } from '../../../src/commands/command.ts';
import { deleteModel } from '../../../src/commands/delete.ts';
import { models } from '../../../src/commands/models.ts';
import { status } from '../../../src/commands/status.ts';
import { openDatabase, type Database } from '../../../src/services/database/database.ts';
import { createDesk } from '../../../src/services/jobs/desk/desk.ts';
import { freeName } from '../../../src/services/jobs/desk/new-draft.ts';
import { createJobCounts } from '../../../src/services/jobs/store/job-counts.ts';
import { createJobStore, type JobStore } from '../../../src/services/jobs/store/job-store.ts';
import { insertRow } from '../../../src/services/jobs/store/rows.ts';
import { createStoredData } from '../../../src/services/retention/stored-data.ts';
import { answerIn, fakeInteraction } from '../../commands/fake-interaction.ts';
import { fakeServices } from '../../commands/fake-services.ts';
import { longestAllowedMs, longestTurnMs } from '../../longest-turn.ts';
import { heldClock } from './held-clock.ts';
import { aJob, guildId, jobId, minute, noon, order, ownerId, phases, trainingId } from './job-builder.ts';
import { recordingLog } from './job-world.ts';

/*
 * One member who has ordered for years: 5 000 models, 5 000 orders that failed with all that was logged, and the ledger of all
 * of them in this very month; every tenth is still looked at. Whatever they, or the admins of their server, ask for, others are answered meanwhile.
 */

const many = 5_000;
const clock = heldClock(noon + many * minute);
const log = recordingLog();
const logged = Array.from({ length: 60 }, (_, line) => `Step ${line}: ${'a word of the log '.repeat(5)}`);

const jobAt = (index: number) => {
  const common = {
    ownerId,
    createdAt: noon + index * minute,
    order: { ...order, name: `Été ${index}` },
    nextAt: index % 20 < 2 ? noon : null,
  };
  const ready = { ...phases.ready, trainingId: trainingId(`t${index}`) };
  const failed = { ...phases.failed, failure: { kind: 'training-failed' as const, said: 'No' }, log: logged };
  const id = jobId(`job${index}`);
  return index % 2 === 0
    ? aJob('ready', { ...common, id, phase: ready, keyFingerprint: 'print1' })
    : aJob('failed', { ...common, id, phase: failed });
};

async function filled(): Promise<{ db: Database; jobs: JobStore }> {
  const db = await openDatabase('sqlite::memory:');
  await db.transaction().execute(async (trx) => {
    for (let index = 0; index < 2 * many; index += 1) {
      const job = jobAt(index);
      await insertRow(trx, job);
      const line = { at: job.createdAt, job_id: job.id, guild_id: guildId, detail: null, usd: 1 };
      for (const event of ['pressed', 'intent', 'charged'])
        await trx
          .insertInto('ledger')
          .values({ ...line, event })
          .execute();
    }
  });
  return { db, jobs: createJobStore(db, clock, log) };
}

let db: Database;
let jobs: JobStore;
let services: Services;

beforeAll(async () => {
  ({ db, jobs } = await filled());
  const desk = createDesk({ jobs, clock } as unknown as Parameters<typeof createDesk>[0]);
  services = { ...fakeServices(), desk };
  return () => db.destroy();
});

const member = { guildId, memberId: ownerId, roleIds: [], isAdmin: false };
const typing = (letters: string) => fakeInteraction('autocomplete', { options: { focused: letters } }) as never;

describe.each([false, true])('with 10 000 orders of one member, asked by an admin: %s', (isAdmin) => {
  const command = () => fakeInteraction('command', { isAdmin }) as never;

  it.each([
    ['/models', () => models.execute!(command(), services)],
    ['/status', () => status.execute!(command(), services)],
    ['a letter in /delete', () => deleteModel.autocomplete!(typing('É'), services)],
    ['letters that nothing has', () => deleteModel.autocomplete!(typing('zzz'), services)],
    ['a letter in /status', () => status.autocomplete!(typing('é'), services)],
    ['a letter in /cancel', () => cancel.autocomplete!(typing('e'), services)],
    ['what counts towards the limits', () => jobs.usage({ guildId, ownerId })],
    ['a name that thousands have', () => freeName({ guildId, name: 'Été 0' }, jobs)],
    ['what is kept about them', () => createStoredData(db, clock).ofMember(ownerId)],
    ['where they could not be told', () => createStoredData(db, clock).toldOutsideGuild(guildId)],
    ['what is kept about which servers', () => createStoredData(db, clock).guilds()],
    ['figures for whoever watches', () => createJobCounts(db, jobs, clock).jobsByState()],
    ['everything unfinished', () => jobs.unfinished()],
  ])('%s is answered within a short turn', async (_name, ask) => {
    expect(await longestTurnMs(ask, { runs: 3 })).toBeLessThan(longestAllowedMs);
  });
});

it('shows the newest, says how many more there are, and finds names in letters of any case', async () => {
  const interaction = fakeInteraction('command');
  await models.execute!(interaction as never, services);
  expect(answerIn(interaction)).toMatch(/“Été 9998”[\s\S]*and 49\d\d older ones/);
  expect(await services.desk.list(member, ['ready'], { nameWith: 'ÉTÉ 999', most: 3 })).toHaveLength(3);
  expect(await services.desk.list(member, ['ready'], { named: 'e\u0301TE\u0301 42' })).toMatchObject([{ id: 'job42' }]);
  expect(await services.desk.count(member, ['ready'])).toBe(many);
});

it.each(['member', 'server'])('is erased without holding others up, when the %s is to be forgotten', async (who) => {
  const others = [await filled(), await filled()];
  const forget = (run: number) => {
    const other = others[run]!;
    return who === 'server' ? other.jobs.forget(guildId) : createStoredData(other.db, clock).forgetMember(ownerId);
  };
  expect(await longestTurnMs(forget, { runs: 2 })).toBeLessThan(longestAllowedMs);
  for (const other of others) {
    expect(await other.jobs.count({ guildId, states: ['ready', 'failed'] })).toBe(0);
    await other.db.destroy();
  }
});
