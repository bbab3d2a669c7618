import { describe, expect, it } from 'vitest';
import { reconcile, type Evidence } from '../../../../src/services/jobs/sending/reconcile.ts';
import { intent, trainingId } from '../job-builder.ts';

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
    isPatient: true,
    isListed: true,
    listed: [a],
    owned: new Set(),
    othersInDoubt: false,
    ...rest,
  });
}

describe('reconcile', () => {
  it('adopts the one training that was not there before', () => {
    expect(find({ listed: [a, b] })).toEqual({ kind: 'found', trainingId: b });
    expect(find({ listed: [b], looks: 1 })).toEqual({ kind: 'found', trainingId: b });
  });

  it('looks again when nothing is there yet, because the list lags', () => {
    expect(find({})).toEqual({ kind: 'look-again' });
  });

  it('takes the second look without a trace for proof that nothing arrived', () => {
    expect(find({ looks: 1 })).toEqual({ kind: 'not-there' });
  });

  it('goes on looking while the request may still turn up', () => {
    expect(find({ looks: 1, mayTurnUp: true })).toEqual({ kind: 'look-again' });
    expect(find({ looks: 1, mayTurnUp: true, listed: [a, b] })).toEqual({ kind: 'found', trainingId: b });
  });

  it('asks a person when two trainings could be it', () => {
    expect(find({ listed: [a, b, c] })).toEqual({ kind: 'ask', candidates: [b, c] });
  });

  it('never takes a training that belongs to another job', () => {
    expect(find({ listed: [a, b], owned: new Set([b]) })).toEqual({ kind: 'look-again' });
    expect(find({ listed: [a, b, c], owned: new Set([b]) })).toEqual({ kind: 'found', trainingId: c });
  });

  it('asks when the one candidate may belong to another order that a person is asked about', () => {
    expect(find({ listed: [a, b], othersInDoubt: true })).toEqual({ kind: 'ask', candidates: [b] });
  });

  it('needs no person when nothing is there, although others are asked about', () => {
    expect(find({ othersInDoubt: true })).toEqual({ kind: 'look-again' });
    expect(find({ othersInDoubt: true, looks: 1 })).toEqual({ kind: 'not-there' });
  });

  it('asks at once about a training that the list never shows: its absence proves nothing', () => {
    expect(find({ isListed: false })).toEqual({ kind: 'ask', candidates: [] });
    expect(find({ isListed: false, looks: 1 })).toEqual({ kind: 'ask', candidates: [] });
    expect(find({ isListed: false, listed: [a, b] })).toEqual({ kind: 'ask', candidates: [b] });
  });

  it('asks when the list before could not be relied on, naming all that it may be', () => {
    expect(find({ before: null, listed: [a, b], owned: new Set([a]) })).toEqual({ kind: 'ask', candidates: [b] });
    expect(find({ before: null, listed: [], looks: 1 })).toEqual({ kind: 'ask', candidates: [] });
  });

  it('looks on for an order that the provider called about, however often in vain: it is there', () => {
    expect(find({ arrived: true, looks: 1 })).toEqual({ kind: 'look-again' });
    expect(find({ arrived: true, looks: 40, attempt: 5 })).toEqual({ kind: 'look-again' });
    expect(find({ arrived: true, looks: 40, listed: [a, b] })).toEqual({ kind: 'found', trainingId: b });
  });

  it('asks about it when the time for looking is over, and never says that it is not there', () => {
    expect(find({ arrived: true, isPatient: false, looks: 40 })).toEqual({ kind: 'ask', candidates: [] });
    expect(find({ arrived: true, isPatient: false })).toEqual({ kind: 'ask', candidates: [] });
  });

  it('asks instead of sending a sixth time: something is wrong that looking does not show', () => {
    expect(find({ looks: 1, attempt: 4 })).toEqual({ kind: 'not-there' });
    expect(find({ looks: 1, attempt: 5 })).toEqual({ kind: 'ask', candidates: [] });
  });
});
