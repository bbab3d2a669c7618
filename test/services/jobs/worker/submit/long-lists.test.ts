import { expect, it } from 'vitest';
import type { TrainingId } from '../../../../../src/lib/ids.ts';
import { isIn } from '../../../../../src/services/jobs/state/job.ts';
import { settle } from '../../../../../src/services/jobs/worker/submit/settle.ts';
import { submit } from '../../../../../src/services/jobs/worker/submit/submit.ts';
import { longestAllowedMs, longestTurnMs } from '../../../../longest-turn.ts';
import { aJob, jobId } from '../../job-builder.ts';
import { addThreePhotos, createJobWorld } from '../../job-world.ts';

/** The provider answers within the same turn, which no network does. */
const listed = Array.from({ length: 20_000 }, (_, index) => `model${index}abcde` as TrainingId);
const never = new AbortController().signal;

it('an order is sent and looked for in moments, with twenty thousand models on the account', async () => {
  const world = await createJobWorld();
  world.api.list = () => Promise.resolve(listed);
  world.api.start = () => Promise.reject(new Error('lost'));
  const turns: Record<'submit' | 'settle', number[]> = { submit: [], settle: [] };
  // The engine needs a run or two for compiling it.
  for (let run = 0; run < 3; run += 1) {
    const job = aJob('queued', { id: jobId(`abcdefghj${run + 2}`) });
    await world.jobs.insert(job);
    await addThreePhotos(world.photos, job.id);
    turns.submit.push(await longestTurnMs(() => submit(job, world, never)));
    const sent = await world.jobs.find(job.id);
    if (!sent || !isIn(sent, 'unknown')) throw new Error(`it is ${String(sent?.phase.state)}`);
    world.clock.pass(120_000);
    turns.settle.push(await longestTurnMs(() => settle(sent, world, never)));
    expect(await world.stateOf(job.id)).toBe('asking');
  }
  expect(Math.min(...turns.submit)).toBeLessThan(longestAllowedMs);
  expect(Math.min(...turns.settle)).toBeLessThan(longestAllowedMs);
});
