import { describe, expect, it } from 'vitest';
import { reconcile, type Evidence } from '../../../../../src/services/jobs/worker/submit/reconcile.ts';
import { intent, trainingId } from '../../job-builder.ts';

const [a, b, c] = ['a', 'b', 'c'].map(trainingId) as [
  ReturnType<typeof trainingId>,
  ReturnType<typeof trainingId>,
  ReturnType<typeof trainingId>,
];

function find(evidence: Partial<Evidence> & { before?: Evidence['intent']['before']; attempt?: number }) {
  const { before = [a], attempt = 1, ...rest } = evidence;
  return reconcile({
    intent: { ...intent, before, attempt },
    looks: 0,
    mayTurnUp: false,
    arrived: false,
    absence: 'proves',
    met: [a],
    owned: new Set(),
    ...rest,
  });
}

describe('reconcile', () => {
  it('asks about the one training that was not there before: somebody else may have begun it', () => {
    expect(find({ met: [a, b] })).toEqual({ kind: 'ask', candidates: [b] });
    expect(find({ met: [b], looks: 9 })).toEqual({ kind: 'ask', candidates: [b] });
  });

  it('looks again when nothing is there yet, because the list lags', () => {
    expect(find({})).toEqual({ kind: 'look-again', candidates: [] });
  });

  it('takes the second look without a trace for proof that nothing arrived', () => {
    expect(find({ looks: 1 })).toEqual({ kind: 'not-there' });
  });

  it('goes on looking while the request may still turn up, and remembers what it met', () => {
    expect(find({ looks: 1, mayTurnUp: true })).toEqual({ kind: 'look-again', candidates: [] });
    expect(find({ looks: 1, mayTurnUp: true, met: [a, b] })).toEqual({ kind: 'look-again', candidates: [b] });
    expect(find({ before: null, mayTurnUp: true })).toMatchObject({ kind: 'look-again' });
    expect(find({ absence: 'proves-nothing', mayTurnUp: true })).toMatchObject({ kind: 'look-again' });
  });

  it('asks when two trainings could be it, about each once', () => {
    expect(find({ met: [b, a, b, c, c] })).toEqual({ kind: 'ask', candidates: [b, c] });
  });

  it('never asks about a training that belongs to another job', () => {
    expect(find({ met: [a, b], owned: new Set([b]) })).toMatchObject({ kind: 'look-again' });
    expect(find({ met: [a, b, c], owned: new Set([b]) })).toEqual({ kind: 'ask', candidates: [c] });
  });

  it('asks, and looks no second time, where absence proves nothing', () => {
    expect(find({ absence: 'proves-nothing' })).toEqual({ kind: 'ask', candidates: [] });
    expect(find({ absence: 'proves-nothing', looks: 1 })).toEqual({ kind: 'ask', candidates: [] });
    expect(find({ absence: 'proves-nothing', met: [a, b] })).toEqual({ kind: 'ask', candidates: [b] });
  });

  it('goes on looking while one that arrived need not be in the list yet', () => {
    expect(find({ absence: 'proves-nothing-yet', looks: 9 })).toEqual({ kind: 'look-again', candidates: [] });
  });

  it('asks when the list before could not be relied on, naming all that it may be', () => {
    expect(find({ before: null, met: [a, b], owned: new Set([a]) })).toEqual({ kind: 'ask', candidates: [b] });
    expect(find({ before: null, met: [], looks: 1 })).toEqual({ kind: 'ask', candidates: [] });
  });

  it('asks about an order that the provider called about, and never says that it is not there', () => {
    expect(find({ arrived: true, looks: 1 })).toEqual({ kind: 'ask', candidates: [] });
    expect(find({ arrived: true, looks: 40, met: [a, b] })).toEqual({ kind: 'ask', candidates: [b] });
  });

  it('asks instead of sending a sixth time: something is wrong that looking does not show', () => {
    expect(find({ looks: 1, attempt: 4 })).toEqual({ kind: 'not-there' });
    expect(find({ looks: 1, attempt: 5 })).toEqual({ kind: 'ask', candidates: [] });
  });
});
