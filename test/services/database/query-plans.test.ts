import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createJobCounts } from '../../../src/services/jobs/store/job-counts.ts';
import { keepErasedUsage } from '../../../src/services/jobs/store/usage.ts';
import { createStoredData } from '../../../src/services/retention/stored-data.ts';
import { guildId, jobId, key, noon, ownerId, trainingId } from '../jobs/job-builder.ts';
import { createJobWorld, type JobWorld } from '../jobs/job-world.ts';

/*
 * Jobs are kept for good. Whatever is asked while somebody waits, or again and again by itself, is found by an index.
 */

let world: JobWorld;
let asked: { sql: string; parameters: readonly unknown[] }[];

beforeEach(async () => {
  world = await createJobWorld();
  asked = [];
  const executor = world.db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  executor.executeQuery = async (query) => {
    asked.push({ sql: query.sql, parameters: query.parameters });
    return execute(query);
  };
});

afterEach(() => {
  asked = [];
});

async function plansOf(queries: typeof asked): Promise<readonly string[]> {
  const plans = [];
  for (const query of queries.filter((one) => /^(select|update|delete|with)/.test(one.sql))) {
    const explained = CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]);
    const { rows } = await world.db.executeQuery<{ detail: string }>(explained);
    plans.push(...rows.map(({ detail }) => `${detail} | ${query.sql}`));
  }
  return plans;
}

const user = { guildId, ownerId };

it.each<[string, () => Promise<unknown>]>([
  ['the list of a member', () => world.jobs.list({ ...user, states: ['ready', 'failed'], nameWith: 'a', most: 25 })],
  ['the list of a server', () => world.jobs.list({ guildId, states: ['ready', 'failed'], named: 'a', most: 25 })],
  ['how many a member has', () => world.jobs.count({ ...user, states: ['draft'] })],
  ['whether a name is taken', () => world.jobs.isNameTaken(guildId, 'a')],
  ['what counts towards limits', () => world.jobs.usage(user)],
  ['what is due', () => world.jobs.claimDue(1000, 16, [jobId('a')])],
  ['when something is due', () => world.jobs.nextDueAt()],
  ['everything unfinished', () => world.jobs.unfinished()],
  ['a job', () => world.jobs.find(jobId('a'))],
  ['trainings of a key', () => world.jobs.ownedTrainings(key.fingerprint)],
  ['whether a key is settled', () => world.jobs.isUnsettled(key.fingerprint)],
  ['whose a training is', () => world.jobs.findTrainedHere([trainingId('t')])],
  ['how long trainings take', () => world.jobs.durationsMs('lora-sdxl')],
  ['whose turn it is', () => world.jobs.findWait(jobId('a'), { keyFingerprint: key.fingerprint, slots: 1 })],
  ['what is kept about a member', () => createStoredData(world.db, world.clock).ofMember(ownerId)],
  ['what is still looked at in a server', () => createStoredData(world.db, world.clock).active(guildId)],
  ['figures', () => createJobCounts(world.db, world.jobs, world.clock).jobsByState()],
])('reads no table of jobs from its beginning to its end: %s', async (_name, ask) => {
  await ask();
  const plans = await plansOf([...asked]);
  expect(plans).not.toEqual([]);
  expect(plans.filter((plan) => /^SCAN (jobs|ledger)(?! USING (COVERING )?INDEX)/.test(plan))).toEqual([]);
});

it('finds the usage of orders that are erased by the orders, not through the month of everybody', async () => {
  await keepErasedUsage(world.db, { ids: ['a'], memberId: ownerId, at: noon });
  const plans = await plansOf([...asked]);
  expect(plans.filter((plan) => / (ledger|addresses) /.test(plan))).not.toEqual([]);
  expect(plans.filter((plan) => /(SCAN|SEARCH) (ledger|addresses)(?! .*job_id=\?)/.test(plan))).toEqual([]);
});
