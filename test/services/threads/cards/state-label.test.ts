import { expect, it } from 'vitest';
import { stateLabel } from '../../../../src/services/threads/cards/state-label.ts';
import { aJob, noon, phases, states } from '../../jobs/job-builder.ts';

it('has another word for every state', () => {
  const labels = states.map((state) => stateLabel(aJob(state)));
  expect(new Set(labels).size).toBe(states.length);
});

it('tells the place of an order in the line, far back only roughly', () => {
  const waiting = (place: number) =>
    stateLabel(aJob('queued', { phase: { state: 'queued', hold: 'in-line', line: { place, slots: 5 } } }));
  expect(waiting(1)).toBe('waiting, next in line');
  expect(waiting(10)).toBe('waiting, number 10 in line');
  expect([11, 20, 21, 300].map(waiting)).toEqual(
    [10, 10, 20, 290].map((others) => `waiting, behind ${others} others in line`),
  );
});

it('tells the stage of a running training, or that it is being cancelled', () => {
  const training = aJob('training', { phase: { ...phases.training, stage: 'training_started' } });
  expect(stateLabel(training)).toBe('training');
  expect(stateLabel({ ...training, cancelAskedAt: noon })).toBe('cancelling');
});
