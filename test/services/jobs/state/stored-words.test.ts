import { expect, it } from 'vitest';
import { jobSchema } from '../../../../src/services/jobs/state/job.ts';
import { aJob, phases } from '../job-builder.ts';

const long = '1'.repeat(150_000);

it('cuts what the provider said in a job that an older version stored at its full length', () => {
  const training = {
    ...phases.training,
    stage: long,
    log: Array.from({ length: 300 }, () => long),
    cancelRefused: long,
  };
  const { phase } = jobSchema.parse({ ...aJob('training'), phase: training });
  expect(JSON.stringify(phase).length).toBeLessThan(200_000);
  const failure = { kind: 'training-failed', said: long };
  const failed = jobSchema.parse({ ...aJob('failed'), phase: { ...phases.failed, failure } });
  expect(JSON.stringify(failed.phase).length).toBeLessThan(1_000);
});

it('leaves half of a request out', () => {
  const { phase } = jobSchema.parse({ ...aJob('ready'), phase: { ...phases.ready, usage: long } });
  expect(phase).not.toMatchObject({ usage: long });
});
