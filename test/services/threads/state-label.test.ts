import { expect, it } from 'vitest';
import { stateLabel } from '../../../src/services/threads/state-label.ts';
import { aJob, noon, phases, states } from '../jobs/job-builder.ts';

it('has another word for every state', () => {
  const labels = states.map((state) => stateLabel(aJob(state)));
  expect(new Set(labels).size).toBe(states.length);
});

it('tells the stage of a running training, or that it is being cancelled', () => {
  const training = aJob('training', { phase: { ...phases.training, stage: 'training_started' } });
  expect(stateLabel(training)).toBe('training');
  expect(stateLabel({ ...training, cancelAskedAt: noon })).toBe('cancelling');
});
