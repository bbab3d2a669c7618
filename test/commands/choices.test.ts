import { describe, expect, it } from 'vitest';
import { chosenJob, suggestJobs, unfinishedStates } from '../../src/commands/choices.ts';
import { UserError } from '../../src/lib/errors.ts';
import type { Job } from '../../src/services/jobs/state/job.ts';
import { aJob, jobId, order, phases } from '../services/jobs/job-builder.ts';
import { fakeInteraction } from './fake-interaction.ts';
import { fakeServices } from './fake-services.ts';

function training(id: string, name: string): Job {
  return aJob('training', { id: jobId(id), order: { ...order, name } });
}

async function suggestions(jobs: readonly Job[], focused = '') {
  const interaction = fakeInteraction('autocomplete', { options: { focused } });
  await suggestJobs(interaction as never, fakeServices({ jobs }), unfinishedStates);
  return interaction.answers.at(-1)!.body as { name: string; value: string }[];
}

describe('names while typing', () => {
  it('are those that hold what was typed, with where each stands', async () => {
    const jobs = [training('a', 'Ambika'), training('b', 'Boris')];
    expect(await suggestions(jobs, 'AMB')).toEqual([{ name: 'Ambika (waiting for a machine)', value: 'a' }]);
  });

  it('are 25 at most, and none is too long for Discord, whatever the provider says', async () => {
    const long = { ...phases.training, stage: 'x'.repeat(300) };
    const jobs = Array.from({ length: 40 }, (_, index) => ({
      ...training(`job${index}`, `${'n'.repeat(40)}-12`),
      phase: long,
    }));
    const choices = await suggestions(jobs);
    expect(choices).toHaveLength(25);
    expect(Math.max(...choices.map(({ name }) => name.length))).toBeLessThanOrEqual(100);
  });
});

describe('the job that was chosen', () => {
  const jobs = [training('a', 'Ambika'), aJob('ready', { id: jobId('b'), order: { ...order, name: 'Boris' } })];
  const choose = (chosen: string, services = fakeServices({ jobs })) =>
    chosenJob(fakeInteraction('command') as never, chosen, services, unfinishedStates);

  it('is found by its id, and by its name typed without choosing', async () => {
    expect((await choose('a')).order.name).toBe('Ambika');
    expect((await choose(' ambika ')).id).toBe('a');
  });

  it('may be in another state, which then explains itself', async () => {
    expect((await choose('b')).phase.state).toBe('ready');
  });

  const findFails = (error: Error) => fakeServices({ jobs: [], desk: { find: async () => Promise.reject(error) } });

  it('is asked for again when there is none, without formatting from what was typed', async () => {
    const choosing = choose('*nobody*', findFails(new UserError('There is no such training here.')));
    await expect(choosing).rejects.toThrow(UserError);
    await expect(choosing).rejects.toThrow(/nothing here called “\\\*nobody\\\*”\. Choose from the list/);
  });

  it('is not called missing when the database failed', async () => {
    await expect(choose('x', findFails(new Error('disk I/O error')))).rejects.toThrow('disk I/O error');
  });
});
